"""Copies of images that code pins: one tag for two digests."""

import asyncio
from datetime import UTC, datetime

import pytest
from campaigns import REPOSITORY, endpoints, names
from hypothesis import given
from hypothesis import strategies as st

from planner.campaign import Campaign, Conduct
from planner.config import Settings, TargetSettings
from planner.model.inventory import Confidence, Inventory, Occurrence, Role
from planner.model.job import Copy
from planner.model.outcome import Result
from planner.model.plan import Rewrite
from planner.model.reference import Reference
from planner.model.repository import Mode
from planner.plan import plan
from planner.planning.cases import Basis
from planner.registries.oci import connect
from planner.rehearsal.filling import fill, image_of
from planner.rehearsal.limits import Limits
from planner.rehearsal.world import World
from planner.rewriting.confirmed import doubtful
from planner.verify import verify

NOW = datetime(2026, 11, 30, tzinfo=UTC)
A, B = (f"sha256:{letter * 64}" for letter in "ab")
TARGET = TargetSettings(project="acme", location="us-central1", repository="copies", mode=Mode.STANDARD)
PLACE = "us-central1-docker.pkg.dev/acme/copies/library/redis"


def planned(*references):
    found = tuple(
        Occurrence(
            "a", number, 1, "dockerfile", Role.BASE, Reference.parse(each), each, Confidence.CERTAIN, (), ()
        )
        for number, each in enumerate(references, 1)
    )
    return plan(Basis(Inventory((), found, {}), settings=Settings(target=TARGET)), NOW)


def destinations(*references):
    return {str(each.source): str(each.destination) for each in planned(*references).transfers}


def test_tag_is_that_of_the_digest_that_is_named_most_and_the_other_has_its_own():
    found = planned(f"redis:7@{A}", f"redis:7@{B}", f"redis:7@{B}")
    copies = {each.digest: each for each in found.transfers}
    assert str(copies[B].destination) == f"{PLACE}:7@{B}"
    assert str(copies[A].destination) == f"{PLACE}:pinned-{'a' * 64}@{A}"
    assert copies[A].reason.endswith(f"its tag is pinned-{'a' * 64}, for 7 is that of {B}")


def test_tag_is_that_of_code_that_names_it_alone():
    found = destinations(f"redis:7@{A}", f"redis:7@{A}", "redis:7")
    assert found[f"docker.io/library/redis:7@{A}"] == f"{PLACE}:pinned-{'a' * 64}@{A}"
    assert found["docker.io/library/redis:7"] == f"{PLACE}:7"


@pytest.mark.parametrize("others", [(f"redis:8@{B}",), (f"redis@{B}",), (f"nginx:7@{B}",), (f"redis:7@{A}",)])
def test_tag_that_no_other_digest_has_stays(others):
    assert destinations(f"redis:7@{A}", *others)[f"docker.io/library/redis:7@{A}"] == f"{PLACE}:7@{A}"


def test_code_keeps_its_tag_and_its_digest():
    rewrites = [each for each in planned(f"redis:7@{A}", f"redis:7@{B}").actions if isinstance(each, Rewrite)]
    assert {str(each.destination) for each in rewrites} == {f"{PLACE}:7@{A}", f"{PLACE}:7@{B}"}


VERSIONS = st.sampled_from(["redis:7", "redis:8", "redis", f"redis:7@{A}", f"redis:7@{B}", f"redis@{B}"])


@given(st.lists(VERSIONS, min_size=1))
def test_no_two_digests_have_one_tag(references):
    tags: dict[Reference, set[str | None]] = {}
    for each in planned(*references).transfers:
        assert isinstance(each, Copy)
        if tag := each.destination.tag:
            tags.setdefault(each.destination.with_version(tag, None), set()).add(each.destination.digest)
    assert all(len(digests) == 1 for digests in tags.values())


def test_both_digests_arrive_stay_where_they_are_and_are_verified():
    images = names("redis", "nginx")
    pins = [f"docker.io/library/redis:7@{image_of(each).digest}" for each in images]
    chosen = {Reference.parse(pin).as_asked: image_of(each) for pin, each in zip(pins, images, strict=True)}
    found = planned(*pins)

    async def run():
        world = World(filling=fill(map(Reference.parse, pins), chosen=chosen), limits=Limits(pulls=100))
        world.repositories.add_standard(REPOSITORY)
        async with world, connect(endpoints(world)) as registries:
            runs = [
                [each async for each in Campaign(registries, Conduct()).run([list(found.transfers)])]
                for _ in range(2)
            ]
            return runs, [each async for each in verify(found, registries)]

    (first, second), verified = asyncio.run(run())
    assert [each.result for each in first] == [Result.DONE, Result.DONE]
    assert [each.result for each in second] == [Result.PRESENT, Result.PRESENT]
    assert [each.error for each in verified] == ["", ""]
    rewrites = [each for each in found.actions if isinstance(each, Rewrite)]
    arrived = {job.source.as_asked for job in found.transfers}
    assert doubtful(found, rewrites, arrived) == []
