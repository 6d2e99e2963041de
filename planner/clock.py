"""The clock: what every moment and duration is read from, so that a rehearsal can have a time of its own.

Waiting needs nothing of this: it is done on the event loop, and a rehearsal has one whose time it decides.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """Two ways to read one time."""

    now: Callable[[], datetime]  # in UTC
    monotonic: Callable[[], float]  # seconds, from an arbitrary beginning


_REAL = Clock(lambda: datetime.now(UTC), time.monotonic)
_CLOCK = ContextVar("clock", default=_REAL)


def now() -> datetime:
    """Return the moment, in UTC."""
    return _CLOCK.get().now()


def seconds() -> float:
    """Return the moment in seconds since 1970."""
    return now().timestamp()


def monotonic() -> float:
    """Return seconds from an arbitrary beginning: only differences of them mean something."""
    return _CLOCK.get().monotonic()


@contextmanager
def another(clock: Clock) -> Iterator[None]:
    """Have this block, and all tasks that it starts, read another clock."""
    token = _CLOCK.set(clock)
    try:
        yield
    finally:
        _CLOCK.reset(token)
