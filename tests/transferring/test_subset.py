"""Chosen platforms: an index of its own, with their provenance, that is found again."""

import json
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transfers import (
    NGINX,
    PLACE,
    TARGET,
    Start,
    ask,
    copy,
    pieces,
    push,
    reach,
    served,
    watched,
)

from planner.errors import ConfigError, RegistryError
from planner.model.job import Copy, Warm
from planner.model.outcome import Outcome, Result
from planner.model.reference import Reference
from planner.registries.manifest import DOCKER_INDEX, OCI_INDEX, Manifest, digest_of, read
from planner.registries.oci import Descriptor, Registries
from planner.rehearsal.images import Image, Recipe, image
from planner.transfer import transfer
from planner.transferring.subset import CHOSEN, WHOLE, is_part, subset

PLATFORMS = ("linux/amd64", "linux/arm64", "linux/arm/v7", "windows/amd64")
ARM = ("linux/arm64",)


def made(*, docker: bool = False, attested: bool = True) -> Image:
    return image(NGINX, Recipe(PLATFORMS, docker=docker, attested=attested))


def index(made: Image) -> Manifest:
    whole = made.manifest
    return read(whole.body, whole.media_type, whole.digest)


def test_subset_keeps_the_chosen_and_their_provenance():
    whole = index(made())
    part = subset(whole, ("linux/amd64", "linux/arm64"))
    assert part.kept == (*whole.children[:2], *whole.children[4:6])
    assert part.manifest.children == part.kept
    assert part.manifest.digest == digest_of(part.manifest.body) != whole.digest


def test_subset_keeps_what_it_does_not_understand():
    body = json.loads(made().manifest.body) | {"annotations": {"a": "b"}, "later": [1]}
    body["manifests"][0]["later"] = {"x": 1}
    text = json.dumps(body).encode()
    part = json.loads(subset(read(text, OCI_INDEX, digest_of(text)), ("linux/amd64",)).manifest.body)
    assert (part["later"], part["annotations"]["a"], part["manifests"][0]) == ([1], "b", body["manifests"][0])


@given(st.sets(st.sampled_from(PLATFORMS), min_size=1), st.booleans(), st.booleans())
def test_subset_is_a_part_in_order_and_its_own_subset(chosen: set[str], docker: bool, attested: bool):
    whole, wanted = index(made(docker=docker, attested=attested)), tuple(sorted(chosen))
    part = subset(whole, wanted)
    kept = [child for child in whole.children if child in part.kept]
    assert part.kept == tuple(kept) == part.manifest.children
    assert len(kept) == len(chosen) * (2 if attested else 1)
    assert part.manifest.media_type == whole.media_type
    assert subset(part.manifest, wanted).manifest is part.manifest


def test_subset_of_everything_is_the_index_itself():
    whole = index(made())
    assert subset(whole, PLATFORMS).manifest is whole


def test_subset_says_whose_part_it_is():
    whole = index(made())
    part = subset(whole, ARM).manifest
    annotations = json.loads(part.body)["annotations"]
    assert (annotations[WHOLE], annotations[CHOSEN]) == (whole.digest, "linux/arm64")
    assert is_part(part, whole.digest, ARM)
    assert not is_part(part, whole.digest, ("linux/amd64",))
    assert not is_part(part, part.digest, ARM)
    assert not is_part(whole, whole.digest, ARM)


def test_docker_s_lists_have_no_annotations():
    whole = index(made(docker=True))
    assert whole.media_type == DOCKER_INDEX
    assert "annotations" not in json.loads(subset(whole, ARM).manifest.body)


def test_subset_names_what_is_lacking():
    assert subset(index(made()), ("linux/amd64", "linux/s390x")).lacking == ("linux/s390x",)


@pytest.mark.parametrize("depth", range(300, 1100, 20))
def test_index_that_is_nested_deep_has_a_part_or_is_refused(depth: int):
    """However deep the reader of JSON is called itself."""
    body = made().manifest.body[:-1] + f', "x": {"[" * depth}{"]" * depth}}}'.encode()

    def called(whole: Manifest, frames: int) -> Manifest:
        return called(whole, frames - 1) if frames else subset(whole, ARM).manifest

    found = ["a part"]
    try:
        called(read(body, OCI_INDEX, digest_of(body)), 30)
    except RegistryError as error:
        found = [error.message[:25]]
    assert found in (["a part"], ["the manifest is not valid"])


def test_index_with_none_of_the_platforms_says_what_it_has():
    with pytest.raises(RegistryError, match=r"has none of linux/s390x; it has linux/amd64, linux/arm/v7, l"):
        subset(index(made()), ("linux/s390x",))


async def stored(registries: Registries, made: Image, reference: Reference = NGINX) -> Manifest:
    for digest, blob in made.blobs.items():
        await registries.upload(reference, Descriptor("", digest, len(blob)), partial(pieces, blob))
    for child in made.children:
        place = reference.with_version(None, child.digest)
        await registries.put_manifest(place, read(child.body, child.media_type, child.digest))
    await registries.put_manifest(reference, index(made))
    return index(made)


async def chosen(registries: Registries, action: Copy | Warm, *platforms: str) -> Outcome:
    (outcome,) = [each async for each in transfer([action], registries, platforms=platforms)]
    return outcome


def test_only_chosen_platforms_are_copied_and_the_outcome_says_so(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[Outcome, Manifest, int]:
        whole = await stored(registries, made())
        outcome = await chosen(registries, copy(), "linux/aarch64", "linux/s390x")
        probes = [await registries.head(PLACE.with_version(None, child.digest)) for child in whole.children]
        return outcome, whole, sum(probe.digest is not None for probe in probes)

    outcome, whole, there = ask(scene, hub=hub, target=target)
    part = subset(whole, ("linux/arm64", "linux/s390x")).manifest
    assert (outcome.result, outcome.digest, there) == (Result.DONE, served(target, PLACE), 2)
    assert outcome.detail == (
        f"{part.digest} is a new index: linux/arm64, linux/s390x of {whole.digest}; it has no linux/s390x"
    )


@pytest.mark.parametrize("docker", [False, True])
def test_chosen_platforms_are_found_again(docker_registry: Start, docker: bool):
    """Without a pull where the index can say what it is, with one where it cannot."""
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[Outcome, Outcome, list[str], list[str]]:
        await stored(registries, made(docker=docker, attested=not docker))
        first = await chosen(registries, copy(), *ARM)
        async with (
            watched(hub) as (source, asked),
            watched(target) as (place, told),
            reach(hub=source, target=place) as again,
        ):
            second = await chosen(again, copy(), *ARM)
        return first, second, asked, [call.split()[0] for call in told]

    first, second, asked, told = ask(scene, hub=hub, target=target)
    assert (second.result, second.digest, second.pulls) == (Result.PRESENT, first.digest, int(docker))
    assert (len(asked), told) == (1 + int(docker), ["HEAD", "GET"])


def test_image_of_one_platform_is_copied_as_it_is(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> Outcome:
        await push(registries, NGINX, b"one")
        return await chosen(registries, copy(), *ARM)

    outcome = ask(scene, hub=hub, target=target)
    assert (outcome.result, outcome.detail) == (Result.DONE, "")
    assert served(target, PLACE) == served(hub, NGINX)


def test_index_that_code_names_by_its_digest_is_copied_whole(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[Outcome, Manifest]:
        whole = await stored(registries, made())
        pinned = copy(into=PLACE.with_version("1.27", whole.digest), digest=whole.digest)
        return await chosen(registries, pinned, *ARM), whole

    outcome, whole = ask(scene, hub=hub, target=target)
    assert (outcome.digest, outcome.detail) == (
        whole.digest,
        "all platforms, for code asks for this digest",
    )


def test_only_chosen_platforms_are_warmed(docker_registry: Start):
    hub = docker_registry()
    through = docker_registry(proxy=hub)
    place = Reference(TARGET, NGINX.repository, NGINX.tag)

    async def scene(registries: Registries) -> tuple[Outcome, list[str], Manifest]:
        whole = await stored(registries, made())
        async with watched(through) as (url, calls), reach(target=url) as r:
            outcome = await chosen(r, Warm(NGINX, place, whole.digest, ""), *ARM)
        return outcome, [call.rpartition("/")[2] for call in calls if "/manifests/" in call], whole

    outcome, manifests, whole = ask(scene, hub=hub)
    kept = [child.digest for child in subset(whole, ARM).kept]
    assert (outcome.result, manifests) == (Result.DONE, ["1.27", *kept])


def test_what_is_no_platform_is_refused(docker_registry: Start):
    async def scene(registries: Registries) -> Outcome:
        return await chosen(registries, copy(), "arm64")

    with pytest.raises(ConfigError, match="'arm64' is not a platform"):
        ask(scene)
