"""Whether git could restore what a rewriting replaces: nothing differs from the last commit."""

import os
import subprocess
from collections.abc import Collection
from pathlib import Path

from planner.errors import SourceError
from planner.model.source import printable
from planner.model.words import few
from planner.sources.git_command import run, unfiltered

_NEW = b"?"


def unclean(top: Path, paths: Collection[str]) -> str:
    """Return what is not committed in a repository, in words; empty where all is, or where it is none.

    New files count only where they are among `paths`, which are relative to it. Raises SourceError where git
    does not tell.
    """
    if not (top / ".git").exists():
        return ""
    found = [printable(path) for path, new in uncommitted(top) if not new or path in paths]
    return f"not committed: {few(found)}" if found else ""


def uncommitted(top: Path) -> list[tuple[str, bool]]:
    """Return the files of a repository that differ from its last commit, and whether they are new.

    Raises SourceError where git does not tell.
    """
    arguments = ("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
    try:
        listed = run(top, *arguments, more=unfiltered(top)).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise SourceError(
            f"git does not tell whether {printable(str(top))!r} is clean",
            hint="see what `git status` says there, or give --allow-dirty",
        ) from error
    return [(os.fsdecode(each[3:]), each.startswith(_NEW)) for each in listed.split(b"\0") if each]
