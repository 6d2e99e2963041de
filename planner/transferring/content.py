"""What images consist of, on its way into one repository: blobs, and the manifests that an index lists.

What is there is not sent again. A registry is asked for each blob and told to expect it in one request: it is
to mount the blob from where it is known to be, or from the repository itself, and where it cannot, its answer
is the beginning of an upload (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#mounting-a-blob-from-another-repository).
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Iterable
from contextlib import aclosing

import msgspec

from planner.errors import RegistryError
from planner.model.reference import Reference
from planner.registries.oci import Begun, Descriptor, Manifest
from planner.registries.reading import Reader
from planner.transferring.extent import Extent, check_known, check_size

DEEPEST = 4  # manifests one below another; an image is 1, an index of images 2
_MOUNTS = 3  # from other repositories that were refused, after which a registry is not asked for more


class Content(msgspec.Struct, frozen=True):
    """The content of one image, with what is attached to it."""

    reader: Reader
    slots: asyncio.Semaphore
    into: Reference
    sources: tuple[Reference, ...]  # where the bytes are available, the cheapest first
    spend: bool  # whether pulls were planned, so that a free source that is away need not be waited for
    extent: Extent = msgspec.field(default_factory=Extent)

    async def fetch(self, digest: str) -> Manifest:
        """Return a manifest from the cheapest source that has it."""
        return await self.reader.known(digest, self.sources, spend=self.spend)

    async def put(self, manifest: Manifest, place: Reference) -> None:
        """Put a manifest there whose content is there."""
        await self.reader.registries.put_manifest(place, manifest)
        self.reader.ledger.held.add((self.into.name, manifest.digest))

    async def below(self, manifest: Manifest, depth: int = 1) -> None:
        """Have everything there that a manifest points at."""
        check_depth(manifest, depth)
        foreign = next((blob for blob in manifest.blobs if blob.foreign), None)
        if foreign:
            raise RegistryError(
                f"{manifest.digest} has a foreign layer, which registries do not hold: {foreign.digest}",
                hint="warm it through a remote repository, or build on another base",
            )
        self.extent.add(manifest)
        await together(self._child(child, depth + 1) for child in manifest.children)
        await together(self._blob(blob) for blob in manifest.blobs)

    async def _child(self, child: Descriptor, depth: int) -> None:
        held, name, place = (
            self.reader.ledger.held,
            self.into.name,
            self.into.with_version(None, child.digest),
        )
        async with self.reader.ledger.lock(name, child.digest):
            if (name, child.digest) in held:
                return
            if await self.reader.digest(place) != child.digest:
                manifest = await self.fetch(child.digest)
                check_size(manifest, child)
                await self.below(manifest, depth)
                await self.put(manifest, place)
            held.add((name, child.digest))

    async def _blob(self, blob: Descriptor) -> None:
        """Have a blob there. Where two images share it, the second one waits and mounts it."""
        ledger, registry = self.reader.ledger, self.into.registry
        async with ledger.lock(registry, blob.digest):
            check_known(blob, ledger.sizes.get(blob.digest))
            if (self.into.name, blob.digest) in ledger.blobs:
                return
            if registry in ledger.tells:
                await self._bring(blob)
            else:
                await self._first(blob)
            ledger.blobs.add((self.into.name, blob.digest))
            ledger.places.setdefault((registry, blob.digest), self.into)

    async def _first(self, blob: Descriptor) -> None:
        """Bring the first blob to a registry, and learn from it what the answer to a mount tells there.

        A blob that is there is mounted from its own repository, or the registry does not do that. The others
        wait for that, and no longer. Whether it is there is asked for: some say so of anything.
        """
        registries, tells = self.reader.registries, self.reader.ledger.tells
        async with self.reader.ledger.lock(self.into.registry, ""):
            if first := self.into.registry not in tells:
                begun = await registries.begin(self.into, blob.digest, self.into)
                there = await registries.has_blob(self.into, blob.digest)
                if begun and there:
                    await registries.cancel(begun)
                elif begun:
                    await self._send(blob, begun)
                    begun = await registries.begin(self.into, blob.digest, self.into)
                    if begun:
                        await registries.cancel(begun)
                    there = await registries.has_blob(self.into, blob.digest)
                    if not there:
                        raise RegistryError(f"{self.into.name} took {blob.digest}, and does not have it")
                tells[self.into.registry] = begun is None and there
        if not (first and there):
            await self._bring(blob)

    async def _bring(self, blob: Descriptor) -> None:
        registries, ledger, registry = self.reader.registries, self.reader.ledger, self.into.registry
        place = ledger.places.get((registry, blob.digest)) if ledger.refused[registry] < _MOUNTS else None
        tells = ledger.tells[registry]
        if not tells and await registries.has_blob(self.into, blob.digest):
            return
        async with self.slots:
            begun = await registries.begin(self.into, blob.digest, place or (self.into if tells else None))
            if begun is None and place and not await self._mounted(blob):
                begun = await registries.begin(self.into, blob.digest, None)
            elif begun and place:
                ledger.refused[registry] += 1
                if tells and await registries.has_blob(self.into, blob.digest):
                    await registries.cancel(begun)
                    return
            if begun:
                await self._send(blob, begun)

    async def _mounted(self, blob: Descriptor) -> bool:
        """Tell whether a registry has what it says it has mounted; its first mount speaks for all."""
        ledger, registry = self.reader.ledger, self.into.registry
        async with ledger.lock(registry, "mounts"):
            if registry not in ledger.mounts:
                ledger.mounts[registry] = await self.reader.registries.has_blob(self.into, blob.digest)
                ledger.refused[registry] += 0 if ledger.mounts[registry] else _MOUNTS
            return ledger.mounts[registry]

    async def _send(self, blob: Descriptor, begun: Begun | None) -> None:
        """Send a blob from the first source that gives all of it; that costs no pull anywhere."""
        *others, last = self.sources
        for source in (each for each in others if each.name not in self.reader.lacked):
            pieces = _Pieces(self.reader, source, blob)
            try:
                await self.reader.registries.upload(self.into, blob, pieces.read, begun)
            except RegistryError as error:
                if error is not pieces.failure:
                    raise
                begun = None
            else:
                return
        await self.reader.registries.upload(self.into, blob, _Pieces(self.reader, last, blob).read, begun)


class _Pieces:
    """A blob of one source, which may be read several times, and why that failed."""

    def __init__(self, reader: Reader, source: Reference, blob: Descriptor) -> None:
        self._reader, self._source, self._blob = reader, source, blob
        self.failure: RegistryError | None = None

    async def read(self) -> AsyncGenerator[bytes, None]:
        """Yield the blob from its beginning."""
        try:
            async with aclosing(self._reader.blob(self._source, self._blob)) as pieces:
                async for piece in pieces:
                    yield piece
            self._reader.ledger.sizes[self._blob.digest] = self._blob.size
        except RegistryError as error:
            self.failure = error
            raise


async def together(jobs: Iterable[Coroutine[None, None, None]]) -> None:
    """Run all at once; the first failure stops the others and is raised as itself."""
    several = list(jobs)
    if len(several) < 2:
        for job in several:
            await job
        return
    try:
        async with asyncio.TaskGroup() as group:
            for job in several:
                group.create_task(job)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


def check_depth(manifest: Manifest, depth: int) -> None:
    """Raise RegistryError for a manifest that lies too deep."""
    if depth > DEEPEST:
        raise RegistryError(f"{manifest.digest} lies deeper in an index than {DEEPEST} manifests")
