"""Records that outlast a place which cannot be written for a while, such as a disk that is full.

The registries know what is done, so a run goes on: what could not be recorded waits, and is written with the
next outcome, or at the end.
"""

from collections import deque
from collections.abc import Callable

from planner.errors import RecordError
from planner.model.outcome import Outcome
from planner.recording.recorder import Recorder, stamped


class Lasting:
    """A recorder that fails only when it is closed; before that, `told` hears once what is wrong."""

    def __init__(self, recorder: Recorder, told: Callable[[str], None]) -> None:
        self._recorder = recorder
        self._told = told
        self._waiting: deque[Outcome] = deque()
        self._failed = False

    def append(self, outcome: Outcome) -> None:
        """Keep an outcome, with the time it has now."""
        self._waiting.append(stamped(outcome))
        try:
            self._write()
        except RecordError as error:
            if not self._failed:
                self._told(f"{error.message}; what happens meanwhile is recorded later, if it can be")
            self._failed = True

    def close(self) -> None:
        """Have everything kept. Raises RecordError, with the number of those that are not."""
        try:
            self._write()
        except RecordError as error:
            number = len(self._waiting)
            lacking = "1 outcome is" if number == 1 else f"{number} outcomes are"
            raise RecordError(f"{error.message}; {lacking} not in it", hint=error.hint) from error
        finally:
            self._recorder.close()

    def _write(self) -> None:
        while self._waiting:
            self._recorder.append(self._waiting[0])
            self._waiting.popleft()
