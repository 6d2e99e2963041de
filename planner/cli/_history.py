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
    """Keeps what a check finds out, some of it at a time."""

    def __init__(self, folder: Path | None) -> None:
        from planner.history import new_run

        self._folder = folder
        self._run = new_run()
        self._pending: list[Availability] = []

    def told(self, image: Availability) -> None:
        """Keep one image, sooner or later."""
        self._pending.append(image)
        if len(self._pending) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Keep what is not kept yet."""
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
    """Keep the answers of the block, also where it ends with an error; nothing where folder is None."""
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
    """Return what is known of references, of all where None; nothing, and a note, where it cannot be read."""
    from planner.history import read

    if place is None:
        return {}
    try:
        return read(place, references)
    except HistoryError as error:
        note(error)
        return {}


def note(error: HistoryError) -> None:
    """Tell why a history is done without."""
    _lines.remark([f"note: {error.message}"])
