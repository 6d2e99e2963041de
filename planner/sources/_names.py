"""What a name in a directory stands for, looked at without opening it."""

import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from planner.errors import reason
from planner.sources.tree import Entry, kind

NEVER = 0  # a time since when no file is as it is
_SETTLED = 2  # seconds; a file that changed later may change again within the clock's grain


def each_of(root: Path, names: Iterable[tuple[str, str]], since: int) -> Iterator[Entry]:
    """Yield what some names stand for, each with git's blob if it has one; what is gone is left out."""
    return filter(None, (looked_at(root, name, blob, since) for name, blob in names))


def looked_at(root: Path, name: str, blob: str, settled: int) -> Entry | None:
    """Look at a name without opening it; None for what is not there any more."""
    try:
        status = os.lstat(f"{root}/{name}")
    except OSError as error:
        return None if error.errno == errno.ENOENT else Entry(name, f"cannot be read: {reason(error)}")
    mode = status.st_mode
    if stat.S_ISREG(mode):
        return Entry(name, identity=identity(status, blob, settled))
    if stat.S_ISLNK(mode):
        return _link(root, name, settled)
    if stat.S_ISDIR(mode):
        return Entry(name, "a folder that cannot be listed")
    return Entry(name, kind(mode))


def settled() -> int:
    """Return the time, in nanoseconds, before which a file must have changed to be identified by its time."""
    return time.time_ns() - _SETTLED * 10**9


def identity(status: os.stat_result, blob: str, settled: int) -> str:
    """Tell a content by git's blob, else by what the file system says of a file that has come to rest.

    The size is part of it, because a checkout may turn line ends.
    """
    if blob:
        return f"{blob} {status.st_size}"
    if max(status.st_mtime_ns, status.st_ctime_ns) > settled:
        return ""
    place = f"{status.st_dev} {status.st_ino}"
    return f"{place} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _link(root: Path, name: str, settled: int) -> Entry | None:
    path = root / name
    shown = path.readlink()
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        loop = isinstance(error, RuntimeError) or error.errno == errno.ELOOP
        return Entry(
            name,
            "a symbolic link that leads back to itself" if loop else f"a symbolic link to nothing: {shown}",
        )
    if not real.is_relative_to(root.resolve()):
        return Entry(name, f"a symbolic link out of the tree: {shown}; not followed")
    if real.is_dir():
        holds_itself = path.parent.resolve().is_relative_to(real)
        return (
            Entry(name, f"a symbolic link to a folder that holds it: {shown}; not followed")
            if holds_itself
            else None
        )
    return (
        Entry(name, link=True, identity=identity(real.stat(), "", settled))
        if real.is_file()
        else Entry(name, f"a symbolic link to no plain file: {shown}")
    )
