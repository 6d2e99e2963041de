"""What every API of Google's does: finds the method that is called, and says who may call it.

What a test wants to go wrong is set here: permissions that nobody has, and answers that are given first.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.rehearsal.api_errors import ApiError, not_found
from planner.rehearsal.counters import Counters
from planner.rehearsal.directory import Directory
from planner.rehearsal.exchange import Answer, Call, document
from planner.rehearsal.repositories import Resource

Handler = Callable[[Call, Mapping[str, str]], Resource]


@dataclass(frozen=True, slots=True)
class Method:
    """One method of an API, by its name over gRPC."""

    name: str
    verb: str  # of HTTP
    path: re.Pattern[str]  # its groups are what the handler is given
    handler: Handler
    permission: str = ""  # empty: everyone may


class Service:
    """The methods of an API. An error that a method raises is an answer too.

    Who brings a token of the directory is the member that it acts for, and may what needs no permission here.
    """

    def __init__(
        self, name: str, methods: Sequence[Method], access_token: str = "", directory: Directory | None = None
    ) -> None:
        self.name = name  # the host of the real one
        self.access_token = access_token  # what Authorization has to bring; empty: nothing
        self._directory = directory or Directory()
        self.denied: set[str] = set()  # permissions that are missing
        self.refusals: dict[str, list[ApiError]] = {}  # by method; each is the answer to one call
        self.called: list[str] = []  # the methods, one after another
        self.counters = Counters()
        self._methods = methods

    async def answer(self, call: Call) -> Answer:
        """Answer a request."""
        try:
            answer = document(self._perform(call))
        except ApiError as error:
            answer = error.answer()
        self.counters.note(call, answer)
        return answer

    def _perform(self, call: Call) -> Resource:
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        call = replace(call, account=self._directory.member(token))
        if self.access_token and not call.account and token != self.access_token:
            raise ApiError("UNAUTHENTICATED", "Request had invalid authentication credentials.")
        for method in self._methods:
            if call.method == method.verb and (match := method.path.match(call.path)):
                self._permit(method, call)
                return method.handler(call, match.groupdict())
        raise not_found()

    def _permit(self, method: Method, call: Call) -> None:
        """Raise ApiError for a call that is refused."""
        self.called.append(method.name)
        if waiting := self.refusals.get(method.name):
            raise waiting.pop(0)
        if method.permission in self.denied or (method.permission and call.account):
            resource = f"//{self.name}/{call.path.split('/', 2)[-1].partition(':')[0]}"
            message = f"Permission '{method.permission}' denied on resource '{resource}'"
            raise ApiError("PERMISSION_DENIED", f"{message} (or it may not exist).")


def body(call: Call) -> Resource:
    """Return the JSON object that a call brings. Raises ApiError for anything else."""
    try:
        content = json.loads(call.body or b"{}")
    except ValueError as error:
        raise ApiError("INVALID_ARGUMENT", f"Invalid JSON payload received. {error}") from error
    if not isinstance(content, dict):
        raise ApiError("INVALID_ARGUMENT", "Invalid JSON payload received. An object was expected.")
    return content


def number(text: str) -> int:
    """Return a number of a query, 0 where it is not given."""
    if text and not text.isdecimal():
        raise ApiError("INVALID_ARGUMENT", f"Invalid value {text!r}")
    return int(text or 0)
