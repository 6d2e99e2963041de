"""A plan carried out: repositories and rights first, then its transfers wave by wave."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planner import admissible, errors
from planner.cli import _network, _text
from planner.cli._inputs import PLACEHOLDER
from planner.model.job import Transfer
from planner.model.outcome import Outcome, Result
from planner.model.plan import AllowUpstreams, CreateRepository, Grant, Plan, key

if TYPE_CHECKING:
    from planner.model.difference import Difference
    from planner.provision import Finding
    from planner.registries._transport import Endpoints
    from planner.registries.artifact_registry import ArtifactRegistry
    from planner.registries.oci import Registries

REPOSITORIES, TRANSFERS = "repositories", "transfers"  # the halves of a plan

Announce = Callable[[str, "Difference"], None]


def check(plan: Plan, name: str) -> None:
    """Raise ConfigError for a plan that cannot be carried out; `name` is what its document is called."""
    if any(target.project == PLACEHOLDER for target in plan.targets):
        raise errors.ConfigError(
            "the plan was made without a project", hint="run `hub2ar plan --project ID` again"
        )
    admissible.check(plan.actions, name)


def apply(
    plan: Plan, endpoints: "Endpoints", output_format: str, record: Path | None, only: str = ""
) -> list[Outcome]:
    """Do what the plan says, or one half of it, and return every outcome."""

    async def whole(registries: "Registries") -> list[Outcome]:
        seen = outcomes(plan, endpoints, registries, only, _announce)
        return list(await _network.tell(seen, output_format, record))

    return _network.ask(endpoints, whole)


async def outcomes(
    plan: Plan,
    endpoints: "Endpoints",
    registries: "Registries",
    only: str = "",
    announce: Announce = lambda *_: None,
) -> AsyncIterator[Outcome]:
    """Yield outcomes as they happen. A repository that could not be made leaves its transfers untried."""
    from planner.provision import provision

    absent: dict[str, str] = {}  # what stands in front of images: why there is no repository
    made = _provisions(plan)
    if made and only != TRANSFERS:
        async for outcome in provision(made, _api(endpoints), announce):
            yield outcome
            if outcome.action == "create" and outcome.result in (Result.FAILED, Result.SKIPPED):
                absent[outcome.subject] = "its repository could not be made"
    if only == TRANSFERS:
        absent = await _absent(plan, endpoints)
    if only != REPOSITORIES:
        result = Result.FAILED if only == TRANSFERS else Result.SKIPPED
        async for outcome in _transferred(plan, registries, absent, result):
            yield outcome


async def _transferred(
    plan: Plan, registries: "Registries", absent: dict[str, str], result: Result
) -> AsyncIterator[Outcome]:
    """Yield what became of the transfers; those into what is absent are not tried."""
    from planner.registries.reading import Ledger
    from planner.transfer import transfer

    jobs, ledger = {key(job): job for job in plan.transfers}, Ledger()
    for wave in plan.waves:
        wanted = [jobs[name] for name in wave.keys if name in jobs]
        held_up = {key(job): why for job in wanted if (why := _reason(job, absent))}
        for job in wanted:
            if key(job) in held_up:
                kind, error = type(job).__name__.lower(), held_up[key(job)]
                yield Outcome(key(job), kind, str(job.destination), result, error=error)
        rest = [job for job in wanted if key(job) not in held_up]
        async for outcome in transfer(rest, registries, ledger=ledger):
            yield outcome


def _reason(job: Transfer, absent: dict[str, str]) -> str:
    """Return why a transfer cannot be tried, empty where it can."""
    return next((why for each, why in absent.items() if job.destination.name.startswith(f"{each}/")), "")


async def _absent(plan: Plan, endpoints: "Endpoints") -> dict[str, str]:
    """Return the repositories of transfers that are not there, and what makes them.

    Who may copy images may well not look at repositories: then the transfers themselves tell.
    """
    import asyncio

    names = [job.destination.name for job in plan.transfers]
    used = [each for each in plan.targets if any(name.startswith(f"{each.prefix}/") for name in names)]
    if not used:
        return {}
    api, missing = _api(endpoints), {}
    for target in used:
        try:
            mode = await asyncio.to_thread(api.repository, target)
        except errors.ArtifactRegistryError:
            continue
        if mode is None:
            hint = f"`hub2ar apply --only {REPOSITORIES}` makes it"
            missing[target.prefix] = f"there is no repository {target.prefix} ({hint})"
    return missing


def compare(plan: Plan, endpoints: "Endpoints") -> list["Finding"]:
    """Return what would be done about repositories and rights. Nothing is."""
    from planner.provision import differences

    async def whole() -> list["Finding"]:
        return [finding async for finding in differences(_provisions(plan), _api(endpoints))]

    return _network.run(whole())


def compared(findings: Sequence["Finding"]) -> Iterator[str]:
    """Yield what would be done, one line for each thing and one for each field."""
    from planner.provision import subject

    for finding in findings:
        verb = {CreateRepository: "create", AllowUpstreams: "allow", Grant: "grant"}[type(finding.action)]
        change = finding.change
        sign = "!" if _stuck(finding) else "+" if change.created else "~" if change else "="
        yield f"  {sign} {verb:<6} {subject(finding.action)}"
        if finding.error:
            yield f"      {finding.error}"
        for each in change.differences:
            yield f"      {each}" + (f" (cannot be changed: {each.remedy})" if each.remedy else "")


def pending(findings: Sequence["Finding"]) -> int:
    """Return what a comparison means for the process."""
    if any(_stuck(finding) for finding in findings):
        return errors.INCOMPLETE
    return errors.PENDING if any(finding.change for finding in findings) else 0


def _stuck(finding: "Finding") -> bool:
    return bool(finding.error) or not all(each.changeable for each in finding.change.differences)


def _provisions(plan: Plan) -> list[CreateRepository | AllowUpstreams | Grant]:
    return [each for each in plan.actions if isinstance(each, CreateRepository | AllowUpstreams | Grant)]


def _announce(subject: str, difference: "Difference") -> None:
    _text.say([f"~ {subject}: {difference}"], err=True)


def _api(endpoints: "Endpoints") -> "ArtifactRegistry":
    from planner.registries.artifact_registry import ArtifactRegistry

    return ArtifactRegistry(endpoints.overrides)


def exit_code(seen: list[Outcome]) -> int:
    """Return what the outcomes mean for the process."""
    from planner.transfer import rate_limited

    if any(rate_limited(outcome) for outcome in seen):
        return errors.RATE_LIMITED
    failed = any(outcome.result in (Result.FAILED, Result.SKIPPED) for outcome in seen)
    return errors.INCOMPLETE if failed else 0
