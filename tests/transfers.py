"""What tests of transfers share: images on real registries, and what they look like from outside."""

import asyncio
import hashlib
import json
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from aiohttp import web
from between import Pass, between

from planner.model.job import Copy, Transfer
from planner.model.outcome import Outcome
from planner.model.reference import Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.manifest import OCI_INDEX, OCI_MANIFEST, digest_of
from planner.registries.oci import Descriptor, Manifest, Registries, connect
from planner.registries.reading import Ledger
from planner.registries.retry import Policy
from planner.rehearsal.world import World
from planner.transfer import transfer

T = TypeVar("T")
Start = Callable[..., str]

LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
CONFIG = "application/vnd.oci.image.config.v1+json"
HUB, MIRROR, TARGET = "docker.io", "mirror.gcr.io", "us-central1-docker.pkg.dev"
NGINX = Reference(HUB, "library/nginx", "1.27")
PLACE = Reference(TARGET, "acme/images/library/nginx", "1.27")
REDIS = Reference(HUB, "library/redis", "7")
REDIS_PLACE = Reference(TARGET, "acme/images/library/redis", "7")
REMOTE = Reference(TARGET, "acme/dockerhub/library/nginx", "1.27")
RESOURCE = "projects/acme/locations/us-central1/repositories"


ONCE = Policy(tries=1)


def reach(
    policy: Policy = ONCE, environment: Mapping[str, str] | None = None, **urls: str
) -> AbstractAsyncContextManager[Registries]:
    """Open the registries that stand at the given URLs: hub, mirror, target."""
    names = {"hub": HUB, "mirror": MIRROR, "target": TARGET}
    endpoints = Endpoints({names[name]: Endpoint(url) for name, url in urls.items()})
    return connect(endpoints, policy=policy, keychain=Keychain(environment or {}))


def ask(question: Callable[[Registries], Awaitable[T]], **urls: str) -> T:
    """Ask registries that stand at the given URLs."""

    async def asked() -> T:
        async with reach(**urls) as registries:
            return await question(registries)

    return asyncio.run(asked())


def rehearse(
    question: Callable[[Registries, World], Awaitable[T]],
    *references: Reference,
    pull_limit: int | None = None,
) -> T:
    """Ask in a world whose Docker Hub has some images, with a standard and a remote repository."""

    async def asked() -> T:
        async with World.filled(references, pull_limit=pull_limit) as world:
            world.repositories.add_standard(f"{RESOURCE}/images")
            world.repositories.add_remote(f"{RESOURCE}/dockerhub")
            endpoints = Endpoints({name: Endpoint(url) for name, url in world.endpoints.items()})
            async with connect(
                endpoints, policy=Policy(tries=1), keychain=Keychain(environment={})
            ) as registries:
                return await question(registries, world)

    return asyncio.run(asked())


async def done(registries: Registries, *transfers: Transfer, ledger: Ledger | None = None) -> list[Outcome]:
    """Carry out transfers one at a time, in their order."""
    return [o async for o in transfer(transfers, registries, concurrency=1, ledger=ledger)]


def copy(
    source: Reference = NGINX,
    into: Reference = PLACE,
    *,
    digest: str | None = None,
    origin: Reference | None = None,
) -> Copy:
    return Copy(source, origin or source, into, digest, "needed")


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _described(content: bytes, media_type: str, **more: object) -> dict[str, object]:
    return {"mediaType": media_type, "digest": digest_of(content), "size": len(content), **more}


async def push(
    registries: Registries, reference: Reference, *layers: bytes, foreign: bool = False
) -> Manifest:
    """Push an image of one platform; a foreign layer is named and not pushed."""
    rootfs = {"type": "layers", "diff_ids": [digest_of(layer) for layer in layers]}
    config = json.dumps({"os": "linux", "architecture": "amd64", "rootfs": rootfs}).encode()
    for content in (config, *layers):
        await registries.upload(
            reference, Descriptor(LAYER, digest_of(content), len(content)), partial(pieces, content)
        )
    listed = [_described(layer, LAYER) for layer in layers]
    if foreign:
        listed.append(
            _described(
                b"abroad",
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                urls=["https://x.example/l"],
            )
        )
    content = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": _described(config, CONFIG),
        "layers": listed,
    }
    return await _put(registries, reference, content, OCI_MANIFEST)


async def push_index(registries: Registries, reference: Reference, *children: Manifest) -> Manifest:
    """Push an index of manifests that are there."""
    listed = [_described(child.body, child.media_type) for child in children]
    content = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": listed}
    return await _put(registries, reference, content, OCI_INDEX)


async def _put(
    registries: Registries, reference: Reference, content: dict[str, object], media_type: str
) -> Manifest:
    body = json.dumps(content).encode()
    manifest = Manifest(body, media_type, digest_of(body))
    await registries.put_manifest(reference, manifest)
    return manifest


async def push_platforms(registries: Registries, reference: Reference) -> tuple[Manifest, Manifest, Manifest]:
    """Push an index of two platforms that share a layer, with an attestation; return it and its platforms."""
    bare = reference.with_version(None, None)
    amd64 = await push(registries, bare.with_version("amd64", None), b"shared", b"amd64")
    arm64 = await push(registries, bare.with_version("arm64", None), b"shared", b"arm64")
    attestation = await push(registries, bare.with_version("att", None), b'{"predicateType": "provenance"}')
    return await push_index(registries, reference, amd64, arm64, attestation), amd64, arm64


def served(url: str, reference: Reference) -> str:
    """Return the digest that another client gets."""
    name = f"docker://{urlsplit(url).netloc}/{reference.repository}:{reference.tag}"
    command = ["skopeo", "inspect", "--raw", "--tls-verify=false", name]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def tags(url: str, reference: Reference, folder: Path) -> list[str]:
    """Return the tags that a registry has stored."""
    stored = store(url, folder) / "repositories" / reference.repository / "_manifests" / "tags"
    return sorted(path.name for path in stored.iterdir()) if stored.exists() else []


def store(url: str, folder: Path) -> Path:
    return folder / f"registry-{urlsplit(url).port}" / "data" / "docker" / "registry" / "v2"


def spoil(url: str, folder: Path, digest: str) -> None:
    """Change a stored blob, but not its size."""
    path = store(url, folder) / "blobs" / "sha256" / digest[7:9] / digest[7:] / "data"
    path.write_bytes(bytes(len(path.read_bytes())))


def forget(url: str, folder: Path, reference: Reference, digest: str) -> None:
    """Remove a manifest from a repository, but not from the index that lists it."""
    repository = store(url, folder) / "repositories" / reference.repository
    (repository / "_manifests" / "revisions" / "sha256" / digest[7:] / "link").unlink()


@asynccontextmanager
async def watched(url: str, *, lost: str = "") -> AsyncIterator[tuple[str, list[str]]]:
    """Stand in front of a registry and write down what is asked of it; the call `lost` does not reach it."""
    calls: list[str] = []

    async def answer(request: web.Request, passed: Pass) -> web.StreamResponse:
        calls.append(f"{request.method} {request.path}")
        if calls[-1] == lost:
            return web.Response(status=201)
        return (await passed(request, await request.read())).response(request)

    async with between(url, answer) as proxy:
        yield proxy.url, calls


def writes(calls: Sequence[str]) -> list[str]:
    return [call for call in calls if call.split()[0] not in ("GET", "HEAD")]
