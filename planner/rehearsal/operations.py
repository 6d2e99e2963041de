"""Long-running operations (https://google.aip.dev/151).

An operation ends after some more requests to its API, of whatever kind: there is no clock. Until then what
it makes is not there to read, and its name is taken, also when whoever began it is gone.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from planner.rehearsal.api_errors import NUMBERS, ApiError, not_found
from planner.rehearsal.repositories import Resource

_TYPES = "type.googleapis.com"
_PACKAGE = f"{_TYPES}/google.devtools.artifactregistry.v1"

Work = Callable[[], Resource | None]  # what an operation does when it ends; returns the repository, if any


@dataclass(slots=True)
class _Operation:
    subject: str  # the resource name that it works on
    left: int  # requests until it ends
    work: Work
    error: ApiError | None = None
    outcome: Resource | None = None  # how it ended


@dataclass(slots=True)
class Operations:
    """The operations of an API. `failures` are how the next ones end, one each."""

    polls: int = 0  # requests that each takes
    pending: dict[str, _Operation] = field(default_factory=dict)
    failures: list[ApiError] = field(default_factory=list)

    def begin(self, parent: str, subject: str, work: Work) -> Resource:
        """Begin an operation and return what is shown of it."""
        name = f"{parent}/operations/{secrets.token_hex(8)}"
        error = self.failures.pop(0) if self.failures else None
        operation = self.pending[name] = _Operation(subject, self.polls, work, error)
        if not operation.left:
            _end(operation)
        return self._show(name)

    def tick(self) -> None:
        """Count a request."""
        for operation in self.pending.values():
            if operation.outcome is None:
                operation.left -= 1
                if operation.left <= 0:
                    _end(operation)

    def busy(self, subject: str) -> bool:
        """Tell whether a resource is being worked on."""
        return any(each.subject == subject and each.outcome is None for each in self.pending.values())

    def poll(self, name: str) -> Resource:
        """Return how far an operation is. Raises ApiError for one that is not known."""
        if name not in self.pending:
            raise not_found()
        return self._show(name)

    def _show(self, name: str) -> Resource:
        shown: Resource = {"name": name, "metadata": {"@type": f"{_PACKAGE}.OperationMetadata"}}
        return shown | (self.pending[name].outcome or {})


def _end(operation: _Operation) -> None:
    """Let an operation do its work, or fail."""
    if operation.error:
        code = NUMBERS[operation.error.status]
        operation.outcome = {"done": True, "error": {"code": code, "message": operation.error.message}}
        return
    made = operation.work()
    response: Resource = (
        {"@type": f"{_TYPES}/google.protobuf.Empty", "value": {}}
        if made is None
        else {"@type": f"{_PACKAGE}.Repository", **made}
    )
    operation.outcome = {"done": True, "response": response}
