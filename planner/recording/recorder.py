"""Recorders, which keep outcomes as they happen at a place that the user names.

A record is for people and reports. No run needs one to go on: the registries hold what is done.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

from msgspec.structs import replace

from planner import clock
from planner.errors import RecordError
from planner.model.outcome import Outcome

DATABASES = (".db", ".sqlite", ".sqlite3")


class Recorder(Protocol):
    """Keeps outcomes. Every method raises RecordError where that cannot be done."""

    def append(self, outcome: Outcome) -> None:
        """Keep an outcome; where the place allows, it is on the disk before this returns."""

    def close(self) -> None:
        """Have everything kept."""


class _Nothing:
    """Keeps nothing: no place was named."""

    def append(self, outcome: Outcome) -> None:
        """Forget the outcome."""

    def close(self) -> None:
        """Do nothing."""


def _untold(said: str) -> None:
    """Ignore what is told."""


@contextmanager
def recording(
    place: str, shard: int = 1, attempt: int = 0, told: Callable[[str], None] = _untold
) -> Iterator[Recorder]:
    """Open the record at a place, empty for none; it is closed whatever happens.

    A name that ends like a database is SQLite, a URL is a folder of an object store, anything else a file of
    JSON lines. Raises RecordError for a place that cannot be written, and ConfigError for one that needs what
    is not installed. A place that can no longer be written is reported, and raises at the end of the block.
    """
    from planner.recording.lasting import Lasting

    recorder = Lasting(_opened(place, shard, attempt), told)
    try:
        yield recorder
    except BaseException:
        with suppress(RecordError):  # what ended the block is what there is to tell
            recorder.close()
        raise
    recorder.close()


def stamped(outcome: Outcome) -> Outcome:
    """Return an outcome with the time it is recorded at, where it has none."""
    return outcome if outcome.at else replace(outcome, at=clock.now())


def is_url(place: str) -> bool:
    """Tell whether a place is in an object store, or wherever else fsspec reaches."""
    return "://" in place


def _opened(place: str, shard: int, attempt: int) -> Recorder:
    if not place:
        return _Nothing()
    if is_url(place):
        from planner.recording.objects import Objects

        return Objects(place, shard, attempt)
    if place.endswith(DATABASES):
        from planner.recording.database import Database

        return Database(place)
    from planner.recording.lines import Lines

    return Lines(place)
