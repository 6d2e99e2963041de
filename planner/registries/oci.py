"""Registries, spoken to as the distribution specification says: manifests and blobs of any host.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from planner.model.availability import Probe, PullLimit
from planner.model.reference import Reference
from planner.registries._transport import Endpoints
from planner.registries.manifest import Descriptor, Manifest

__all__ = ["Descriptor", "Manifest", "Registries", "connect"]


class Registries:
    """All registries behind one transport."""

    pull_limit: PullLimit | None = None  # what Docker Hub's headers last said

    async def head(self, reference: Reference) -> Probe:
        """Ask whether a registry has a manifest. What it says or fails to say is the value."""
        raise NotImplementedError

    async def manifest(self, reference: Reference) -> Manifest:
        """Fetch a manifest and check its digest."""
        raise NotImplementedError

    async def has_blob(self, repository: Reference, digest: str) -> bool:
        """Ask whether a repository has a blob."""
        raise NotImplementedError

    async def blob(self, repository: Reference, blob: Descriptor) -> AsyncIterator[bytes]:
        """Yield a blob in pieces; raises RegistryError at the end when size or digest are not as told."""
        raise NotImplementedError
        yield b""

    async def upload(self, repository: Reference, blob: Descriptor, chunks: AsyncIterator[bytes]) -> None:
        """Send a blob as one body."""
        raise NotImplementedError

    async def mount(self, repository: Reference, digest: str, source: Reference) -> bool:
        """Let a repository have a blob of another one at the same registry; False where it has to be sent."""
        raise NotImplementedError

    async def put_manifest(self, reference: Reference, manifest: Manifest) -> str:
        """Send a manifest, under its tag where the reference has one, and return its digest."""
        raise NotImplementedError


@asynccontextmanager
async def connect(endpoints: Endpoints | None = None) -> AsyncIterator[Registries]:
    """Open the registries; they are closed at the end of the block."""
    raise NotImplementedError
    yield Registries()
