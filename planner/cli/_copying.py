"""hub2ar copy: which images are copied, and which of them are left as they are (--no-clobber)."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import structs

from planner import errors
from planner.model.availability import Status
from planner.model.job import Copy
from planner.model.outcome import Outcome, Result
from planner.model.plan import key
from planner.model.reference import DOCKER_HUB, MIRROR, Carrier, Reference

if TYPE_CHECKING:
    from planner.registries.endpoints import Endpoints
    from planner.registries.oci import Registries

_MOST_TAGS = 100_000
_AT_ONCE = 16  # destinations that are looked at
_PULLS = 4  # taken for an image of Docker Hub, whose manifests are counted only by a plan


def check_repositories(source: Reference, destination: Reference) -> None:
    """Raise ConfigError where --all-tags is given with one image of a repository."""
    for each in (source, destination):
        if each.tag or each.digest:
            raise errors.ConfigError(
                f"--all-tags copies a repository, and {each} is one image",
                hint="leave the tag and the digest out",
            )


async def jobs(
    source: Reference, destination: Reference, registries: "Registries", *, all_tags: bool
) -> list[Copy]:
    """Return the copies that are asked for. Raises RegistryError where tags cannot be listed."""
    if not all_tags:
        return [_job(source, destination)]
    found: list[Copy] = []
    async for tag in registries.tags(source):
        found.append(_job(source.with_version(tag, None), destination.with_version(tag, None)))
        if len(found) > _MOST_TAGS:
            raise errors.RegistryError(
                f"{source.name} has more than {_MOST_TAGS:,} tags",
                hint="copy the tags that are needed, each by its name",
            )
    if not found:
        raise errors.NoInput(f"{source.name} has no tags", hint="check the name of the repository")
    return found


def _job(source: Reference, destination: Reference) -> Copy:
    """Return a copy; an image of Docker Hub comes from the mirror where that has the same digest."""
    hub = source.registry == DOCKER_HUB
    origin = Reference(MIRROR, source.repository, source.tag, source.digest) if hub else source
    return Copy(source, origin, destination, source.digest, "", pulls=_PULLS if hub else 0)


async def kept(wanted: Sequence[Copy], registries: "Registries") -> tuple[list[Outcome], list[Copy]]:
    """Return the outcomes of copies whose destination exists already, and the copies that are left to do."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def look(job: Copy) -> tuple[Copy, Outcome | None]:
        async with slots:
            there = await registries.head(job.destination)
            if there.status is not Status.PRESENT:
                return job, None
            source = await registries.head(job.source)
            return job, _taken(job, there.digest, source.digest)

    looked = await asyncio.gather(*map(look, wanted))
    return [outcome for _, outcome in looked if outcome], [job for job, outcome in looked if not outcome]


def _taken(job: Copy, there: str | None, wanted: str | None) -> Outcome:
    name, place = key(job), str(job.destination)
    if there == wanted:
        return Outcome(name, "copy", place, Result.PRESENT, there, attempts=0)
    error = f"{place} is {there} already, and --no-clobber leaves it so"
    return Outcome(name, "copy", place, Result.SKIPPED, there, attempts=0, error=error)


async def chained(first: Iterable[Outcome], rest: AsyncIterator[Outcome]) -> AsyncIterator[Outcome]:
    """Yield outcomes that are known, then those to come."""
    for each in first:
        yield each
    async for each in rest:
        yield each


def insecure(endpoints: "Endpoints", references: Iterable[Reference]) -> "Endpoints":
    """Return endpoints that ask the registries of some references without TLS: those of your own.

    What settings say of a registry is not overruled.
    """
    from planner.registries.endpoints import Endpoint, Endpoints

    overrides = dict(endpoints.overrides)
    for each in references:
        given = overrides.get(each.registry) or Endpoint()
        if each.carrier is Carrier.OTHER and not given.url:
            overrides[each.registry] = structs.replace(given, url=f"http://{each.registry}", insecure=True)
    return Endpoints(overrides)
