"""A plan carried out, or a task's part of it: repositories and rights first, then its transfers wave by wave.

The first task of many makes the repositories. The others have images to move as soon as those are there, and
wait for them a while.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

import msgspec

from planner import admissible, errors
from planner.cli import _network
from planner.cli._inputs import check_project
from planner.model.job import Transfer
from planner.model.outcome import Outcome, Result
from planner.model.plan import AllowUpstreams, CreateRepository, Grant, Plan, key
from planner.model.repository import Target
from planner.split import share

if TYPE_CHECKING:
    from planner.campaign import Campaign, Conduct
    from planner.cli._campaign import Telling
    from planner.model.difference import Difference
    from planner.registries.artifact_registry import ArtifactRegistry
    from planner.registries.endpoints import Endpoints
    from planner.registries.oci import Registries

REPOSITORIES, TRANSFERS = "repositories", "transfers"  # the halves of a plan

Announce = Callable[[str, "Difference"], None]

_LOOKS, _PAUSE = 60, 5.0  # how often a task looks for what the first one makes, and seconds in between


class Part(msgspec.Struct, frozen=True):
    """The part of a plan that this process carries out."""

    only: str = ""  # REPOSITORIES or TRANSFERS; empty: both
    number: int = 1  # of this task
    count: int = 1

    @property
    def task(self) -> str:
        """What this part is called in a log, `3/10`; empty where it is the whole."""
        return f"{self.number}/{self.count}" if self.count > 1 else ""

    def provisions(self, plan: Plan) -> list[CreateRepository | AllowUpstreams | Grant]:
        """Return the repositories and rights that this part makes and grants: the first task does all."""
        return provisions(plan) if self.only != TRANSFERS and self.number == 1 else []

    def transfers(self, plan: Plan) -> tuple[Transfer, ...]:
        """Return the transfers that fall to this part."""
        return () if self.only == REPOSITORIES else share(plan.transfers, self.number, self.count)


_WHOLE = Part()


def check(plan: Plan, name: str) -> None:
    """Raise ConfigError for a plan that cannot be carried out; `name` is what its document is called."""
    check_project(plan, name)
    admissible.check(plan.actions, name)


def provisions(plan: Plan) -> list[CreateRepository | AllowUpstreams | Grant]:
    """Return the repositories and rights of a plan, in its order."""
    return [each for each in plan.actions if isinstance(each, CreateRepository | AllowUpstreams | Grant)]


def apply(
    plan: Plan, endpoints: "Endpoints", part: Part, conduct: "Conduct", telling: "Telling"
) -> list[Outcome]:
    """Do what the plan says, or a part of it, and return every outcome."""
    from planner.cli._campaign import running

    async def whole(registries: "Registries") -> list[Outcome]:
        with running(part.transfers(plan), registries, conduct, telling) as under_way:

            def announce(subject: str, difference: "Difference") -> None:
                with under_way.above():
                    telling.log.say(f"~ {subject}: {difference}")

            return await under_way.tell(outcomes(plan, endpoints, under_way.campaign, part, announce))

    return _network.ask(endpoints, whole)


async def outcomes(
    plan: Plan,
    endpoints: "Endpoints",
    campaign: "Campaign",
    part: Part = _WHOLE,
    announce: Announce = lambda *_: None,
) -> AsyncIterator[Outcome]:
    """Yield outcomes as they happen. A repository that could not be made leaves its transfers untried."""
    absent: dict[str, str] = {}  # what stands in front of images: why there is no repository
    result = Result.FAILED
    if made := part.provisions(plan):
        from planner.provision import provision

        result = Result.SKIPPED
        async for outcome in provision(made, api(endpoints), announce):
            yield outcome
            if outcome.action == "create" and not outcome.result.good:
                absent[outcome.subject] = "its repository could not be made"
    elif provisions(plan) or part.only == TRANSFERS:
        absent = await _absent(plan, part, endpoints)
    jobs = part.transfers(plan)
    for job in jobs:
        if why := _reason(job, absent):
            yield Outcome(key(job), type(job).__name__.lower(), str(job.destination), result, error=why)
    waves = _waves(plan, [job for job in jobs if not _reason(job, absent)])
    async with aclosing(campaign.run(waves)) as found:
        async for outcome in found:
            yield outcome


def _waves(plan: Plan, jobs: Iterable[Transfer]) -> list[list[Transfer]]:
    """Return transfers in the waves of a plan; those that none of them names come last."""
    rest = {key(job): job for job in jobs}
    waves = [[rest.pop(name) for name in wave.keys if name in rest] for wave in plan.waves]
    return [*waves, list(rest.values())]


def _reason(job: Transfer, absent: dict[str, str]) -> str:
    """Return why a transfer cannot be tried, empty where it can."""
    return next((why for each, why in absent.items() if job.destination.name.startswith(f"{each}/")), "")


async def _absent(plan: Plan, part: Part, endpoints: "Endpoints") -> dict[str, str]:
    """Return the repositories of transfers that are not there, and what makes them.

    Where another task makes them at the same time, they are waited for. Whoever may copy images may lack the
    right to look at repositories: such a repository counts as there, and its transfers tell if it is not.
    """
    names = [job.destination.name for job in part.transfers(plan)]
    used = [each for each in plan.targets if any(name.startswith(f"{each.prefix}/") for name in names)]
    looks = _LOOKS if part.only != TRANSFERS and part.number > 1 else 1
    missing = await _missing(used, endpoints)
    while missing and (looks := looks - 1):
        await asyncio.sleep(_PAUSE)
        missing = await _missing(missing, endpoints)
    hint = f"`hub2ar apply --only {REPOSITORIES}` makes it"
    return {each.prefix: f"there is no repository {each.prefix} ({hint})" for each in missing}


async def _missing(targets: Sequence[Target], endpoints: "Endpoints") -> list[Target]:
    if not targets:
        return []
    known, missing = api(endpoints), []
    for target in targets:
        try:
            if await asyncio.to_thread(known.repository, target) is None:
                missing.append(target)
        except errors.ArtifactRegistryError:
            continue
    return missing


def api(endpoints: "Endpoints") -> "ArtifactRegistry":
    """Return the Artifact Registry API, where the endpoints say."""
    from planner.registries.artifact_registry import ArtifactRegistry

    return ArtifactRegistry(endpoints.overrides)


def exit_code(seen: list[Outcome]) -> int:
    """Return the exit code: 75 where a limit stopped any, 4 where any failed or was skipped, else 0."""
    from planner.transfer import rate_limited

    if any(rate_limited(outcome) for outcome in seen):
        return errors.RATE_LIMITED
    return 0 if all(outcome.result.good for outcome in seen) else errors.INCOMPLETE
