"""What every source of texts has in common: files with names, bytes read when wanted."""

import stat
from collections.abc import Iterable, Iterator
from typing import Protocol

from msgspec import Struct

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    **dict.fromkeys((stat.S_IFCHR, stat.S_IFBLK), "a device"),
}


class Entry(Struct, frozen=True, gc=False):
    """A file of a tree, or what looks like one."""

    path: str  # relative to the root, POSIX
    problem: str = ""  # why it cannot be read; empty for a plain file
    link: bool = False  # a link to a plain file inside the root
    identity: str = ""  # equal for equal content, so that a result can be kept; empty where nothing tells


class Unreadable(Struct, frozen=True):
    """A file that was not read."""

    reason: str


class Tree(Protocol):
    """A source: a directory, a commit. It can be sent to another process."""

    def entries(self) -> tuple[Entry, ...]:
        """Return what is in it, sorted by path. Raises SourceError where it cannot be listed at all."""

    def revision(self) -> str:
        """Return the commit, or nothing."""

    def full(self, path: str) -> str:
        """Return a path with the folders above the root, which names of formats may ask for."""

    def contents(self, entries: Iterable[Entry], limit: int) -> Iterator[bytes | Unreadable]:
        """Yield the bytes of each file in turn, or why they were not read; none over `limit` bytes."""


def too_large(size: int, limit: int) -> Unreadable:
    """Return why a file of `size` bytes was not read."""
    return Unreadable(
        f"{size:,} bytes, over the limit of {limit:,}; raise max-file-size in [scan] to read it"
    )


def kind(mode: int) -> str:
    """Return what something is that is no plain file."""
    return f"{_KINDS.get(stat.S_IFMT(mode), 'no plain file')}, not read"
