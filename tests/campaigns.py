"""A world with images to copy, for tests of what runs many transfers."""

from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager

from planner.model.job import Copy
from planner.model.reference import DOCKER_HUB, MIRROR, Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.oci import connect
from planner.rehearsal.filling import fill, image_of
from planner.rehearsal.limits import Limits
from planner.rehearsal.world import World

PLACE = Reference("us-central1-docker.pkg.dev", "acme/copies/x")
REPOSITORY = "projects/acme/locations/us-central1/repositories/copies"


def names(*repositories: str) -> list[Reference]:
    return [Reference.parse(f"{each}:1") for each in repositories]


def cost(source: Reference) -> int:
    """Return the pulls that an image of a world costs."""
    return 1 + len(image_of(source).children)


def copy(source: Reference, *, pulls: int | None = None, mirrored: bool = False) -> Copy:
    """Return the copy of an image, with the pulls that it costs unless something else is said."""
    origin = Reference(MIRROR, source.repository, source.tag) if mirrored else source
    place = Reference(PLACE.registry, f"acme/copies/{source.repository}", source.tag)
    planned = 0 if mirrored else cost(source)
    digest = image_of(source).digest
    return Copy(source, origin, place, digest, "", planned if pulls is None else pulls)


def endpoints(world: World) -> Endpoints:
    return Endpoints({name: Endpoint(url) for name, url in world.endpoints.items()})


def new_world(sources: Sequence[Reference], limits: Limits) -> World:
    world = World(filling=fill(sources), limits=limits)
    world.repositories.add_standard(REPOSITORY)
    return world


@asynccontextmanager
async def opened(sources: Sequence[Reference], limits: Limits) -> Iterator[tuple]:
    async with new_world(sources, limits) as world, connect(endpoints(world)) as registries:
        yield world, registries


def refused(world: World) -> int:
    """Return how often Docker Hub has refused."""
    return world.docker_hub.counters.statuses[429]


__all__ = ["DOCKER_HUB", "PLACE", "copy", "cost", "endpoints", "names", "new_world", "opened", "refused"]
