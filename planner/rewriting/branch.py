"""A commit on a branch of its own, made beside the work tree: neither files nor index are touched."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from planner.errors import SourceError
from planner.model.source import printable
from planner.rewriting import told
from planner.rewriting.cleanness import uncommitted
from planner.rewriting.result import Changed, Repository
from planner.sources.git_command import run

_SHOWN = 200  # rows of the table


def commit(repository: Repository, branch: str, plan: str) -> str:
    """Commit the files of a repository as they should be on a new branch, and return the commit.

    Raises SourceError where there is no git, the branch is there already, or files differ from the last
    commit.
    """
    top = repository.top
    if branch.startswith("-") or not _succeeds(top, "check-ref-format", f"refs/heads/{branch}"):
        raise SourceError(f"{branch!r} is no name for a branch", hint="write one such as hub2ar/move")
    if not _succeeds(top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"):
        raise SourceError(f"{printable(str(top))} has no commit to branch from", hint="leave out --branch")
    if _succeeds(top, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"):
        raise SourceError(f"{printable(str(top))} has a branch {branch!r}", hint="choose another name")
    files = {_path(each): each for each in repository.pending}
    if stale := next((path for path, _ in uncommitted(top) if path in files), ""):
        raise SourceError(f"{printable(stale)} differs from the last commit", hint="commit it first")
    tree = _tree(top, "HEAD", files)
    made = _git(
        top,
        "commit-tree",
        tree,
        "-p",
        "HEAD",
        given=message(repository, plan).encode("utf-8", "surrogateescape"),
    )
    _git(top, "update-ref", f"refs/heads/{branch}", made, "0" * 40)
    return made


def message(repository: Repository, plan: str) -> str:
    """Return the message: a title, then as Markdown what moved, why, how to check it and how to revert it."""
    return "\n".join(_message(repository, plan)) + "\n"


def _message(repository: Repository, plan: str) -> Iterator[str]:
    pairs = sorted({(str(each.reference), str(each.destination)) for each in repository.rewrites})
    registries = sorted({each.destination.registry for each in repository.rewrites})
    yield f"Pull images from {', '.join(registries)}"
    yield ""
    yield "Docker Hub limits how often images are pulled; these come from a registry of our own now."
    yield ""
    yield "| was | is |"
    yield "|---|---|"
    yield from (f"| `{old}` | `{new}` |" for old, new in pairs[:_SHOWN])
    if len(pairs) > _SHOWN:
        yield f"| and {len(pairs) - _SHOWN:,} more | |"
    yield ""
    if repository.central:
        yield "One text that serves many places:"
        yield ""
        yield from (f"- {line}" for line in (*told.used(repository), *told.unseen(repository)))
        yield ""
    if repository.left:
        yield "Left to edit by hand:"
        yield ""
        yield from (f"- `{each.rewrite.path}:{each.rewrite.line}`: {each.reason}" for each in repository.left)
        yield ""
    yield f"Check: `hub2ar verify {plan}` asks every destination; tags and digests are what they were."
    yield f"Revert: `git revert` this commit, or `hub2ar rewrite {plan} --revert`."


def _path(changed: Changed) -> str:
    return changed.file.file.relative_to(changed.file.top).as_posix()


def _tree(top: Path, tree: str, files: Mapping[str, Changed], folder: str = "") -> str:
    """Write a tree again with its files as they should be, and return its name; modes stay.

    Tree by tree, without an index of its own: whatever stops this leaves nothing behind but objects that git
    removes in time.
    """
    lines = []
    for record in filter(None, _git(top, "ls-tree", "--full-tree", "-z", tree).split("\0")):
        head, _, name = record.partition("\t")
        mode, kind, written = head.split(" ")
        path = f"{folder}{name}"
        if path in files:
            written = _git(top, "hash-object", "-w", "--path", path, "--stdin", given=files[path].after)
        elif kind == "tree" and any(each.startswith(f"{path}/") for each in files):
            written = _tree(top, written, files, f"{path}/")
        lines.append(os.fsencode(f"{mode} {kind} {written}\t{name}\0"))
    return _git(top, "mktree", "--missing", "-z", given=b"".join(lines))


def _git(top: Path, *arguments: str, given: bytes = b"") -> str:
    try:
        return os.fsdecode(run(top, *arguments, given=given).stdout).strip()
    except subprocess.CalledProcessError as error:
        said = os.fsdecode(error.stderr).strip().splitlines()
        raise SourceError(
            f"git {arguments[0]} says in {printable(str(top))}: {printable(said[-1]) if said else 'nothing'}",
            hint="run it again when git does, or leave out --branch",
        ) from error
    except (OSError, subprocess.SubprocessError) as error:
        raise SourceError(
            f"git cannot be run in {printable(str(top))}: {error}", hint="is git installed?"
        ) from error


def _succeeds(top: Path, *arguments: str) -> bool:
    try:
        run(top, *arguments)
    except (OSError, subprocess.SubprocessError):
        return False
    return True
