"""Reads images for transfers: counts what that costs, and asks no registry whose limit is reached."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from planner.errors import NotFound, RateLimited, RegistryError, Unauthorized, Unavailable
from planner.model.availability import Status
from planner.model.reference import DOCKER_HUB, Carrier, Reference
from planner.registries.oci import Descriptor, Manifest, Registries

T = TypeVar("T")


class Parked(RateLimited):
    """A registry has said before that its limit is reached, and is not asked again."""


@dataclass(slots=True)
class Ledger:
    """What one run has found out. The waves of a run share it, so that nothing is fetched twice."""

    manifests: dict[str, Manifest] = field(default_factory=dict)  # by digest, so never stale
    held: set[tuple[str, str]] = field(default_factory=set)  # repository and digest known to be there
    places: dict[tuple[str, str], Reference] = field(
        default_factory=dict
    )  # registry and digest: a repository
    refused: Counter[str] = field(default_factory=Counter)  # mounts, by registry
    parked: dict[str, RateLimited] = field(default_factory=dict)  # by what has the limit that is reached
    locks: defaultdict[tuple[str, str], asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )


@dataclass(slots=True)
class Reader:
    """What one transfer reads, and what that has cost so far."""

    registries: Registries
    ledger: Ledger
    received: int = 0  # bytes
    pulls: int = 0  # manifests fetched from Docker Hub

    async def digest(self, reference: Reference) -> str | None:
        """Return what a registry has under a name, None where it has nothing. Raises RegistryError."""
        with self._asking(reference):
            probe = await self.registries.head(reference)
            told = f"{reference}: {probe.detail.removeprefix(f'{reference}: ') or probe.status}"
            match probe.status:
                case Status.DENIED:
                    raise Unauthorized(told)
                case Status.RATE_LIMITED:
                    raise RateLimited(told)
                case Status.UNREACHABLE:
                    raise Unavailable(told)
        return probe.digest

    async def resolve(self, source: Reference) -> str:
        """Return the digest of what has to be there."""
        digest = await self.digest(source)
        if digest is None:
            raise NotFound(f"{source} is not there")
        return digest

    async def manifest(self, reference: Reference) -> Manifest:
        """Fetch a manifest, from this registry and no other."""
        with self._asking(reference):
            manifest = await self.registries.manifest(reference)
        self.pulls += reference.registry == DOCKER_HUB
        self.received += len(manifest.body)
        return manifest

    async def known(self, digest: str, sources: Sequence[Reference]) -> Manifest:
        """Return a manifest by its digest, fetched at most once in a ledger."""
        manifests = self.ledger.manifests
        async with self.ledger.locks["", digest]:
            if digest not in manifests:
                pinned = [source.with_version(None, digest) for source in sources]
                manifests[digest] = await first(pinned, self.manifest)
        return manifests[digest]

    async def blob(self, source: Reference, blob: Descriptor) -> AsyncIterator[bytes]:
        """Yield a blob in pieces, checked as it passes."""
        with self._asking(source):
            async for piece in self.registries.blob(source, blob):
                self.received += len(piece)
                yield piece

    @contextmanager
    def _asking(self, reference: Reference) -> Iterator[None]:
        limited = _limited(reference)
        if earlier := self.ledger.parked.get(limited):
            raise Parked(earlier.message, hint=earlier.hint, until=earlier.until)
        try:
            yield
        except RateLimited as error:
            self.ledger.parked[limited] = error
            raise


def _limited(reference: Reference) -> str:
    """Return what a limit holds for: a registry, or in Artifact Registry one repository and its upstream."""
    if reference.carrier is not Carrier.ARTIFACT_REGISTRY:
        return reference.registry
    return "/".join((reference.registry, *reference.repository.split("/")[:2]))


async def first(sources: Sequence[Reference], ask: Callable[[Reference], Awaitable[T]]) -> T:
    """Ask one source after another, as long as they lack something or have something else under its digest.

    A source that is limited or away is not passed over: the next one could cost pulls that nobody planned.
    """
    *others, last = sources
    for source in others:
        try:
            return await ask(source)
        except (RateLimited, Unavailable):
            raise
        except RegistryError:
            continue
    return await ask(last)
