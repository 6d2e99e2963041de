"""Asks the destinations of a plan whether they hold what was planned.

Only destinations are asked, so it costs no Docker Hub pull from here. What is there is compared with the
digest of the plan, and an index is only whole when the manifests it lists are there. A remote repository
answers for what it can fetch as well as for what it holds.
"""

from collections.abc import AsyncGenerator, Sequence
from functools import partial

from planner import clock
from planner.errors import PlannerError
from planner.model.availability import Probe, Status
from planner.model.job import Copy, Transfer
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan, key
from planner.model.reference import Reference
from planner.registries.concurrent import as_they_end
from planner.registries.manifest import INDEXES
from planner.registries.oci import Registries


def verify(plan: Plan, registries: Registries, *, concurrency: int = 8) -> AsyncGenerator[Outcome, None]:
    """Yield one outcome for each transfer of the plan as it is known; `concurrency` is in images."""
    return as_they_end(plan.transfers, partial(_verified, registries), concurrency)


async def _verified(registries: Registries, action: Transfer) -> Outcome:
    started = clock.monotonic()
    digest, error = await _examined(action, registries)
    return Outcome(
        key=key(action),
        action="verify",
        subject=str(action.destination),
        result=Result.FAILED if error else Result.DONE,
        digest=digest,
        seconds=round(clock.monotonic() - started, 3),
        error=error,
    )


async def _examined(action: Transfer, registries: Registries) -> tuple[str | None, str]:
    """Return the digest that is there, and what is wrong with it."""
    for name in _names(action):
        probe = await registries.head(name)
        if probe.status is not Status.PRESENT:
            return None, _absent(name, probe)
        if action.digest and probe.digest != action.digest:
            return probe.digest, f"{name} is {probe.digest}, planned was {action.digest}"
    if probe.media_type not in INDEXES:
        return probe.digest, ""
    return probe.digest, await _lacking(action.destination.with_version(None, probe.digest), registries)


def _names(action: Transfer) -> tuple[Reference, ...]:
    """Return what code asks for, and the tag that a copy writes beside a digest."""
    there = action.destination
    if isinstance(action, Copy) and there.tag and there.digest:
        return there, there.with_version(there.tag, None)
    return (there,)


async def _lacking(index: Reference, registries: Registries) -> str:
    """Return what is wrong with the manifests that an index lists."""
    try:
        manifest = await registries.manifest(index)
    except PlannerError as error:
        return error.message
    for child in manifest.children:
        place = index.with_version(None, child.digest)
        probe = await registries.head(place)
        if probe.status is not Status.PRESENT:
            platform = f"{child.platform}: " if child.platform else ""
            return f"{platform}{_absent(place, probe)}"
    return ""


def _absent(name: Reference, probe: Probe) -> str:
    """Return that something is missing, or why that cannot be known."""
    if probe.status is Status.MISSING:
        return f"{name} is missing"
    return f"{name} is {probe.status}: {probe.detail.removeprefix(f'{name}: ')}"


async def present(
    references: Sequence[Reference], registries: Registries, *, concurrency: int = 8
) -> list[Probe]:
    """Ask each reference's own registry whether it is there, and return the answers in no order."""
    return [probe async for probe in as_they_end(references, registries.head, concurrency)]
