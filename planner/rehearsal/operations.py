"""Long-running operations (https://google.aip.dev/151).

The work itself is done when an operation is made; only its end can be told late.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.rehearsal.api_errors import not_found
from planner.rehearsal.repositories import Resource

_TYPES = "type.googleapis.com"
_PACKAGE = f"{_TYPES}/google.devtools.artifactregistry.v1"


@dataclass(slots=True)
class _Operation:
    response: Resource
    polls: int


@dataclass(slots=True)
class Operations:
    """The operations of an API. Each has to be asked for `polls` times before it says that it is done."""

    polls: int = 0
    pending: dict[str, _Operation] = field(default_factory=dict)

    def of(self, parent: str, made: Mapping[str, object] | None) -> Resource:
        """Return a new operation whose result is a repository, or nothing."""
        if made is None:
            response: Resource = {"@type": f"{_TYPES}/google.protobuf.Empty", "value": {}}
        else:
            response = {"@type": f"{_PACKAGE}.Repository", **made}
        name = f"{parent}/operations/{secrets.token_hex(8)}"
        self.pending[name] = _Operation(response, self.polls)
        return self._show(name)

    def poll(self, name: str) -> Resource:
        """Return how far an operation is. Raises ApiError for one that is not known."""
        if name not in self.pending:
            raise not_found()
        self.pending[name].polls -= 1
        return self._show(name)

    def _show(self, name: str) -> Resource:
        operation = self.pending[name]
        shown: Resource = {"name": name, "metadata": {"@type": f"{_PACKAGE}.OperationMetadata"}}
        return shown | ({"done": True, "response": operation.response} if operation.polls <= 0 else {})
