"""A directory as a source: which files it has, and their bytes, whatever else lies in it.

In a git work tree the list is git's: what is tracked, and what is neither tracked nor ignored. Elsewhere it
is a walk that honours .gitignore files. What is no plain file inside the root (a fifo, a link that leaves it,
a loop) is a value with its reason, never an error and never followed.
"""

import errno
import os
import stat
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from planner.sources._ignore import Ignore

_NOT_SOURCE = frozenset({".git", ".hg", ".svn", ".terraform", ".tox", ".venv", "__pycache__", "node_modules"})
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.directory=*")
_CHUNK = 65_536  # bytes; asking for all that is allowed would reserve that much for each file
_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a tree, or what looks like one."""

    path: str  # relative to the root, POSIX
    problem: str = ""  # why it cannot be read; empty for a plain file
    link: bool = False  # a link to a plain file inside the root


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that was not read."""

    reason: str


def entries(root: Path) -> tuple[Entry, ...]:
    """Return what is in a directory, sorted by path."""
    tracked = _git_list(root) if _in_work_tree(root) else ()
    found = _entries(root, tracked) if tracked else _walk(root)
    return tuple(sorted(found, key=lambda entry: entry.path))


def read(root: Path, entry: Entry, limit: int) -> bytes | Unreadable:
    """Return the bytes of a file, or why they were not read; a file over `limit` bytes is not."""
    if entry.problem:
        return Unreadable(entry.problem)
    try:
        path = (root / entry.path).resolve() if entry.link else f"{root}/{entry.path}"
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            size = os.fstat(descriptor).st_size
            if size > limit:
                return Unreadable(_too_large(size, limit))
            content = file.read(size + 1)
            while len(content) <= limit and (more := file.read(_CHUNK)):
                content += more  # it has grown, or does not tell its size
    except OSError as error:
        return Unreadable(f"cannot be read: {(error.strerror or str(error)).lower()}")
    return content if len(content) <= limit else Unreadable(_too_large(len(content), limit))


def revision(root: Path) -> str:
    """Return the commit that is checked out, or nothing."""
    return (
        _git(root, "rev-parse", "--verify", "--quiet", "HEAD").decode().strip() if _in_work_tree(root) else ""
    )


def _too_large(size: int, limit: int) -> str:
    return f"{size:,} bytes, over the limit of {limit:,}; raise max-file-size in [scan] to read it"


def _in_work_tree(root: Path) -> bool:
    absolute = root.resolve()
    return any(_is_repository(place) for place in (absolute, *absolute.parents))


def _is_repository(folder: Path | str) -> bool:
    try:
        os.lstat(f"{folder}/.git")
    except OSError:
        return False  # also for a folder that may not be entered, which is told when it is listed
    return True


def _git(root: Path, *arguments: str) -> bytes:
    # A hook's GIT_DIR or GIT_INDEX_FILE would make git answer for another tree than the one asked for.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = (*_GIT, "-C", os.fspath(root), *arguments)
    try:
        return subprocess.run(command, capture_output=True, check=True, env=environment).stdout
    except (OSError, subprocess.CalledProcessError):
        return b""  # no git, or none of its repositories: the walk lists the files


def _git_list(root: Path) -> tuple[str, ...]:
    listed = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
    return tuple(_with_nested(root, (os.fsdecode(name) for name in listed.split(b"\0") if name)))


def _with_nested(root: Path, names: Iterator[str]) -> Iterator[str]:
    """Yield names; a submodule, or a repository inside the repository, is listed as itself."""
    for name in names:
        path = root / name
        if name.endswith("/") or (path.is_dir() and not path.is_symlink()):
            prefix = name.rstrip("/")
            inner = _git_list(path) if _is_repository(path) else ()
            yield from (f"{prefix}/{each}" for each in inner)
        else:
            yield name


def _walk(root: Path) -> Iterator[Entry]:
    """Yield what is below `root`, in no order, without following links."""
    pending = [("", Ignore())]
    while pending:
        folder, rules = pending.pop()
        try:
            with os.scandir(root / folder) as listing:
                found = list(listing)
        except OSError:
            yield from _entries(root, (folder,))
            continue
        names = [entry.name for entry in found]
        if folder and ".git" in names and (nested := _git_list(root / folder)):
            yield from _entries(root, (f"{folder}/{name}" for name in nested))
            continue
        rules = rules.below(folder, names, root)
        for entry in found:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if not entry.is_dir(follow_symlinks=False):
                if not rules.excludes(path, folder=False):
                    yield from (
                        (Entry(path),) if entry.is_file(follow_symlinks=False) else _entries(root, (path,))
                    )
            elif entry.name not in _NOT_SOURCE and not rules.excludes(path, folder=True):
                pending.append((path, rules))


def _entries(root: Path, names: Iterable[str]) -> Iterator[Entry]:
    return filter(None, (_entry(root, name) for name in names))


def _entry(root: Path, name: str) -> Entry | None:
    """Look at a name without opening it; None for what is not there any more."""
    try:
        mode = os.lstat(f"{root}/{name}").st_mode  # a Path for each of 100,000 names costs a second
    except OSError as error:
        return (
            None
            if error.errno == errno.ENOENT
            else Entry(name, f"cannot be read: {(error.strerror or '').lower()}")
        )
    if stat.S_ISREG(mode):
        return Entry(name)
    if stat.S_ISLNK(mode):
        return _link(root, name)
    if stat.S_ISDIR(mode):
        return Entry(name, "a folder that cannot be listed")
    return Entry(name, f"{_KINDS.get(stat.S_IFMT(mode), 'no plain file')}, not read")


def _link(root: Path, name: str) -> Entry | None:
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
        Entry(name, link=True)
        if real.is_file()
        else Entry(name, f"a symbolic link to no plain file: {shown}")
    )
