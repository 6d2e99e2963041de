"""How many requests a run makes, which is exact: images of five layers, two of them from a shared pool."""

import random
from collections import Counter
from dataclasses import dataclass

from transfers import HUB, TARGET, Start, ask, push, reach, watched

from planner.model.job import Copy
from planner.model.outcome import Outcome, Result
from planner.model.reference import Reference
from planner.registries.oci import Registries
from planner.transfer import transfer

REPOSITORIES, TAGS, LAYERS, SHARED, POOL = 4, 5, 5, 2, 6


@dataclass(frozen=True)
class Image:
    source: Reference
    layers: tuple[bytes, ...]

    @property
    def copy(self) -> Copy:
        place = Reference(TARGET, f"acme/images/{self.source.repository}", self.source.tag)
        return Copy(self.source, self.source, place, None, "")


def images() -> list[Image]:
    chosen = random.Random(7)
    pool = [f"pool {number}".encode() for number in range(POOL)]
    names = [Reference(HUB, f"team/r{r}", f"t{t}") for r in range(REPOSITORIES) for t in range(TAGS)]
    return [
        Image(
            name,
            (
                *chosen.sample(pool, SHARED),
                *(f"{name} {number}".encode() for number in range(LAYERS - SHARED)),
            ),
        )
        for name in names
    ]


@dataclass(frozen=True)
class Run:
    outcomes: list[Outcome]
    source: list[str]
    destination: list[str]


async def run(hub: str, target: str, concurrency: int = 4) -> Run:
    async with watched(hub) as (source, asked), watched(target) as (place, told):
        async with reach(hub=source, target=place) as registries:
            jobs = [image.copy for image in images()]
            outcomes = [each async for each in transfer(jobs, registries, concurrency=concurrency)]
        return Run(outcomes, asked, told)


def runs(docker_registry: Start) -> tuple[Run, Run]:
    """Return a first run, and one with nothing to do."""
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[Run, Run]:
        for image in images():
            await push(registries, image.source, *image.layers)
        return await run(hub, target), await run(hub, target)

    first, second = ask(scene, hub=hub)
    assert [each.error for each in (*first.outcomes, *second.outcomes)] == [""] * 2 * len(images())
    return first, second


def methods(calls: list[str]) -> Counter[str]:
    return Counter(call.split()[0] for call in calls)


def test_each_request_has_its_reason(docker_registry: Start):
    first, second = runs(docker_registry)
    count = len(images())
    blobs = {layer for image in images() for layer in image.layers}
    distinct = len(blobs) + count  # each image has a configuration of its own
    pairs = {(image.source.repository, layer) for image in images() for layer in image.layers}
    mounted = len(pairs) + count - distinct

    # Under its tag? By its digest? The first blob is asked for, before and after, and the first mount.
    assert methods(first.destination) == {
        "HEAD": 2 * count + 3,
        "GET": count,  # is it what it should be?
        "POST": distinct + mounted + 1,  # one shows that a blob that is there is mounted
        "PUT": distinct + count,
    }
    assert sum(methods(first.destination).values()) == 4 * count + 2 * distinct + mounted + 4 == 269
    # What is the tag of, and is it still? Are there lists of referrers, and what tags are in a repository?
    assert methods(first.source) == {"HEAD": 2 * count, "GET": count + distinct + 1 + REPOSITORIES}

    assert {each.result for each in second.outcomes} == {Result.PRESENT}
    assert (methods(second.source), methods(second.destination)) == ({"HEAD": count}, {"HEAD": count})


def test_no_blob_crosses_the_wire_twice(docker_registry: Start):
    first, _ = runs(docker_registry)
    fetched = Counter(call for call in first.source if "/blobs/" in call)
    assert set(fetched.values()) == {1}
