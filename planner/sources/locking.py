"""Locks that end with the processes that hold them, as each system has them."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 900  # seconds to wait for another process
_PAUSE = 0.05  # seconds between two looks


@contextmanager
def alone(file: Path) -> Iterator[int]:
    """Hold a lock in this block, and wait for whoever has it; yield its descriptor.

    A process that inherits the descriptor holds the lock as well, to its own end. Raises TimeoutError.
    """
    until = time.monotonic() + PATIENCE
    with file.open("ab") as lock:
        while not exclusive(lock.fileno()):
            if time.monotonic() >= until:
                raise TimeoutError(f"another process has {str(file)!r} for {PATIENCE} s")
            time.sleep(_PAUSE)
        yield lock.fileno()


def exclusive(descriptor: int) -> bool:
    """Lock an open file until it is closed; return False where another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the second is how Windows says it
        return False
    return True
