"""Warm-ups: an image is read through a remote repository, which keeps it from then on.

For a manifest alone it would keep no layer, so every blob is read, once, and nothing is kept here.
"""

import asyncio

import msgspec

from planner.errors import RateLimited, RegistryError, StalePlan
from planner.model.outcome import Result
from planner.model.reference import Reference
from planner.registries.oci import Descriptor, Manifest
from planner.registries.reading import Reader
from planner.transferring.content import check_depth, together
from planner.transferring.done import Done
from planner.transferring.extent import Extent, check_known, check_size
from planner.transferring.options import Options
from planner.transferring.subset import subset


class Warming(msgspec.Struct, frozen=True):
    """An image on its way through a remote repository."""

    reader: Reader
    slots: asyncio.Semaphore
    through: Reference
    options: Options

    async def run(self, planned: str | None) -> Done:
        """Read all of it. Raises StalePlan for a tag that has moved, once what was planned is warm."""
        manifest = await self.reader.manifest(self.through)
        wanted = planned or manifest.digest
        if manifest.digest == wanted:
            return Done(await self._warm(manifest), wanted)
        moved = f"tag moved: planned {planned}, found {manifest.digest}"
        if self.options.follow:
            return Done(await self._warm(manifest), manifest.digest, moved)
        stale = StalePlan(f"{moved}; plan again")
        try:
            manifest = await self.reader.manifest(self.through.with_version(None, wanted))
        except RateLimited:
            raise
        except RegistryError as error:
            raise stale from error
        await self._warm(manifest)
        raise stale

    async def _warm(self, manifest: Manifest) -> Result:
        if (self.through.name, manifest.digest) in self.reader.ledger.held:
            return Result.PRESENT
        children = manifest.children
        if manifest.is_index and self.options.platforms:
            children = subset(manifest, self.options.platforms).kept
        await self._content(manifest, children, Extent())
        return Result.DONE

    async def _content(
        self, manifest: Manifest, children: tuple[Descriptor, ...], extent: Extent, depth: int = 1
    ) -> None:
        """Read everything a manifest points at; a foreign layer is never asked of a registry."""
        check_depth(manifest, depth)
        extent.add(manifest)
        held, repository = self.reader.ledger.held, self.through.name
        for child in children:
            if (repository, child.digest) not in held:
                below = await self.reader.manifest(self.through.with_version(None, child.digest))
                check_size(below, child)
                await self._content(below, below.children, extent, depth + 1)
        await together(self._blob(blob) for blob in manifest.blobs if not blob.foreign)
        held.add((repository, manifest.digest))

    async def _blob(self, blob: Descriptor) -> None:
        there = (self.through.name, blob.digest)
        async with self.reader.ledger.lock(*there):
            check_known(blob, self.reader.ledger.sizes.get(blob.digest))
            if there in self.reader.ledger.blobs:
                return
            async with self.slots:
                async for _ in self.reader.blob(self.through, blob):
                    pass
            self.reader.ledger.sizes[blob.digest] = blob.size
            self.reader.ledger.blobs.add(there)
