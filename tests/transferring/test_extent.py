"""Images that are made of too much: each ends with a word about it, and nothing was fetched in vain."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from between import counted
from faulty import faulty
from transfers import CONFIG, LAYER, NGINX, copy, done, push, push_index, reach

from planner.errors import RegistryError
from planner.model.job import Transfer, Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan
from planner.registries.manifest import OCI_INDEX, OCI_MANIFEST, Manifest, digest_of, read
from planner.registries.oci import Registries
from planner.rehearsal.content import Stored
from planner.rehearsal.registry import Registry
from planner.rehearsal.server import serve
from planner.rehearsal.storage import Manifest as StoredManifest
from planner.rehearsal.storage import Storage
from planner.transferring.extent import MOST_BYTES, MOST_MANIFESTS, Extent
from planner.verify import verify

LIMIT = "planner.transferring.extent.MOST_MANIFESTS"


def index(*children: tuple[str, int]) -> Manifest:
    """Return an index of children with these digests and sizes."""
    listed = [{"mediaType": OCI_MANIFEST, "digest": digest, "size": size} for digest, size in children]
    body = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": listed}).encode()
    return read(body, OCI_INDEX, digest_of(body))


def image(*letters: str) -> Manifest:
    """Return an image of layers with these digests."""
    listed = [{"mediaType": LAYER, "digest": digest, "size": size} for digest, size in map(of, letters)]
    config = {"mediaType": CONFIG, "digest": of("a")[0], "size": 1}
    body = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": listed}
    return read(json.dumps(body).encode(), OCI_MANIFEST, "sha256:")


def of(letter: str, size: int = 1) -> tuple[str, int]:
    return f"sha256:{letter * 64}", size


def test_what_several_indexes_list_is_counted_once():
    extent = Extent()
    extent.add(index(of("a"), of("b")))
    extent.add(index(of("b"), of("c")))
    assert len(extent.digests) == 3


def test_what_is_said_to_have_two_sizes_is_refused():
    """One of them is wrong, and runtimes refuse the image. It is sent once, so nothing else would tell."""
    content = {
        "schemaVersion": 2,
        "config": {"mediaType": CONFIG, "digest": of("a")[0], "size": 1},
        "layers": [{"mediaType": LAYER, "digest": of("b")[0], "size": size} for size in (5, 7)],
    }
    twice = read(json.dumps(content).encode(), OCI_MANIFEST, "sha256:")
    for manifest in (twice, index(of("c", 5), of("c", 7))):
        with pytest.raises(RegistryError, match="has 5 bytes, and is also said to have 7"):
            Extent().add(manifest)


def test_more_manifests_than_an_image_has_are_refused(monkeypatch):
    monkeypatch.setattr(LIMIT, 3)
    extent = Extent()
    extent.add(index(of("a"), of("b"), of("c")))
    with pytest.raises(RegistryError, match="the image has more than 3 manifests"):
        extent.add(index(of("d")))
    assert MOST_MANIFESTS > 1000


def test_more_blobs_than_an_image_has_are_refused(monkeypatch):
    """Each is some requests; those that several manifests share are counted once."""
    monkeypatch.setattr("planner.transferring.extent.MOST_BLOBS", 3)
    extent = Extent()
    extent.add(image("a", "b"))
    extent.add(image("b", "c"))
    with pytest.raises(RegistryError, match="the image has more than 3 blobs"):
        extent.add(image("d"))


def test_larger_manifests_than_an_image_has_are_refused_before_they_are_read():
    with pytest.raises(RegistryError, match="the manifests of the image have more than 32 MiB"):
        Extent().add(index(of("a", MOST_BYTES // 2), of("b", MOST_BYTES // 2 + 1)))


def ended(made: Manifest, *jobs: Transfer) -> tuple[list[Outcome], list[str]]:
    """Carry out transfers of nginx, which is this index; return also what was asked of Docker Hub."""

    async def whole() -> tuple[list[Outcome], list[str]]:
        storage = Storage()
        place = storage.repository(NGINX.repository)
        place.add_manifest(StoredManifest.of(OCI_INDEX, made.body), "1.27")
        async with (
            serve(Registry(Stored(storage)).answer) as hub,
            serve(Registry(Stored(Storage())).answer) as target,
            faulty(hub) as asked,
            reach(hub=asked.url, target=target) as registries,
        ):
            return await done(registries, *jobs), asked.calls

    return asyncio.run(whole())


def test_index_of_manifests_that_are_too_large_together_is_not_fetched_further():
    (outcome,), asked = ended(index(*[of(letter, 7 << 20) for letter in "abcdef"]), copy())
    assert (outcome.result, counted(asked, "GET .*/manifests/")) == (Result.FAILED, 1)
    assert "more than 32 MiB" in outcome.error


async def nested(registries: Registries) -> None:
    """Push an index of two indexes of two images."""
    bare = NGINX.with_version(None, None)
    images = [await push(registries, bare.with_version(f"i{n}", None), str(n).encode()) for n in range(4)]
    first = await push_index(registries, bare.with_version("x", None), *images[:2])
    second = await push_index(registries, bare.with_version("y", None), *images[2:])
    await push_index(registries, NGINX, first, second)


async def copied(registries: Registries, limit: Callable[[], None]) -> list[Outcome]:
    limit()
    return await done(registries, copy())


async def warmed(registries: Registries, limit: Callable[[], None]) -> list[Outcome]:
    limit()
    return await done(registries, Warm(NGINX, NGINX, None, ""))


async def verified(registries: Registries, limit: Callable[[], None]) -> list[Outcome]:
    await done(registries, copy())
    limit()
    plan = Plan((), (copy(),), (), "", datetime(2026, 11, 30, tzinfo=UTC))
    return [each async for each in verify(plan, registries)]


@pytest.mark.parametrize("kind", [copied, warmed, verified])
@pytest.mark.parametrize(("most", "said"), [(6, ""), (5, "the image has more than 5 manifests")])
def test_indexes_of_indexes_end_some_time(monkeypatch, kind, most, said):
    async def whole() -> list[Outcome]:
        async with serve(Registry(Stored(Storage())).answer) as hub, reach(hub=hub, target=hub) as registries:
            await nested(registries)
            return await kind(registries, lambda: monkeypatch.setattr(LIMIT, most))

    (outcome,) = asyncio.run(whole())
    assert outcome.error.endswith(said)
    assert bool(outcome.error) is bool(said)


@pytest.mark.parametrize("job", [copy(), Warm(NGINX, NGINX, None, "")])
def test_manifest_that_is_not_as_large_as_its_index_says_fails_its_image(job: Transfer):
    """No runtime would pull it, be it copied or read through a cache."""

    async def whole() -> Outcome:
        storage = Storage()
        async with (
            serve(Registry(Stored(storage)).answer) as hub,
            serve(Registry(Stored(Storage())).answer) as target,
            reach(hub=hub, target=target) as registries,
        ):
            image = await push(registries, NGINX, b"one")
            lie = index((image.digest, 5))
            storage.repository(NGINX.repository).add_manifest(StoredManifest.of(OCI_INDEX, lie.body), "1.27")
            (outcome,) = await done(registries, job)
            return outcome

    outcome = asyncio.run(whole())
    assert outcome.result is Result.FAILED
    assert "and its index says 5" in outcome.error
