"""Carries out the part of a plan that makes repositories and lets members use them.

One after another: the API allows a new repository every two seconds, and a virtual repository can only be
made in front of repositories that are there (https://cloud.google.com/artifact-registry/quotas).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import Protocol

from planner.errors import ArtifactRegistryError
from planner.model.outcome import Outcome, Result
from planner.model.plan import CreateRepository, Grant, key
from planner.model.repository import Mode, Target

Provision = CreateRepository | Grant


class Api(Protocol):
    """What is asked of the Artifact Registry API; `planner.registries.artifact_registry` talks to it.

    Both methods block, return False when there was nothing to do, and raise ArtifactRegistryError.
    """

    def create(self, action: CreateRepository) -> bool:
        """Make a repository."""

    def grant(self, action: Grant) -> bool:
        """Let a member use a repository."""


async def provision(actions: Iterable[Provision], api: Api) -> AsyncIterator[Outcome]:
    """Yield what became of each action: repositories, then virtual ones, then grants.

    What needs a repository that could not be made is skipped.
    """
    broken: set[str] = set()  # resources
    for action in sorted(actions, key=_rank):
        needed = _missing(action, broken)
        outcome = _skipped(action, needed) if needed else await _run(action, api)
        if outcome.result in (Result.FAILED, Result.SKIPPED) and isinstance(action, CreateRepository):
            broken.add(action.target.resource)
        yield outcome


def _rank(action: Provision) -> int:
    match action:
        case CreateRepository():
            return 1 if action.target.mode is Mode.VIRTUAL else 0
        case Grant():
            return 2


def _missing(action: Provision, broken: set[str]) -> Target | None:
    """Return the repository that an action needs and that is not there."""
    needed = action.upstreams if isinstance(action, CreateRepository) else (action.target,)
    return next((target for target in needed if target.resource in broken), None)


async def _run(action: Provision, api: Api) -> Outcome:
    started = time.monotonic()
    try:
        changed = await asyncio.to_thread(_carry_out, action, api)
    except ArtifactRegistryError as error:
        told = f"{error.message} ({error.hint})" if error.hint else error.message
        return _outcome(action, Result.FAILED, seconds=time.monotonic() - started, error=told)
    return _outcome(action, Result.DONE if changed else Result.PRESENT, seconds=time.monotonic() - started)


def _carry_out(action: Provision, api: Api) -> bool:
    match action:
        case CreateRepository():
            return api.create(action)
        case Grant():
            return api.grant(action)


def _skipped(action: Provision, needed: Target) -> Outcome:
    return _outcome(
        action, Result.SKIPPED, attempts=0, error=f"needs {needed.prefix}, which could not be made"
    )


def _outcome(
    action: Provision, result: Result, *, seconds: float = 0.0, attempts: int = 1, error: str = ""
) -> Outcome:
    match action:
        case CreateRepository():
            verb, subject = "create", action.target.prefix
        case Grant():
            verb, subject = "grant", f"{action.role} on {action.target.prefix} to {action.member}"
    return Outcome(
        key=key(action),
        action=verb,
        subject=subject,
        result=result,
        seconds=round(seconds, 3),
        attempts=attempts,
        error=error,
    )
