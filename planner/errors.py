"""Every error a user can meet.

    PlannerError (exit 1)
    ├── ConfigError (2)            a wrong setting, flag or hand-edited document
    ├── NoInput (3)                nothing to read, or it cannot be read
    ├── Declined (130)             nobody agreed to what a command asks before it begins
    ├── InvalidReference           a text that is not an image reference
    ├── SourceError                a tree or a repository that cannot be listed
    ├── StalePlan                  the code or the registry moved since the plan was made
    ├── HistoryError               the history of checks cannot be read or written
    ├── RecordError                outcomes cannot be recorded where they should be
    ├── RegistryError              a registry refused or misbehaved
    │   ├── Unauthorized
    │   ├── NotFound
    │   ├── RateLimited (75)       a limit is reached; `until` says when to come back
    │   └── Unavailable
    └── ArtifactRegistryError      the API that creates repositories said no

A message says what is, with the value; the hint says what to do. What happens to one file or one image is
a value in the result, not an error.
"""

from collections.abc import Iterable
from datetime import datetime

FAILED = 1
USAGE = 2
NO_INPUT = 3
INCOMPLETE = 4  # finished, but some outcomes failed
PENDING = 10  # changes pending, or findings
BUG = 70
RATE_LIMITED = 75
INTERRUPTED = 130

_LONGEST = 200  # characters of a value in a message

EXITS = {
    0: "done, nothing left to do",
    FAILED: "failed, or the output could not be written",
    USAGE: "usage, settings, or a document that is wrong",
    NO_INPUT: "no input",
    INCOMPLETE: "finished, but some outcomes failed: run again",
    PENDING: "something is to be done, or was found",
    BUG: "a bug: a traceback and where to report it",
    RATE_LIMITED: "rate-limited: come back at the time printed",
    INTERRUPTED: "interrupted; what was done is kept",
}  # every code that a command ends with


class PlannerError(Exception):
    """What makes a command give up. `exit_code` is the process's, `hint` the next step for the user."""

    exit_code = FAILED

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def in_a_line(self) -> str:
        """The message, and the hint in brackets."""
        return f"{self.message} ({self.hint})" if self.hint else self.message


def reason(error: Exception) -> str:
    """Return why the system refuses something, in its own words: `permission denied`."""
    return str(getattr(error, "strerror", None) or error).lower()


def shortened(text: str) -> str:
    """Return what a message shows of a value: one that nobody has typed is cut in its middle."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 :]}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint for a name that is not known; empty where none is near."""
    from difflib import get_close_matches  # needed only where something is wrong

    near = get_close_matches(name, list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else ""


class ConfigError(PlannerError):
    """A setting, a flag or a document is wrong."""

    exit_code = USAGE


class NoInput(PlannerError):
    """There is nothing to read, or it cannot be read."""

    exit_code = NO_INPUT


class Declined(PlannerError):
    """Nobody agreed to what a command asks before it begins."""

    exit_code = INTERRUPTED


class InvalidReference(PlannerError):
    """A text is not an image reference."""


class SourceError(PlannerError):
    """A tree or a repository cannot be listed."""


class StalePlan(PlannerError):
    """The code or the registry is no longer what the plan was made from."""


class HistoryError(PlannerError):
    """The history of checks cannot be read or written."""


class RecordError(PlannerError):
    """Outcomes cannot be recorded where they should be."""


class RegistryError(PlannerError):
    """A registry refused, or answered what no registry should."""

    code: int | None = None  # HTTP status, where there was an answer
    host: str = ""  # that gave it
    said: str = ""  # its own words


class Unauthorized(RegistryError):
    """A registry does not let these credentials (or none) do this."""


class NotFound(RegistryError):
    """A registry does not have this."""


class Unavailable(RegistryError):
    """A registry cannot be reached, or keeps failing."""


class RateLimited(RegistryError):
    """A pull limit is reached, or a registry is asked too much in too short a time."""

    exit_code = RATE_LIMITED

    def __init__(
        self, message: str, *, hint: str = "", until: datetime | None = None, passing: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        self.until = until
        self.passing = passing  # whether it is no pull limit, and may be one image's trouble alone


class ArtifactRegistryError(PlannerError):
    """The Artifact Registry API, or one beside it, refused."""

    code: int | None = None  # HTTP status, where there was an answer
