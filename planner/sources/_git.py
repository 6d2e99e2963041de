"""git as a reader of repositories: nothing that a repository configures is run."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

COMMAND = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*")


def environment(more: Mapping[str, str] = {}) -> dict[str, str]:
    """Return the environment of git.

    A hook's GIT_DIR or GIT_INDEX_FILE would make git answer for another tree than the one asked for.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | dict(more)


def git(root: Path, *arguments: str) -> bytes:
    """Return what git prints; nothing where there is no git, or where it fails."""
    command = (*COMMAND, "-C", os.fspath(root), *arguments)
    try:
        return subprocess.run(command, capture_output=True, check=True, env=environment()).stdout
    except (OSError, subprocess.CalledProcessError):
        return b""
