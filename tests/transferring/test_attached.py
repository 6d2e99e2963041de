"""What is attached to images comes along: cosign's tags, referrers by list and by tag, and what is theirs."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from transfers import (
    LAYER,
    NGINX,
    PLACE,
    Start,
    ask,
    copy,
    done,
    forget,
    pieces,
    push,
    push_platforms,
    reach,
    served,
    tags,
    watched,
)

from planner.model.outcome import Outcome, Result
from planner.model.reference import Reference
from planner.registries.manifest import OCI_INDEX, OCI_MANIFEST, digest_of
from planner.registries.oci import Descriptor, Manifest, Registries
from planner.registries.referrers import fallback
from planner.rehearsal.content import Stored
from planner.rehearsal.registry import Options, Registry
from planner.rehearsal.server import serve
from planner.rehearsal.storage import Storage
from planner.transfer import transfer
from planner.transferring.attached import DEEPEST_ATTACHED
from planner.transferring.options import Attached

EMPTY = b"{}"
SBOM = "application/vnd.example.sbom"


async def attach(
    registries: Registries,
    subject: Reference,
    content: bytes,
    *,
    tag: str = "",
    about: Manifest | None = None,
    annotations: Mapping[str, str] | None = None,
) -> Manifest:
    """Push an artifact, under a tag, or as a referrer of a manifest."""
    for blob in (EMPTY, content):
        described = Descriptor(LAYER, digest_of(blob), len(blob))
        await registries.upload(subject, described, lambda blob=blob: pieces(blob))
    body: dict[str, object] = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": SBOM,
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest_of(EMPTY), "size": 2},
        "layers": [{"mediaType": LAYER, "digest": digest_of(content), "size": len(content)}],
    }
    if about:
        body["subject"] = {
            "mediaType": about.media_type,
            "digest": about.digest,
            "size": len(about.body),
        }
    if annotations:
        body["annotations"] = dict(annotations)
    text = json.dumps(body).encode()
    manifest = Manifest(text, OCI_MANIFEST, digest_of(text))
    await registries.put_manifest(
        subject.with_version(tag or None, None if tag else manifest.digest), manifest
    )
    return manifest


async def list_by_tag(registries: Registries, subject: Reference, digest: str, *listed: Manifest) -> None:
    """Push the index that stands in for a list of referrers."""
    entries = [
        {
            "mediaType": each.media_type,
            "digest": each.digest,
            "size": len(each.body),
            "artifactType": SBOM,
        }
        for each in listed
    ]
    body = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}).encode()
    index = Manifest(body, OCI_INDEX, digest_of(body))
    await registries.put_manifest(subject.with_version(fallback(digest), None), index)


async def listed(registries: Registries, subject: Reference, digest: str) -> list[tuple[str, str]]:
    """Return digest and type of what the tag says refers to a digest."""
    index = await registries.manifest(subject.with_version(fallback(digest), None))
    return [(child.digest, child.artifact_type) for child in index.children]


@pytest.mark.parametrize("ending", ["sig", "att", "sbom"])
def test_tags_of_cosign_come_along(docker_registry: Start, ending: str):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[Outcome, str]:
        image = await push(registries, NGINX, b"one")
        tag = f"{fallback(image.digest)}.{ending}"
        await attach(registries, NGINX, b"signature", tag=tag)
        (outcome,) = await done(registries, copy())
        return outcome, tag

    outcome, tag = ask(scene, hub=hub, target=target)
    assert (outcome.result, outcome.detail, outcome.pulls) == (Result.DONE, "1 attached", 2)
    assert served(target, PLACE.with_version(tag, None)) == served(hub, NGINX.with_version(tag, None))


def test_signature_of_a_platform_and_of_an_attestation_come_along(docker_registry: Start, tmp_path: Path):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[Outcome, list[str]]:
        _, amd64, _ = await push_platforms(registries, NGINX)
        tag = f"{fallback(amd64.digest)}.att"
        attestation = await attach(registries, NGINX, b"attestation", tag=tag)
        signature = f"{fallback(attestation.digest)}.sig"
        await attach(registries, NGINX, b"signature", tag=signature)
        (outcome,) = await done(registries, copy())
        return outcome, [tag, signature]

    outcome, expected = ask(scene, hub=hub, target=target)
    assert outcome.detail == "2 attached"
    assert tags(target, PLACE, tmp_path) == sorted(["1.27", *expected])


def test_referrers_listed_by_a_tag_come_along_and_are_listed_by_one(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[Outcome, list[tuple[str, str]], str]:
        image = await push(registries, NGINX, b"one")
        sbom = await attach(registries, NGINX, b"sbom", about=image)
        await list_by_tag(registries, NGINX, image.digest, sbom)
        (outcome,) = await done(registries, copy())
        return outcome, await listed(registries, PLACE, image.digest), sbom.digest

    outcome, found, sbom = ask(scene, hub=hub, target=target)
    assert (outcome.error, outcome.detail, found) == ("", "1 attached", [(sbom, SBOM)])


def test_list_that_is_there_keeps_what_it_has(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[list[tuple[str, str]], list[str]]:
        image = await push(registries, NGINX, b"one")
        theirs = await attach(registries, NGINX, b"theirs", about=image)
        await list_by_tag(registries, NGINX, image.digest, theirs)
        ours = await attach(registries, PLACE, b"ours", about=image)
        await list_by_tag(registries, PLACE, image.digest, ours)
        await done(registries, copy())
        return await listed(registries, PLACE, image.digest), [ours.digest, theirs.digest]

    found, expected = ask(scene, hub=hub, target=target)
    assert [digest for digest, _ in found] == expected


def test_referrers_of_a_registry_that_lists_them_are_copied_with_what_is_about_them():
    """Also into one that lists them itself, and so needs no tag."""

    async def scene(source: str, place: str) -> tuple[Outcome, list[list[str]], list[list[str]], list[str]]:
        async with reach(hub=source, target=place) as registries:
            image = await push(registries, NGINX, b"one")
            sbom = await attach(registries, NGINX, b"sbom", about=image)
            signature = await attach(registries, NGINX, b"signature", about=sbom)
            (outcome,) = await done(registries, copy())
            found = [
                await registries.referrers(PLACE.with_version(None, digest))
                for digest in (image.digest, sbom.digest)
            ]
            names = [tag async for tag in registries.tags(PLACE)]
            expected = [[sbom.digest], [signature.digest]]
            return outcome, [[each.digest for each in one or ()] for one in found], expected, names

    outcome, found, expected, names = both(scene)
    assert (outcome.detail, found, names) == ("2 attached", expected, ["1.27"])


@pytest.mark.parametrize("itself", [True, False])
def test_what_a_registry_lists_about_an_image_and_is_not_about_it_is_left_behind(itself: bool):
    """The image itself, or what is about another one."""

    async def scene(source: str, place: str) -> tuple[Outcome, str, bool]:
        async with reach(hub=source, target=place) as registries:
            image = await push(registries, NGINX, b"one")
            other = await push(registries, NGINX.with_version("other", None), b"two")
            theirs = await attach(registries, NGINX, b"sbom", about=other)
            await list_by_tag(registries, NGINX, image.digest, image if itself else theirs)
            (outcome,) = await done(registries, copy())
            there = (await registries.head(PLACE.with_version(None, theirs.digest))).digest is not None
            return (
                outcome,
                f"{theirs.digest} is listed about {image.digest}, and is about {other.digest}",
                there,
            )

    outcome, said, there = both(scene, (Options(referrers=False), Options()))
    assert (outcome.result, there) == (Result.DONE, False)
    assert outcome.detail == ("" if itself else f"left behind: {said}")


def both(scene, options: Sequence[Options] = (Options(), Options())):
    """Ask with a source and a destination that are stand-ins with these options."""

    async def asked():
        source, place = (Registry(Stored(Storage()), options=each) for each in options)
        async with serve(source.answer) as hub, serve(place.answer) as target:
            return await scene(hub, target)

    return asyncio.run(asked())


def test_referrers_are_listed_by_a_tag_where_the_destination_lists_none():
    async def scene(source: str, place: str) -> tuple[list[tuple[str, str]], list[str]]:
        async with reach(hub=source, target=place) as registries:
            image = await push(registries, NGINX, b"one")
            made = [
                await attach(registries, NGINX, name, about=image, annotations={"name": name.decode()})
                for name in (b"first", b"second")
            ]
            await done(registries, copy())
            body = (await registries.manifest(PLACE.with_version(fallback(image.digest), None))).body
            entries = json.loads(body)["manifests"]
            told = sorted((each["digest"], each["annotations"]["name"]) for each in entries)
            return told, sorted(
                (each.digest, name) for each, name in zip(made, ("first", "second"), strict=True)
            )

    found, expected = both(scene, (Options(), Options(referrers=False)))
    assert found == expected


def test_what_lies_too_deep_is_told():
    async def scene(source: str, place: str) -> Outcome:
        async with reach(hub=source, target=place) as registries:
            about = await push(registries, NGINX, b"one")
            for number in range(DEEPEST_ATTACHED + 2):
                about = await attach(registries, NGINX, f"{number}".encode(), about=about)
            (outcome,) = await done(registries, copy())
            return outcome

    outcome = both(scene)
    told = f"{DEEPEST_ATTACHED} attached; left behind: what is attached more than {DEEPEST_ATTACHED} deep"
    assert (outcome.result, outcome.detail) == (Result.DONE, told)


def test_circle_of_lists_ends(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> Outcome:
        image = await push(registries, NGINX, b"one")
        first = await attach(registries, NGINX, b"first", about=image)
        second = await attach(registries, NGINX, b"second", about=first)
        await list_by_tag(registries, NGINX, image.digest, first)
        await list_by_tag(registries, NGINX, first.digest, second)
        await list_by_tag(registries, NGINX, second.digest, first)
        (outcome,) = await done(registries, copy())
        return outcome

    assert ask(scene, hub=hub, target=target).detail == "2 attached"


def test_what_is_gone_is_left_behind_and_holds_up_nothing(docker_registry: Start, tmp_path: Path):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> Outcome:
        image = await push(registries, NGINX, b"one")
        sbom = await attach(registries, NGINX, b"sbom", about=image)
        await list_by_tag_unchecked(hub, tmp_path, registries, image.digest, sbom)
        (outcome,) = await done(registries, copy())
        return outcome

    outcome = ask(scene, hub=hub, target=target)
    assert outcome.result is Result.DONE
    assert outcome.detail.startswith("1 attached; left behind: docker.io/library/nginx@sha256:")


async def list_by_tag_unchecked(
    hub: str, folder: Path, registries: Registries, digest: str, there: Manifest
) -> None:
    """List what is not there, which a registry refuses: so it is there while the list is pushed."""
    stand_in = await attach(registries, NGINX, b"soon gone")
    await list_by_tag(registries, NGINX, digest, stand_in, there)
    forget(hub, folder, NGINX, stand_in.digest)


def test_signature_made_at_the_destination_is_kept(docker_registry: Start):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[Outcome, str, str | None]:
        image = await push(registries, NGINX, b"one")
        tag = f"{fallback(image.digest)}.sig"
        await attach(registries, NGINX, b"theirs", tag=tag)
        ours = await attach(registries, PLACE, b"ours", tag=tag)
        (outcome,) = await done(registries, copy())
        return outcome, ours.digest, (await registries.head(PLACE.with_version(tag, None))).digest

    outcome, ours, found = ask(scene, hub=hub, target=target)
    assert (outcome.result, found, "left behind: sha256-" in outcome.detail) == (Result.DONE, ours, True)


def test_it_is_there_before_the_tag_of_its_image(docker_registry: Start):
    """So an image that is there has it, and nobody needs to look again."""
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> list[str]:
        image = await push(registries, NGINX, b"one")
        await attach(registries, NGINX, b"signature", tag=f"{fallback(image.digest)}.sig")
        async with watched(target) as (place, calls), reach(hub=hub, target=place) as r:
            await done(r, copy())
        return [call.rpartition("/")[2] for call in calls if call.startswith("PUT") and "/manifests/" in call]

    assert ask(scene, hub=hub)[-1] == "1.27"


async def copied(registries: Registries, attached: Attached) -> Outcome:
    (outcome,) = [each async for each in transfer([copy()], registries, attached=attached)]
    return outcome


def test_what_was_attached_since_comes_when_it_is_asked_for(docker_registry: Start, tmp_path: Path):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> tuple[list[Outcome], str]:
        image = await push(registries, NGINX, b"one")
        first = await copied(registries, Attached.COPIED)
        tag = f"{fallback(image.digest)}.sig"
        await attach(registries, NGINX, b"signature", tag=tag)
        return [first, await copied(registries, Attached.COPIED), await copied(registries, Attached.ALL)], tag

    outcomes, tag = ask(scene, hub=hub, target=target)
    assert [(each.result, each.detail) for each in outcomes] == [
        (Result.DONE, ""),
        (Result.PRESENT, ""),
        (Result.PRESENT, "1 attached"),
    ]
    assert tags(target, PLACE, tmp_path) == ["1.27", tag]


def test_image_can_be_copied_without(docker_registry: Start, tmp_path: Path):
    hub, target = docker_registry(), docker_registry()

    async def scene(registries: Registries) -> Outcome:
        image = await push(registries, NGINX, b"one")
        await attach(registries, NGINX, b"signature", tag=f"{fallback(image.digest)}.sig")
        return await copied(registries, Attached.NONE)

    outcome = ask(scene, hub=hub, target=target)
    assert (outcome.detail, tags(target, PLACE, tmp_path)) == ("", ["1.27"])
