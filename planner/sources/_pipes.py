"""What git would wait for without end in a repository: a pipe or a device among its own files or its objects.

https://git-scm.com/docs/gitrepository-layout
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from planner.sources.git_command import run
from planner.sources.tree import Entry, kind

_OWN = (
    "HEAD", "index", "config", "config.worktree", "packed-refs", "commondir", "shallow", "info/exclude",
    "info/attributes", "info/sparse-checkout",
)  # fmt: skip
_MOST_STORES = 20  # that lend each other objects
_LONGEST = 65_536  # characters of the list of stores that lend


def waited_for(root: Path) -> list[Entry]:
    """Return what is neither file nor folder among the files that git keeps in a work tree."""
    modes = {name: _mode(f"{root}/.git/{name}") for name in _OWN}
    return [
        Entry(f".git/{name}", f"{kind(mode)}: files are listed without git")
        for name, mode in modes.items()
        if mode and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
    ]


def stores(repository: Path) -> Iterator[Path]:
    """Yield the folder of a repository's objects, and those that lend it more.

    Raises CalledProcessError, TimeoutExpired, or OSError where there is no git.
    """
    said = os.fsdecode(run(repository, "rev-parse", "--git-path", "objects").stdout).removesuffix("\n")
    waiting, seen = [repository / said], 0
    while waiting and seen < _MOST_STORES:
        store = waiting.pop()
        seen += 1
        yield store
        waiting += _lenders(store)


def _lenders(store: Path) -> Iterator[Path]:
    place = store / "info" / "alternates"
    if place.is_file():
        with place.open("rb") as listing:
            lines = os.fsdecode(listing.read(_LONGEST)).splitlines()
        yield from (store / line for line in lines if line and not line.startswith("#"))


def among_objects(store: Path) -> str:
    """Return the path of what is neither file nor folder in a store; empty where all is as git makes it."""
    folders = [os.fspath(store)]
    while folders:
        try:
            with os.scandir(folders.pop()) as listing:
                for entry in listing:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif not entry.is_file() and _mode(entry.path) and not entry.is_dir():
                        return entry.path
        except OSError:
            continue  # git cannot read it either, and says so
    return ""


def _mode(path: str) -> int:
    """Return the file type that a path leads to, 0 if it leads to nothing."""
    try:
        return os.stat(path).st_mode  # noqa: PTH116  # a Path for each would cost more than the question
    except OSError:
        return 0
