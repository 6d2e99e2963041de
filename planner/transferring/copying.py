"""Copies: an image into a standard repository, its tag last: a tag never names what is not all there."""

from collections.abc import Sequence
from contextlib import suppress

import msgspec

from planner.errors import RegistryError
from planner.model.job import Copy
from planner.model.outcome import Result
from planner.model.reference import Reference
from planner.registries.oci import Manifest
from planner.registries.reading import Reader
from planner.transferring.attached import Attachments
from planner.transferring.content import Content
from planner.transferring.done import Done
from planner.transferring.options import Attached, Options
from planner.transferring.subset import Subset, is_part, subset


class Copying(msgspec.Struct, frozen=True):
    """An image on its way into a standard repository."""

    content: Content
    action: Copy
    digest: str  # wanted
    options: Options

    @property
    def reader(self) -> Reader:
        """What reads for it."""
        return self.content.reader

    @property
    def into(self) -> Reference:
        """Where it goes."""
        return self.content.into

    @property
    def name(self) -> Reference:
        """What it is called there: by its tag, by its digest only where it shall have no tag."""
        tag = self.into.tag or (None if self.into.digest else "latest")
        return self.into.with_version(tag, None) if tag else self.into.with_version(None, self.digest)

    async def run(self) -> Done:
        """Put the image there, unless its digest is there under its tag."""
        found = await self.reader.digest(self.name)
        if found == self.digest:
            return Done(Result.PRESENT, self.digest, await self._attached_since())
        if self.options.platforms and not self.into.digest:
            return await self._chosen(found)
        return await self._whole()

    async def _whole(self) -> Done:
        manifest = await self._under_another_tag()
        if manifest is None:
            manifest = await self.content.fetch(self.digest)
            await self.content.below(manifest)
            notes = await self._attached([*(child.digest for child in manifest.children), manifest.digest])
        else:
            notes = await self._attached_since()
        await self._finish(manifest)
        pinned = self.options.platforms and self.into.digest and manifest.is_index
        said = "all platforms, for code asks for this digest" if pinned else ""
        return Done(Result.DONE, self.digest, _joined(said, notes, await self._moved()))

    async def _chosen(self, found: str | None) -> Done:
        """Put an index of the chosen platforms there. What is no index goes as it is."""
        if found and await self._is_there(found):
            return Done(Result.PRESENT, found, self._part_of(found))
        index = await self.content.fetch(self.digest)
        if not index.is_index:
            return await self._whole()
        part = subset(index, self.options.platforms)
        if part.manifest.digest == self.digest:
            return await self._whole()
        if part.manifest.digest == found:
            return Done(Result.PRESENT, found, self._part_of(found, part))
        await self.content.below(part.manifest)
        notes = await self._attached([child.digest for child in part.kept])
        await self._finish(part.manifest)
        said = self._part_of(part.manifest.digest, part)
        return Done(Result.DONE, part.manifest.digest, _joined(said, notes, await self._moved()))

    async def _is_there(self, found: str) -> bool:
        """Tell whether what is there says that it is what was chosen; reading it is no pull."""
        with suppress(RegistryError):
            there = await self.reader.manifest(self.into.with_version(None, found))
            return there.is_index and is_part(there, self.digest, self.options.platforms)
        return False

    def _part_of(self, digest: str, part: Subset | None = None) -> str:
        platforms = ", ".join(self.options.platforms)
        lacking = f"; it has no {', '.join(part.lacking)}" if part and part.lacking else ""
        return f"{digest} is a new index: {platforms} of {self.digest}{lacking}"

    async def _under_another_tag(self) -> Manifest | None:
        """Return the image where it is there, and only its tag is missing."""
        pinned = self.into.with_version(None, self.digest)
        ledger = self.reader.ledger
        if self.name == pinned:
            return None
        known = ledger.manifests.find(self.digest)
        if known and (self.into.name, self.digest) in ledger.held:
            return known
        return await self.reader.manifest(pinned) if await self.reader.digest(pinned) == self.digest else None

    async def _attached(self, digests: Sequence[str]) -> str:
        """Bring what is attached to manifests, and return what there is to say of it."""
        if self.options.attached is Attached.NONE:
            return ""
        attachments = Attachments(self.content, self.action.source)
        await attachments.bring(digests)
        return attachments.told

    async def _attached_since(self) -> str:
        """Bring what was attached to an image since it is there, where that is asked for."""
        if self.options.attached is not Attached.ALL:
            return ""
        manifest = await self.reader.manifest(self.into.with_version(None, self.digest))
        return await self._attached([*(child.digest for child in manifest.children), manifest.digest])

    async def _finish(self, manifest: Manifest) -> None:
        """Give the image its name, and see that it has it."""
        await self.content.put(manifest, self.name)
        found = await self.reader.served(self.name)
        if found is None or not manifest.is_called(found):
            there = found or "missing"
            raise RegistryError(f"{self.name} is {there} after the copy, expected {manifest.digest}")

    async def _moved(self) -> str:
        """Return that the tag is of something else by now, which costs no pull to know."""
        source = self.action.source
        if source.digest or not source.tag:
            return ""
        with suppress(RegistryError):
            found = await self.reader.digest(source)
            if found and found != self.digest:
                return f"tag moved: {source} is {found} by now, copied was {self.digest}"
        return ""


def _joined(*notes: str) -> str:
    return "; ".join(filter(None, notes))
