"""A plan carried out: repositories first, then its transfers wave by wave."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from planner import errors
from planner.cli import _network
from planner.cli._inputs import API, PLACEHOLDER
from planner.model.outcome import Outcome, Result
from planner.model.plan import CreateRepository, Grant, Plan, key

if TYPE_CHECKING:
    from planner.registries._transport import Endpoints
    from planner.registries.artifact_registry import ArtifactRegistry
    from planner.registries.oci import Registries


def apply(plan: Plan, endpoints: "Endpoints", output_format: str, record: Path | None) -> list[Outcome]:
    """Do what the plan says and return every outcome."""
    if any(target.project == PLACEHOLDER for target in plan.targets):
        raise errors.ConfigError(
            "the plan was made without a project", hint="run `hub2ar plan --project ID` again"
        )

    async def whole(registries: "Registries") -> list[Outcome]:
        return list(await _network.tell(outcomes(plan, endpoints, registries), output_format, record))

    return _network.ask(endpoints, whole)


async def outcomes(plan: Plan, endpoints: "Endpoints", registries: "Registries") -> AsyncIterator[Outcome]:
    """Yield outcomes as they happen. A repository that could not be made leaves its transfers untried."""
    from planner.provision import provision
    from planner.registries.reading import Ledger
    from planner.transfer import transfer

    made = [action for action in plan.actions if isinstance(action, CreateRepository | Grant)]
    missing: dict[str, str] = {}
    if made:
        async for outcome in provision(made, _api(endpoints)):
            yield outcome
            if outcome.action == "create" and outcome.result in (Result.FAILED, Result.SKIPPED):
                missing[outcome.subject] = outcome.error
    jobs, ledger = {key(job): job for job in plan.transfers}, Ledger()
    for wave in plan.waves:
        wanted = [jobs[name] for name in wave.keys if name in jobs]
        held_up = [
            job for job in wanted if any(job.destination.name.startswith(f"{each}/") for each in missing)
        ]
        for job in held_up:
            error = "its repository could not be made"
            yield Outcome(
                key(job), type(job).__name__.lower(), str(job.destination), Result.SKIPPED, error=error
            )
        rest = [job for job in wanted if job not in held_up]
        async for outcome in transfer(rest, registries, ledger=ledger):
            yield outcome


def _api(endpoints: "Endpoints") -> "ArtifactRegistry":
    from planner.registries.artifact_registry import ArtifactRegistry

    override = endpoints.overrides.get(API)
    if override and override.url:
        return ArtifactRegistry(override.url, insecure=override.insecure)
    return ArtifactRegistry()


def exit_code(seen: list[Outcome]) -> int:
    """Return what the outcomes mean for the process."""
    from planner.transfer import rate_limited

    if any(rate_limited(outcome) for outcome in seen):
        return errors.RATE_LIMITED
    failed = any(outcome.result in (Result.FAILED, Result.SKIPPED) for outcome in seen)
    return errors.INCOMPLETE if failed else 0
