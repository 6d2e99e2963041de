"""Carries out a wave of transfers, and says what became of each.

A copy writes bytes into a standard repository: blobs first, then the manifests of an index, the image's own
manifest last and under its tag, so that a tag never names what is not all there. A warm-up reads an image
through a remote repository, which keeps it from then on; for a manifest alone it would keep no layer, so
every blob is read. The registry is the record: what is there already is not sent again.

Nothing is tried twice here; the transport does that.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from planner.errors import PlannerError, RateLimited, RegistryError, StalePlan
from planner.model.job import Copy, Transfer, Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import key
from planner.model.reference import Reference
from planner.registries.concurrent import as_they_end
from planner.registries.oci import Descriptor, Manifest, Registries
from planner.registries.reading import Ledger, Parked, Reader, first

RATE_LIMITED = "rate limited: "  # how the error of an outcome begins that has to wait for the pull limit
DEEPEST = 4  # manifests one below another; an image is 1, an index of images 2
_BLOBS = 2  # in flight, for each image in flight
_MOUNTS = 3  # refused ones, after which a registry is not asked for more


def rate_limited(outcome: Outcome) -> bool:
    """Whether an image has to wait until a registry's pull limit allows more."""
    return outcome.error.startswith(RATE_LIMITED)


def transfer(
    transfers: Sequence[Transfer],
    registries: Registries,
    *,
    concurrency: int = 4,
    ledger: Ledger | None = None,
) -> AsyncGenerator[Outcome, None]:
    """Yield what became of each transfer as it ends; failures are values, and leave the others alone.

    `concurrency` is in images. When a registry says that its limit is reached, what needs it is skipped. Give
    the waves of a run the same ledger.
    """
    shared = ledger or Ledger()
    slots = asyncio.Semaphore(concurrency * _BLOBS)

    async def work(action: Transfer) -> Outcome:
        return await _run(action, Reader(registries, shared), slots)

    return as_they_end(transfers, work, concurrency)


async def copy_one(source: Reference, destination: Reference, registries: Registries) -> Outcome:
    """Copy one image with all its platforms, byte for byte."""
    action = Copy(source, source, destination, source.digest, "")
    return await _run(action, Reader(registries, Ledger()), asyncio.Semaphore(2 * _BLOBS))


async def _run(action: Transfer, reader: Reader, slots: asyncio.Semaphore) -> Outcome:
    """Carry out a transfer; whatever a registry does to it is in the outcome."""
    started = time.monotonic()
    digest, error = action.digest or action.source.digest, ""
    try:
        match action:
            case Copy():
                digest = digest or await reader.resolve(action.source)
                result = await _Copying(reader, slots, action, digest).run()
            case Warm():
                manifest = await reader.manifest(action.destination)
                digest = digest or manifest.digest
                result = await _Warming(reader, slots, action.destination).run(manifest, digest)
    except Parked as parked:
        result, error = Result.SKIPPED, _told(parked)
    except PlannerError as failure:
        result, error = Result.FAILED, _told(failure)
    return Outcome(
        key=key(action),
        action="copy" if isinstance(action, Copy) else "warm",
        subject=str(action.destination),
        result=result,
        digest=digest,
        bytes=reader.received,
        seconds=round(time.monotonic() - started, 3),
        attempts=0 if result is Result.SKIPPED else 1,
        pulls=reader.pulls,
        error=error,
    )


@dataclass(frozen=True, slots=True)
class _Copying:
    """An image on its way into a standard repository."""

    reader: Reader
    slots: asyncio.Semaphore
    action: Copy
    digest: str

    @property
    def into(self) -> Reference:
        return self.action.destination

    @property
    def sources(self) -> tuple[Reference, ...]:
        """Where the bytes can be had, the cheapest first."""
        both = (self.action.origin, self.action.source)
        return tuple(dict.fromkeys(source.with_version(None, None) for source in both))

    async def run(self) -> Result:
        """Put the image there, unless its digest is there under its tag."""
        pinned = self.into.with_version(None, self.digest)
        tag = self.into.tag or (None if self.into.digest else "latest")
        name = self.into.with_version(tag, None) if tag else pinned
        if await self.reader.digest(name) == self.digest:
            return Result.PRESENT
        if name != pinned and await self.reader.digest(pinned) == self.digest:
            manifest = await self.reader.manifest(pinned)  # only the tag is missing
        else:
            manifest = await self.reader.known(self.digest, self.sources)
            await self._content(manifest)
        await self.reader.registries.put_manifest(name, manifest)
        found = await self.reader.digest(name)
        if found != self.digest:
            raise RegistryError(f"{name} is {found or 'missing'} after the copy, expected {self.digest}")
        return Result.DONE

    async def _content(self, manifest: Manifest, depth: int = 1) -> None:
        """Put everything there that a manifest points at."""
        _check_depth(manifest, depth)
        foreign = next((blob for blob in manifest.blobs if blob.foreign), None)
        if foreign:
            raise RegistryError(
                f"{manifest.digest} has a foreign layer, which registries do not hold: {foreign.digest}",
                hint="warm it through a remote repository, or build on another base",
            )
        for child in manifest.children:
            await self._child(child, depth + 1)
        await _together(self._blob(blob) for blob in manifest.blobs)

    async def _child(self, child: Descriptor, depth: int) -> None:
        held, place = self.reader.ledger.held, self.into.with_version(None, child.digest)
        if (self.into.name, child.digest) in held:
            return
        if await self.reader.digest(place) != child.digest:
            manifest = await self.reader.known(child.digest, self.sources)
            await self._content(manifest, depth)
            await self.reader.registries.put_manifest(place, manifest)
        held.add((self.into.name, child.digest))

    async def _blob(self, blob: Descriptor) -> None:
        """Have a blob there. Where two images share it, the second one waits and mounts it."""
        ledger, anywhere = self.reader.ledger, (self.into.registry, blob.digest)
        async with ledger.locks[anywhere]:
            if (self.into.name, blob.digest) in ledger.held:
                return
            there = await self.reader.registries.has_blob(self.into, blob.digest) or await self._mount(blob)
            if not there:
                async with self.slots:
                    await first(self.sources, partial(self._send, blob))
            ledger.held.add((self.into.name, blob.digest))
            ledger.places.setdefault(anywhere, self.into)

    async def _mount(self, blob: Descriptor) -> bool:
        ledger, registry = self.reader.ledger, self.into.registry
        place = ledger.places.get((registry, blob.digest))
        if place is None or ledger.refused[registry] >= _MOUNTS:
            return False
        mounted = await self.reader.registries.mount(self.into, blob.digest, place)
        ledger.refused[registry] += not mounted
        return mounted

    async def _send(self, blob: Descriptor, source: Reference) -> None:
        await self.reader.registries.upload(self.into, blob, self.reader.blob(source, blob))


@dataclass(frozen=True, slots=True)
class _Warming:
    """An image on its way through a remote repository."""

    reader: Reader
    slots: asyncio.Semaphore
    through: Reference

    async def run(self, manifest: Manifest, planned: str) -> Result:
        """Read all of it. Raises StalePlan for a tag that has moved, once what was planned is warm."""
        moved = StalePlan(f"tag moved: planned {planned}, found {manifest.digest}; plan again")
        stale = manifest.digest != planned
        if stale:
            try:
                manifest = await self.reader.manifest(self.through.with_version(None, planned))
            except RateLimited:
                raise
            except RegistryError as error:
                raise moved from error
        warm = (self.through.name, planned) in self.reader.ledger.held
        if not warm:
            await self._content(manifest)
        if stale:
            raise moved
        return Result.PRESENT if warm else Result.DONE

    async def _content(self, manifest: Manifest, depth: int = 1) -> None:
        """Read everything a manifest points at; a foreign layer is never asked of a registry."""
        _check_depth(manifest, depth)
        held, repository = self.reader.ledger.held, self.through.name
        for child in manifest.children:
            if (repository, child.digest) not in held:
                below = await self.reader.manifest(self.through.with_version(None, child.digest))
                await self._content(below, depth + 1)
        await _together(self._blob(blob) for blob in manifest.blobs if not blob.foreign)
        held.add((repository, manifest.digest))

    async def _blob(self, blob: Descriptor) -> None:
        there = (self.through.name, blob.digest)
        async with self.reader.ledger.locks[there]:
            if there in self.reader.ledger.held:
                return
            async with self.slots:
                async for _ in self.reader.blob(self.through, blob):
                    pass
            self.reader.ledger.held.add(there)


async def _together(jobs: Iterable[Coroutine[None, None, None]]) -> None:
    """Run all at once; the first failure stops the others and is raised as itself."""
    try:
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(job)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


def _check_depth(manifest: Manifest, depth: int) -> None:
    if depth > DEEPEST:
        raise RegistryError(f"{manifest.digest} lies deeper in an index than {DEEPEST} manifests")


def _told(error: PlannerError) -> str:
    """Return an error on one line: what is, and in brackets what to do."""
    told = f"{error.message} ({error.hint})" if error.hint else error.message
    if not isinstance(error, RateLimited):
        return told
    until = f"; come back at {error.until:%Y-%m-%d %H:%M} UTC" if error.until else ""
    return f"{RATE_LIMITED}{told}{until}"
