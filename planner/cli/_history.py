"""The history of checks, as commands use it: written while a check goes on, read before a plan is made.

A history that cannot be used is reported and ignored: it is evidence, and no command needs it.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from planner.cli import _lines
from planner.config import CheckSettings
from planner.errors import HistoryError
from planner.model.availability import Availability
from planner.model.reference import Reference
from planner.model.stability import Stability

_BATCH = 100  # references kept at once: what a killed check may lose


class Recorder:
    """Writes what a check finds out to the history, in batches."""

    def __init__(self, folder: Path | None) -> None:
        from planner.history import new_run

        self._folder = folder
        self._run = new_run()
        self._pending: list[Availability] = []

    def told(self, image: Availability) -> None:
        """Add one image to the batch, and write the batch once it is full."""
        self._pending.append(image)
        if len(self._pending) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write the batch."""
        from planner.history import History

        images, self._pending = self._pending, []
        if self._folder is None or not images:
            return
        try:
            with History(self._folder) as history:
                history.add(self._run, images)
        except HistoryError as error:
            note(error)
            self._folder = None


@contextmanager
def recording(folder: Path | None) -> Iterator[Recorder]:
    """Keep the answers of a block, also of one that ends with an error; a `folder` of None keeps none."""
    recorder = Recorder(folder)
    try:
        yield recorder
    finally:
        recorder.flush()


def folder(settings: CheckSettings, *, no_history: bool) -> Path | None:
    """Return where the history is kept, None where none is wanted."""
    from planner.history import directory

    return None if no_history or not settings.history else directory(settings.state_dir)


def known(place: Path | None, references: Collection[Reference] | None) -> Mapping[Reference, Stability]:
    """Return what is known of references (None: of all). A history that cannot be read is noted and empty."""
    from planner.history import read

    if place is None:
        return {}
    try:
        return read(place, references)
    except HistoryError as error:
        note(error)
        return {}


def note(error: HistoryError) -> None:
    """Say why the history is not used."""
    _lines.remark([f"note: {error.message}"])
