"""Blobs of a repository, read through one `git cat-file --batch` that is never waited for without end.

An object of a hostile repository may be a pipe, and its disk may have gone: git would wait for ever.
"""

import os
import select
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from planner.sources.git_command import COMMAND, environment
from planner.sources.tree import Unreadable, too_large

_SILENCE = 60  # seconds without a byte; git reads a blob of any size that is scanned in a few
_CHUNK = 65_536
_ABSENT = "git does not have its content; fetch it, or clone without a filter"


class _Silent(Exception):
    """git has not said anything for too long."""


class _Answers:
    """What git prints, read as it comes."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)
        self._pending = bytearray()

    def line(self) -> bytes:
        """Return what stands before the next line end. Raises _Silent."""
        while (end := self._pending.find(b"\n")) < 0:
            if not self._more():
                return b""
        found = bytes(self._pending[:end])
        del self._pending[: end + 1]
        return found

    def read(self, size: int) -> bytes:
        """Return so many bytes, fewer at the end. Raises _Silent."""
        while len(self._pending) < size and self._more():
            pass
        found = bytes(self._pending[:size])
        del self._pending[:size]
        return found

    def _more(self) -> bool:
        if not self._poll.poll(_SILENCE * 1000):
            raise _Silent
        chunk = os.read(self._descriptor, _CHUNK)
        self._pending += chunk
        return bool(chunk)


def read_blobs(repository: Path, names: Sequence[str], limit: int) -> Iterator[bytes | Unreadable]:
    """Yield each blob in turn, or why it was not read; after one that git does not get, none is asked for."""
    if not names:
        return
    read = 0
    for found in _answered(repository, names, limit):
        yield found
        read += 1
    for _ in names[read:]:
        yield Unreadable(
            f"git has not answered for {_SILENCE} seconds: see that nothing below "
            "its objects is a pipe, and that their disk answers"
        )


def _answered(repository: Path, names: Sequence[str], limit: int) -> Iterator[bytes | Unreadable]:
    """Yield the blobs up to the first for which git waits too long."""
    with subprocess.Popen(
        (*COMMAND, "-C", os.fspath(repository), "cat-file", "--batch"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    ) as process:
        if process.stdin is None or process.stdout is None:
            return
        answers = _Answers(process.stdout.fileno())
        try:
            for name in names:
                process.stdin.write(f"{name}\n".encode())
                process.stdin.flush()
                yield _blob(answers, limit)
        except (_Silent, BrokenPipeError):
            process.kill()


def _blob(answers: _Answers, limit: int) -> bytes | Unreadable:
    """Read one blob of `git cat-file --batch`: `NAME TYPE SIZE`, the bytes, a newline."""
    head = answers.line().split()
    if len(head) != 3:
        return Unreadable(_ABSENT)
    size = int(head[2])
    if size <= limit:
        return answers.read(size + 1)[:size]
    left = size + 1
    while left and (chunk := answers.read(min(left, _CHUNK))):
        left -= len(chunk)
    return too_large(size, limit)
