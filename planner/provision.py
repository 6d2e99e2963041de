"""Carries out the part of a plan that creates repositories and grants rights.

One after another: the API allows a new repository every two seconds, and a virtual repository can only be
made in front of repositories that are there (https://cloud.google.com/artifact-registry/quotas). The right to
read a secret is given before a repository logs in with it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, assert_never

from planner import clock
from planner.errors import ArtifactRegistryError
from planner.model.difference import Change, Difference
from planner.model.outcome import Outcome, Result
from planner.model.plan import AllowUpstreams, CreateRepository, Grant, key
from planner.model.repository import Mode

Provision = CreateRepository | AllowUpstreams | Grant
Announce = Callable[[tuple[Difference, ...]], None]


class Api(Protocol):
    """What is asked of Google's APIs; `planner.registries.artifact_registry` talks to them.

    Both methods block and raise ArtifactRegistryError.
    """

    def compare(self, action: Provision) -> Change:
        """Return what `ensure` would do, without doing it."""

    def ensure(self, action: Provision, announce: Announce) -> Change:
        """Make what is not there yet, and return what was done; `announce` is called before a change."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What would be done for one action, or why nobody knows."""

    action: Provision
    change: Change
    error: str = ""


async def differences(actions: Iterable[Provision], api: Api) -> AsyncIterator[Finding]:
    """Yield what differs from each action, in the order they are carried out. Nothing is changed."""
    for action in sorted(actions, key=_rank):
        try:
            yield Finding(action, await asyncio.to_thread(api.compare, action))
        except ArtifactRegistryError as error:
            yield Finding(action, Change(), error.in_a_line)


async def provision(
    actions: Iterable[Provision], api: Api, announce: Callable[[str, Difference], None] = lambda *_: None
) -> AsyncIterator[Outcome]:
    """Yield what became of each action: rights on secrets, repositories, virtual ones, rights on those.

    What needs something that could not be done is skipped. `announce` is called with what is about to be
    changed, with the subject that it is changed of.
    """
    broken: dict[str, str] = {}  # resource: why nothing that needs it can be done
    for action in sorted(actions, key=_rank):
        needed = next((broken[each] for each in _needs(action) if each in broken), "")
        outcome = (
            _outcome(action, Result.SKIPPED, attempts=0, error=needed)
            if needed
            else await _run(action, api, announce)
        )
        if not outcome.result.good:
            broken |= _broken(action)
        yield outcome


def subject(action: Provision) -> str:
    """Return what an action is about, for people."""
    match action:
        case CreateRepository():
            return action.target.prefix
        case AllowUpstreams():
            return f"upstreams of {action.project} in {action.location}"
        case Grant():
            return f"{action.role} on {action.secret or action.target.prefix} to {action.member}"
    assert_never(action)


def _rank(action: Provision) -> int:
    match action:
        case Grant():
            return 0 if action.secret else 4
        case CreateRepository():
            return 2 if action.target.mode is Mode.VIRTUAL else 1
        case AllowUpstreams():
            return 3
    assert_never(action)


def _needs(action: Provision) -> tuple[str, ...]:
    """Return the resources that have to be as planned before an action can be carried out."""
    match action:
        case CreateRepository():
            login = action.setup.credentials
            upstreams = tuple(target.resource for target in action.upstreams)
            return (*upstreams, login.resource) if login else upstreams
        case Grant():
            return () if action.secret else (action.target.resource,)
        case AllowUpstreams():
            return ()
    assert_never(action)


def _broken(action: Provision) -> dict[str, str]:
    """Return the resources that cannot be relied on because an action was not carried out."""
    match action:
        case CreateRepository():
            reason = f"needs {action.target.prefix}, which could not be made"
            return {action.target.resource: reason}
        case Grant() if action.secret:
            return {action.secret: f"needs {subject(action)}, which could not be granted"}
        case _:
            return {}


async def _run(action: Provision, api: Api, announce: Callable[[str, Difference], None]) -> Outcome:
    def tell(changes: tuple[Difference, ...]) -> None:
        for change in changes:
            announce(subject(action), change)

    started = clock.monotonic()
    try:
        change = await asyncio.to_thread(api.ensure, action, tell)
    except ArtifactRegistryError as error:
        return _outcome(action, Result.FAILED, seconds=clock.monotonic() - started, error=error.in_a_line)
    result = Result.DONE if change else Result.PRESENT
    detail = "; ".join(str(each) for each in change.differences)
    return _outcome(action, result, seconds=clock.monotonic() - started, detail=detail)


def _outcome(
    action: Provision,
    result: Result,
    *,
    seconds: float = 0.0,
    attempts: int = 1,
    error: str = "",
    detail: str = "",
) -> Outcome:
    match action:
        case CreateRepository():
            verb = "create"
        case AllowUpstreams():
            verb = "allow"
        case Grant():
            verb = "grant"
    return Outcome(
        key=key(action),
        action=verb,
        subject=subject(action),
        result=result,
        seconds=round(seconds, 3),
        attempts=attempts,
        error=error,
        detail=detail,
    )
