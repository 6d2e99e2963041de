"""Reading images for transfers: what it costs is counted, and no registry is asked whose limit is reached."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import TypeVar
from weakref import WeakValueDictionary

from msgspec import Struct, field

from planner.errors import NotFound, RateLimited, RegistryError, Unauthorized, Unavailable
from planner.model.availability import Status
from planner.model.reference import DOCKER_HUB, Carrier, Reference
from planner.registries.oci import SMALL, Descriptor, Manifest, Registries

T = TypeVar("T")

_MOST_KEPT = 16 << 20  # bytes of manifests
_SEVERAL = 3  # references in a row; a single one may be limited for itself


async def _unasked() -> None:
    """Let everything be pulled."""


class Parked(RateLimited):
    """A registry is not asked, because it has said before that its limit is reached."""


class Kept(Struct):
    """Manifests by digest, which never go stale. The oldest give way to new ones."""

    _manifests: dict[str, Manifest] = field(default_factory=dict)
    _size: int = 0  # bytes

    def find(self, digest: str) -> Manifest | None:
        """Return a manifest that was seen not long ago."""
        return self._manifests.get(digest)

    def add(self, manifest: Manifest) -> None:
        """Keep a manifest."""
        if manifest.digest not in self._manifests:
            self._manifests[manifest.digest] = manifest
            self._size += len(manifest.body)
        while self._size > _MOST_KEPT:
            oldest = self._manifests.pop(next(iter(self._manifests)))
            self._size -= len(oldest.body)


class Ledger(Struct):
    """What one run has found out. The waves of a run share it, so that nothing is fetched twice."""

    manifests: Kept = field(default_factory=Kept)
    held: set[tuple[str, str]] = field(default_factory=set)  # repository, and digest of a manifest there
    blobs: set[tuple[str, str]] = field(default_factory=set)  # repository, and digest of a blob there
    places: dict[tuple[str, str], Reference] = field(
        default_factory=dict
    )  # registry and digest: a repository
    refused: Counter[str] = field(default_factory=Counter)  # mounts, by registry
    tells: dict[str, bool] = field(default_factory=dict)  # registry: whether a mount tells what is there
    sizes: dict[str, int] = field(default_factory=dict)  # digest: bytes of a blob that was read whole
    mounts: dict[str, bool] = field(default_factory=dict)  # registry: whether what it mounts is there
    lists: dict[str, bool] = field(default_factory=dict)  # registry: whether it lists referrers
    attached: dict[str, dict[str, list[str]]] = field(default_factory=dict)  # repository: fallback tag: tags
    parked: dict[str, RateLimited] = field(default_factory=dict)  # by what has the limit that is reached
    limited: dict[str, set[Reference]] = field(default_factory=dict)  # by the same: what was refused in a row
    received: int = 0  # bytes
    expect: Callable[[int], object] = lambda _: None  # called with how many pulls are about to follow
    before_pull: Callable[[], Awaitable[None]] = _unasked  # raises where Docker Hub shall not be asked
    _locks: "WeakValueDictionary[tuple[str, str], asyncio.Lock]" = field(default_factory=WeakValueDictionary)

    def limited_again(self, limited: str, reference: Reference) -> bool:
        """Note a refusal; tell whether there were so many in a row that the upstream's limit is reached.

        Artifact Registry tells nothing else of the limit of a remote repository's upstream.
        """
        if reference.carrier is not Carrier.ARTIFACT_REGISTRY:
            return False
        found = self.limited.setdefault(limited, set())
        found.add(reference)
        return len(found) >= _SEVERAL

    def lock(self, place: str, digest: str) -> asyncio.Lock:
        """Return the lock of something, which lives as long as anybody waits for it."""
        lock = self._locks.get((place, digest))
        if lock is None:
            lock = self._locks[place, digest] = asyncio.Lock()
        return lock


class Reader(Struct):
    """What one transfer reads, and what that has cost so far."""

    registries: Registries
    ledger: Ledger
    received: int = 0  # bytes
    pulls: int = 0  # manifests fetched from Docker Hub
    saved: int = 0  # manifests of Docker Hub's fetched from where they cost no pull
    lacked: set[str] = field(default_factory=set)  # repositories that did not give a manifest

    async def digest(self, reference: Reference) -> str | None:
        """Return what a registry has under a name, None where it has nothing. Raises RegistryError."""
        with self._asking(reference):
            probe = await self.registries.head(reference)
            told = f"{reference}: {probe.detail.removeprefix(f'{reference}: ') or probe.status}"
            match probe.status:
                case Status.DENIED:
                    raise Unauthorized(told)
                case Status.RATE_LIMITED:
                    raise RateLimited(told, until=probe.until, passing=probe.until is None)
                case Status.UNREACHABLE:
                    raise Unavailable(told)
        return probe.digest

    async def resolve(self, source: Reference) -> str:
        """Return the digest of a source. Raises NotFound where there is none."""
        digest = await self.digest(source)
        if digest is None:
            raise NotFound(f"{source} is not there")
        return digest

    async def manifest(self, reference: Reference) -> Manifest:
        """Fetch a manifest, from this registry and no other."""
        with self._asking(reference):
            if reference.registry == DOCKER_HUB:
                await self.ledger.before_pull()
            try:
                manifest = await self.registries.manifest(reference)
            except RegistryError:
                self.lacked.add(reference.name)
                raise
        self.pulls += reference.registry == DOCKER_HUB
        self._count(len(manifest.body))
        return manifest

    async def served(self, reference: Reference) -> str | None:
        """Return the digest of what a registry sends under a name, reckoned from its bytes; None for nothing.

        Docker Hub is only asked what it has, because sending it would be a pull.
        """
        if reference.registry == DOCKER_HUB:
            return await self.digest(reference)
        with self._asking(reference):
            try:
                return (await self.registries.manifest(reference)).digest
            except NotFound:
                return None

    async def known(self, digest: str, sources: Sequence[Reference], *, spend: bool = False) -> Manifest:
        """Return a manifest by its digest, fetched at most once in a run. `spend` is that of `first`."""
        of_docker_hub = any(source.registry == DOCKER_HUB for source in sources)

        async def fetched(reference: Reference) -> Manifest:
            manifest = await self.manifest(reference)
            self.saved += of_docker_hub and reference.registry != DOCKER_HUB
            return manifest

        async with self.ledger.lock("", digest):
            found = self.ledger.manifests.find(digest)
            if found is None:
                pinned = [source.with_version(None, digest) for source in sources]
                found = await first(pinned, fetched, spend=spend)
                self.ledger.manifests.add(found)
        return found

    async def blob(self, source: Reference, blob: Descriptor) -> AsyncGenerator[bytes, None]:
        """Yield a blob in pieces, checked as it passes; a small one is one piece."""
        with self._asking(source):
            if blob.size <= SMALL:
                content = await self.registries.small_blob(source, blob)
                self._count(len(content))
                yield content
                return
            async with aclosing(self.registries.blob(source, blob)) as pieces:
                async for piece in pieces:
                    self._count(len(piece))
                    yield piece

    def _count(self, received: int) -> None:
        self.received += received
        self.ledger.received += received

    @contextmanager
    def _asking(self, reference: Reference) -> Iterator[None]:
        limited = _limited(reference)
        if earlier := self.ledger.parked.get(limited):
            raise Parked(earlier.message, hint=earlier.hint, until=earlier.until)
        try:
            yield
        except RateLimited as error:
            if not error.passing or self.ledger.limited_again(limited, reference):
                self.ledger.parked[limited] = error
            raise
        else:
            self.ledger.limited.pop(limited, None)


def _limited(reference: Reference) -> str:
    """Return what a limit holds for: a registry, or in Artifact Registry one repository and its upstream."""
    if reference.carrier is not Carrier.ARTIFACT_REGISTRY:
        return reference.registry
    return "/".join((reference.registry, *reference.repository.split("/")[:2]))


async def first(
    sources: Sequence[Reference], ask: Callable[[Reference], Awaitable[T]], *, spend: bool = False
) -> T:
    """Return what `ask` returns for the first source that has the right thing.

    Raises what the last one raises. A source that is rate-limited or unavailable is passed over only with
    `spend`: the next one may cost pulls that nobody planned.
    """
    *others, last = sources
    for source in others:
        try:
            return await ask(source)
        except (RateLimited, Unavailable):
            if not spend:
                raise
        except RegistryError:
            continue
    return await ask(last)
