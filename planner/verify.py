"""Asks the destinations of a plan whether they hold what was planned.

Only destinations are asked, so it costs no Docker Hub pull from here. What is there is compared with the
digest of the plan, and looked into as far as that is free (`verifying/holding.py`).
"""

from collections.abc import AsyncGenerator, Sequence
from functools import partial

from planner import clock
from planner.model.availability import Probe, Status
from planner.model.job import Copy, Transfer, Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan, Rewrite, key
from planner.model.reference import Reference
from planner.registries.concurrent import as_they_end
from planner.registries.manifest import INDEXES
from planner.registries.oci import Registries
from planner.verifying.holding import Holding, Holdings

ACTION = "verify"


def verify(
    plan: Plan, registries: Registries, *, platforms: Sequence[str] = (), concurrency: int = 8
) -> AsyncGenerator[Outcome, None]:
    """Yield one outcome for each transfer of the plan as it is known; `concurrency` is in images.

    `platforms` have to be there, in their canonical spelling; by default, all that an index lists.
    """
    holdings = Holdings(registries, tuple(platforms))
    return as_they_end(plan.transfers, partial(_verified, holdings), concurrency)


def names(plan: Plan, registries: Registries, *, concurrency: int = 8) -> AsyncGenerator[Outcome, None]:
    """Yield one outcome for each name that code is to use and that is no destination of a transfer itself.

    Such are those of a virtual repository, in front of what was moved.
    """
    return as_they_end(_fronts(plan), partial(_named, registries), concurrency)


def _fronts(plan: Plan) -> list[tuple[Rewrite, str | None]]:
    """Return the first rewrite to each name in front of another, with the digest that was moved."""
    moved = {job.source.as_asked: job.digest for job in plan.transfers}
    upstreams = {job.source.registry for job in plan.transfers}
    known = {job.destination.as_asked for job in plan.transfers}
    found: dict[Reference, tuple[Rewrite, str | None]] = {}
    for each in plan.actions:
        origin = each.reference.origin(upstreams) if isinstance(each, Rewrite) else None
        if not isinstance(each, Rewrite) or origin is None or origin.as_asked not in moved:
            continue  # a rule, or a name whose version is known only when it is used
        if (there := each.destination.as_asked) not in known:
            found.setdefault(there, (each, moved[origin.as_asked]))
    return [found[name] for name in sorted(found)]


async def _named(registries: Registries, front: tuple[Rewrite, str | None]) -> Outcome:
    started = clock.monotonic()
    action, planned = front
    name = action.destination.as_asked
    probe = await registries.head(name)
    error = _differs(name, probe, planned) if probe.status is Status.PRESENT else _absent(name, probe)
    return _outcome(key(action), name, probe.digest, Holding(error, "what the code names"), started)


async def _verified(holdings: Holdings, action: Transfer) -> Outcome:
    started = clock.monotonic()
    digest, holding = await _examined(action, holdings)
    return _outcome(key(action), action.destination, digest, holding, started)


def _outcome(name: str, subject: Reference, digest: str | None, holding: Holding, started: float) -> Outcome:
    return Outcome(
        key=name,
        action=ACTION,
        subject=str(subject),
        result=Result.FAILED if holding.error else Result.DONE,
        digest=digest,
        seconds=round(clock.monotonic() - started, 3),
        error=holding.error,
        detail="" if holding.error else holding.detail,
    )


async def _examined(action: Transfer, holdings: Holdings) -> tuple[str | None, Holding]:
    """Return the digest that is there, and what is known of it."""
    for name in _names(action):
        probe = await holdings.registries.head(name)
        if probe.status is not Status.PRESENT:
            return None, Holding(_absent(name, probe))
        may_be_part = isinstance(action, Copy) and probe.media_type in INDEXES
        if (differs := _differs(name, probe, action.digest)) and not may_be_part:
            return probe.digest, Holding(differs)
    place = action.destination.with_version(None, probe.digest)
    if isinstance(action, Warm):
        return probe.digest, await holdings.remote(place)
    return probe.digest, await holdings.standard(place, action.digest, action.destination)


def _names(action: Transfer) -> tuple[Reference, ...]:
    """Return what code asks for, and the tag that a copy writes beside a digest."""
    there = action.destination
    if isinstance(action, Copy) and there.tag and there.digest:
        return there, there.with_version(there.tag, None)
    return (there,)


def _differs(name: Reference, probe: Probe, planned: str | None) -> str:
    """Return a sentence if something else is there than was planned; empty if it is as planned."""
    return f"{name} is {probe.digest}, planned was {planned}" if planned not in (None, probe.digest) else ""


def _absent(name: Reference, probe: Probe) -> str:
    """Return a sentence about something that is missing, or why that cannot be known."""
    if probe.status is Status.MISSING:
        return f"{name} is missing"
    return f"{name} is {probe.status}: {probe.detail.removeprefix(f'{name}: ')}"


async def present(
    references: Sequence[Reference], registries: Registries, *, concurrency: int = 8
) -> list[Probe]:
    """Ask each reference's own registry whether it is there, and return the answers in no order."""
    return [probe async for probe in as_they_end(references, registries.head, concurrency)]
