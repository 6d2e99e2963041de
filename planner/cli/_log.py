"""What a command says beside its output, for people or for an engine that keeps logs.

As JSON it is one object a line on standard error, with the fields that Cloud Logging knows
(https://cloud.google.com/logging/docs/structured-logging); others are kept beside them and can be searched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import click
import msgspec

from planner import errors
from planner.cli import _lines, _stopping, _text
from planner.model.outcome import Outcome, Result

INFO, WARNING, ERROR = "INFO", "WARNING", "ERROR"

Field = str | int | float | None


@dataclass(frozen=True, slots=True)
class Log:
    """Where a command says things."""

    as_json: bool = False
    task: str = ""  # which part of how many this is, where there are several

    def say(self, message: str, severity: str = INFO, /, **fields: Field) -> None:
        """Say a message; `fields` are added to it for programs, where the log is JSON."""
        if not self.as_json:
            _lines.remark([message])
            return
        entry = {"severity": severity, "message": message, "time": datetime.now(UTC).isoformat()}
        task = {"task": self.task} if self.task else {}
        click.echo(msgspec.json.encode({**entry, **task, **fields}), err=True)

    def note(self, message: str) -> None:
        """Say something that a person should know, as a warning."""
        self.say(message if self.as_json else f"note: {message}", WARNING)

    def outcome(self, outcome: Outcome) -> None:
        """Say what was not done, where the log is JSON; people see that among the outcomes."""
        if self.as_json and not outcome.result.good:
            severity = ERROR if outcome.result is Result.FAILED else WARNING
            self.say(_text.outcome(outcome), severity, key=outcome.key, subject=outcome.subject)

    def guard(self, work: Callable[[], int]) -> int:
        """Do the work of a command, and return its exit code; what ends it early is said here as JSON."""
        if not self.as_json:
            return work()
        try:
            return work()
        except errors.PlannerError as error:
            self.say(error.message, ERROR, hint=error.hint)
            return error.exit_code
        except KeyboardInterrupt:
            return _stopping.told(lambda message: self.say(message, WARNING))
