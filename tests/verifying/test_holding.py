"""What is proven of a destination beside its digest, against stand-ins over real sockets."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.job import Copy, Transfer, Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan, Rewrite
from planner.model.reference import DOCKER_HUB, Reference
from planner.model.repository import Mode, Target
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.oci import Registries, connect
from planner.registries.retry import Policy
from planner.rehearsal.filling import Filling
from planner.rehearsal.images import Image, Recipe, image
from planner.rehearsal.storage import Manifest, Repository, Storage
from planner.rehearsal.world import World
from planner.transfer import transfer
from planner.verify import names, verify

T = TypeVar("T")

HOST = "us-central1-docker.pkg.dev"
RESOURCE = "projects/acme/locations/us-central1/repositories"
NGINX = Reference(DOCKER_HUB, "library/nginx", "1.27")
COPIED = Reference(HOST, "acme/images/library/nginx", "1.27")
WARMED = Reference(HOST, "acme/dockerhub/library/nginx", "1.27")
FRONT = Reference(HOST, "acme/all/library/nginx", "1.27")
BOTH = ("linux/amd64", "linux/arm64")


def copy(digest: str | None) -> Copy:
    return Copy(NGINX, NGINX, COPIED, digest, "")


def warm(digest: str | None) -> Warm:
    return Warm(NGINX, WARMED, digest, "")


def planned(*actions: Transfer | Rewrite) -> Plan:
    target = Target("acme", "us-central1", "images", Mode.STANDARD)
    return Plan((target,), actions, (), "0" * 64, datetime(2026, 1, 1, tzinfo=UTC))


def rehearse(made: Image, question: Callable[[Registries, World], Awaitable[T]]) -> T:
    """Ask a question in a world whose Docker Hub has this image as nginx:1.27."""

    async def asked() -> T:
        hub = Storage()
        made.store(hub.repository(NGINX.repository), NGINX.version)
        async with World(filling=Filling(hub, Storage(), frozenset(), ()), blobs_elsewhere=False) as world:
            world.repositories.add_standard(f"{RESOURCE}/images")
            world.repositories.add_remote(f"{RESOURCE}/dockerhub")
            world.repositories.add_virtual(f"{RESOURCE}/all", [f"{RESOURCE}/images", f"{RESOURCE}/dockerhub"])
            endpoints = Endpoints({name: Endpoint(url) for name, url in world.endpoints.items()})
            async with connect(endpoints, policy=Policy(tries=1), keychain=Keychain({})) as registries:
                return await question(registries, world)

    return asyncio.run(asked())


async def moved(registries: Registries, job: Transfer, *platforms: str) -> None:
    outcomes = [each async for each in transfer([job], registries, platforms=platforms)]
    assert [each.error for each in outcomes] == [""]


async def asked(registries: Registries, job: Transfer, *platforms: str) -> Outcome:
    (outcome,) = [each async for each in verify(planned(job), registries, platforms=platforms)]
    return outcome


def verified(
    made: Image,
    job: Transfer,
    *platforms: str,
    chosen: tuple[str, ...] = (),
    spoil: Callable[[Repository], None] = lambda _: None,
) -> Outcome:
    """Move the image, spoil what arrived, and verify it."""

    async def scene(registries: Registries, world: World) -> Outcome:
        await moved(registries, job, *chosen)
        place = "images" if isinstance(job, Copy) else "dockerhub"
        spoil(world.repositories.records[f"{RESOURCE}/{place}"].storage.repository("library/nginx"))
        return await asked(registries, job, *platforms)

    return rehearse(made, scene)


def test_copy_is_proven_down_to_its_layers():
    made = image(NGINX, Recipe(BOTH))
    outcome = verified(made, copy(made.digest))
    assert (outcome.result, outcome.detail) == (Result.DONE, "3 manifests, 6 blobs")


@pytest.mark.parametrize("docker", [True, False])
def test_planned_platforms_are_found_in_either_kind_of_index(docker):
    made = image(NGINX, Recipe(BOTH, docker=docker))
    assert verified(made, copy(made.digest), *BOTH).result is Result.DONE


def test_planned_platform_that_is_missing_is_named():
    made = image(NGINX, Recipe(BOTH))
    outcome = verified(made, copy(made.digest), "linux/amd64", "linux/s390x")
    assert outcome.error == f"{COPIED.name} lacks linux/s390x: it has linux/amd64, linux/arm64"


def test_platform_of_an_image_without_an_index_is_read_from_its_configuration():
    made = image(NGINX, Recipe(("linux/amd64",)))
    assert verified(made, copy(made.digest), "linux/amd64").result is Result.DONE
    assert verified(made, copy(made.digest), "linux/arm64").error.endswith(
        "lacks linux/arm64: it has linux/amd64"
    )


@pytest.mark.parametrize("number", range(6))
def test_any_blob_that_is_lost_is_missed(number):
    made = image(NGINX, Recipe(BOTH))
    lost = sorted(made.blobs)[number % len(made.blobs)]
    outcome = verified(made, copy(made.digest), spoil=lambda there: there.own_blobs.discard(lost))
    assert (outcome.result, lost in outcome.error) == (Result.FAILED, True)


@pytest.mark.parametrize("number", range(3))
def test_blob_that_is_cut_off_is_noticed(number):
    """As a registry has it whose disk was full, or whose machine went down."""
    made = image(NGINX, Recipe(("linux/amd64",)))
    cut = sorted(made.blobs)[number % len(made.blobs)]

    def spoil(there: Repository) -> None:
        there.blob_store[cut] = made.blobs[cut][:-1]

    outcome = verified(made, copy(made.digest), spoil=spoil)
    size = len(made.blobs[cut])
    assert outcome.error == f"{COPIED.name} has {size - 1:,} of the {size:,} bytes of {cut}"


def test_index_that_says_another_size_of_its_manifest_is_told():
    """No runtime would pull it."""
    made = image(NGINX, Recipe(BOTH))
    child, content = made.children[1], json.loads(made.manifest.body)
    content["manifests"][1]["size"] += 1
    lie = Manifest.of(made.manifest.media_type, json.dumps(content).encode())

    async def scene(registries: Registries, world: World) -> Outcome:
        await moved(registries, copy(made.digest))
        there = world.repositories.records[f"{RESOURCE}/images"].storage.repository("library/nginx")
        there.add_manifest(lie, "1.27")
        return await asked(registries, copy(lie.digest))

    size = len(child.body)
    assert rehearse(made, scene).error == (
        f"linux/arm64: {child.digest} has {size} bytes, and its index says {size + 1}"
    )


def test_platform_whose_manifest_is_lost_is_named():
    made = image(NGINX, Recipe(BOTH))
    lost = made.children[1].digest
    outcome = verified(made, copy(made.digest), spoil=lambda there: there.manifests.__delitem__(lost))
    assert outcome.error == f"linux/arm64: {COPIED.name}@{lost} is missing"


@pytest.mark.parametrize("recipe", [Recipe(BOTH), Recipe(("linux/amd64",), docker=True)])
def test_registry_that_lies_about_a_digest_is_caught(recipe):
    made = image(NGINX, recipe)

    def lie(there: Repository) -> None:
        honest = there.manifests[made.digest]
        there.manifests[made.digest] = replace(honest, body=honest.body + b" ")

    outcome = verified(made, copy(made.digest), spoil=lie)
    assert (outcome.result, f"for {made.digest}" in outcome.error) == (Result.FAILED, True)


def test_registry_that_lies_about_a_platforms_manifest_is_caught():
    made = image(NGINX, Recipe(BOTH))
    child = made.children[0].digest

    def lie(there: Repository) -> None:
        there.manifests[child] = replace(there.manifests[child], body=there.manifests[child].body + b" ")

    outcome = verified(made, copy(made.digest), spoil=lie)
    assert outcome.error.startswith("linux/amd64: ")


def test_index_of_chosen_platforms_is_a_part_of_the_planned_one():
    made = image(NGINX, Recipe((*BOTH, "linux/s390x")))
    outcome = verified(made, copy(made.digest), chosen=("linux/arm64",))
    assert outcome.result is Result.DONE
    assert outcome.detail.endswith("; the part of the planned index that has linux/arm64")
    assert outcome.digest != made.digest


def test_part_without_a_planned_platform_fails():
    made = image(NGINX, Recipe(BOTH))
    outcome = verified(made, copy(made.digest), "linux/amd64", chosen=("linux/arm64",))
    assert outcome.error.endswith("lacks linux/amd64: it has linux/arm64")


def test_part_of_another_index_is_not_what_was_planned():
    made, other = image(NGINX, Recipe(BOTH)), "sha256:" + "1" * 64

    async def scene(registries: Registries, world: World) -> Outcome:
        await moved(registries, copy(made.digest), "linux/arm64")
        return await asked(registries, copy(other))

    assert rehearse(made, scene).error.endswith(f", planned was {other}")


def test_warmed_image_is_proven_to_be_held():
    made = image(NGINX, Recipe(BOTH))
    outcome = verified(made, warm(made.digest), *BOTH)
    assert (outcome.result, outcome.detail) == (Result.DONE, "held; its layers are not checked")


def test_remote_repository_is_not_taken_for_a_holder_of_what_it_can_fetch():
    made = image(NGINX, Recipe(BOTH))
    outcome = rehearse(made, lambda registries, _: asked(registries, warm(made.digest)))
    assert (outcome.result, outcome.detail) == (
        Result.DONE,
        "it answers; that it holds the image is not proven",
    )


def test_verifying_what_is_not_held_fetches_nothing():
    made = image(NGINX, Recipe(BOTH))

    async def scene(registries: Registries, world: World) -> int:
        await asked(registries, warm(made.digest), *BOTH)
        return world.hub_pulls

    assert rehearse(made, scene) == 0


def test_platform_that_was_not_warmed_is_told():
    made = image(NGINX, Recipe((*BOTH, "linux/s390x")))
    outcome = verified(made, warm(made.digest), chosen=("linux/amd64",))
    assert outcome.detail == (
        "held, fetched when asked for: linux/arm64, linux/s390x; its layers are not checked"
    )


def test_remote_repository_without_a_planned_platform_fails():
    made = image(NGINX, Recipe(BOTH))
    assert "lacks linux/s390x" in verified(made, warm(made.digest), "linux/s390x").error


def rewrite(destination: Reference) -> Rewrite:
    return Rewrite("Dockerfile", 1, 6, "nginx:1.27", NGINX, destination, (), "")


def test_name_in_front_of_what_was_moved_is_asked_too():
    made = image(NGINX, Recipe(BOTH))
    job = copy(made.digest)

    async def scene(registries: Registries, world: World) -> list[Outcome]:
        await moved(registries, job)
        return [each async for each in names(planned(job, rewrite(FRONT), rewrite(FRONT)), registries)]

    (outcome,) = rehearse(made, scene)
    assert (outcome.subject, outcome.result, outcome.digest) == (str(FRONT), Result.DONE, made.digest)


def test_name_in_front_that_gives_another_image_fails():
    made, other = image(NGINX, Recipe(BOTH)), "sha256:" + "1" * 64

    async def scene(registries: Registries, world: World) -> list[Outcome]:
        await moved(registries, copy(made.digest))
        return [each async for each in names(planned(copy(other), rewrite(FRONT)), registries)]

    (outcome,) = rehearse(made, scene)
    assert outcome.error == f"{FRONT} is {made.digest}, planned was {other}"


def test_destination_that_code_names_itself_is_not_asked_twice():
    made = image(NGINX, Recipe(BOTH))
    job = copy(made.digest)

    async def scene(registries: Registries, world: World) -> list[Outcome]:
        return [each async for each in names(planned(job, rewrite(COPIED)), registries)]

    assert rehearse(made, scene) == []


PLATFORMS = st.lists(
    st.sampled_from(["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/s390x", "windows/amd64"]),
    min_size=1,
    unique=True,
)


@pytest.mark.parametrize("docker", [True, False])
@settings(max_examples=25, deadline=None)
@given(has=PLATFORMS, wanted=PLATFORMS)
def test_exactly_the_wanted_platforms_that_are_not_there_are_named(docker, has, wanted):
    made = image(NGINX, Recipe(tuple(has), docker=docker))
    error = verified(made, copy(made.digest), *wanted).error
    said = re.search(r" lacks (.*): ", error)
    assert (set(said[1].split(", ")) if said else set()) == set(wanted) - set(has)
