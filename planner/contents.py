"""What a manifest holds, read where reading costs no pull: its platforms, their sizes, what is missing.

A manifest is asked for by digest, once, at a registry that has just said it holds it: the mirror, a
repository of your own, or a registry without a pull limit. Docker Hub's are never read here: that is a pull.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

import msgspec

from planner.errors import NotFound, RegistryError
from planner.model.artifact import CONFIGURATIONS, IMAGE, INDEX, SCHEMA_1, of_content
from planner.model.availability import Probe
from planner.model.platform import UNKNOWN
from planner.model.reference import DOCKER_HUB, Reference
from planner.registries.answer import clean
from planner.registries.oci import Manifest, Registries
from planner.registries.platforms import child_platform, clean_platform, configured_platform

UNTOLD = ""  # the platform of an image whose configuration does not tell it, or is not there
_MOST_PLATFORMS = 100  # of an index that are read; images of many have about a dozen
_BEGINNING = 16  # hexadecimal digits of a digest: enough to tell blobs apart, and short in a document
_MOST_BLOBS = 4096  # of an image that are listed one by one; images of a dozen platforms have a few hundred


@dataclass(frozen=True, slots=True)
class Part:
    """One platform of an image."""

    digest: str  # of its manifest
    size: int | None = None  # bytes, compressed; None: its manifest was not read
    lacking: tuple[str, ...] = ()  # digests that are named and not there
    problem: str = ""  # why no more was read


@dataclass(frozen=True, slots=True)
class Content:
    """What was read of one manifest."""

    artifact: str = ""
    parts: Mapping[str, Part] | None = None  # by platform, the first of a kind, or UNTOLD; None: not known
    problem: str = ""  # why no more was read
    size: int | None = None  # bytes, compressed, all platforms; None where not all of them were read
    blobs: Mapping[str, int] = field(default_factory=dict)  # beginning of the digest: bytes, of what was read
    manifests: int | None = None  # this one and those that it lists, attestations too; None: not read

    @property
    def lacking(self) -> tuple[str, ...]:
        """Every digest that is named and not there."""
        return tuple(sorted({digest for part in (self.parts or {}).values() for digest in part.lacking}))


@dataclass(slots=True)
class Contents:
    """Reads manifests for one check; what is immutable is read once."""

    registries: Registries
    slots: Mapping[str, asyncio.Semaphore]  # requests in flight, by registry
    platforms: tuple[str, ...] = ()  # to look into; where none is named, all if `deep` or `sizes`
    deep: bool = False  # whether configuration and layers are asked for as well
    sizes: bool = False  # whether all platforms are read, those that are not wanted too
    _manifests: dict[Reference, Manifest] = field(default_factory=dict)
    _held: set[Reference] = field(default_factory=set)  # blobs
    _locks: defaultdict[Reference, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def of(self, probe: Probe) -> Content:
        """Return what is in a manifest that a registry has just said it holds; failures are in it."""
        artifact = probe.artifact
        if artifact == SCHEMA_1 or probe.digest is None or probe.reference.registry == DOCKER_HUB:
            return Content(artifact)
        place = probe.reference.with_version(None, probe.digest)
        try:
            manifest = await self._manifest(place)
            parts = await self._parts(place, manifest)
        except RegistryError as error:
            return Content(artifact, problem=error.message)
        wanted = {platform: part for platform, part in parts.items() if self._wanted(platform)}
        others = set(_images(manifest)[:_MOST_PLATFORMS]) if self._everything else set()
        async with asyncio.TaskGroup() as group:
            tasks = {
                platform: group.create_task(self._looked_into(place, part))
                for platform, part in wanted.items()
            }
            for digest in sorted(others - {part.digest for part in wanted.values()}):
                group.create_task(self._sized(place, digest))
        seen = {**parts, **{platform: task.result() for platform, task in tasks.items()}}
        size, blobs = self._held_by(place, manifest)
        number = 1 + len({child.digest for child in manifest.children})
        return Content(
            artifact or _artifact(manifest), seen or None, size=size, blobs=blobs, manifests=number
        )

    @property
    def _everything(self) -> bool:
        return self.sizes or (self.deep and not self.platforms)

    def _wanted(self, platform: str) -> bool:
        if not self.platforms:
            return self._everything
        return platform in (*self.platforms, UNTOLD)

    def _held_by(self, place: Reference, manifest: Manifest) -> tuple[int | None, Mapping[str, int]]:
        """Return the bytes of an image, None where not all of it was read, and the blobs that were."""
        names = _images(manifest) if manifest.is_index else (manifest.digest,)
        found = [self._manifests.get(place.with_version(None, name)) for name in names]
        read = [each for each in found if each is not None and not each.is_index]
        blobs = {
            blob.digest.partition(":")[2][:_BEGINNING]: blob.size
            for each in read
            for blob in each.blobs
            if not blob.foreign
        }
        size = sum(map(_size, read)) if read and len(read) == len(found) else None
        return size, blobs if len(blobs) <= _MOST_BLOBS else {}

    async def _sized(self, place: Reference, digest: str) -> None:
        """Read the manifest of a platform that nobody wants, for its size; one that is gone has none."""
        with suppress(RegistryError):
            await self._manifest(place.with_version(None, digest))

    async def _manifest(self, place: Reference) -> Manifest:
        async with self._locks[place]:
            if place not in self._manifests:
                async with self.slots[place.registry]:
                    manifest = await self.registries.manifest(place)
                self._manifests[place] = msgspec.structs.replace(
                    manifest, body=b""
                )  # thousands are kept; it may be large
        return self._manifests[place]

    async def _parts(self, place: Reference, manifest: Manifest) -> Mapping[str, Part]:
        """Return the platforms of an index, or the one of an image; other artifacts have none."""
        if manifest.is_index:
            return _children(manifest)
        if _artifact(manifest) != IMAGE or manifest.blobs[0].media_type not in CONFIGURATIONS:
            return {}
        part = Part(manifest.digest, _size(manifest))
        try:
            async with self.slots[place.registry]:
                platform = await configured_platform(self.registries, place, manifest.blobs[0])
        except NotFound:
            return {UNTOLD: replace(part, lacking=(manifest.blobs[0].digest,))}
        return {platform or UNTOLD: part}

    async def _looked_into(self, place: Reference, part: Part) -> Part:
        """Read the manifest of a platform, and ask for its blobs if that is wanted."""
        try:
            manifest = await self._manifest(place.with_version(None, part.digest))
            if manifest.is_index:
                return replace(part, problem=f"{part.digest} is an index inside an index")
            lacking = await self._lacking(place, manifest) if self.deep else ()
        except NotFound:
            return replace(part, lacking=(part.digest,))
        except RegistryError as error:
            return replace(part, problem=error.message)
        return replace(part, size=_size(manifest), lacking=lacking or part.lacking)

    async def _lacking(self, place: Reference, manifest: Manifest) -> tuple[str, ...]:
        wanted = {blob.digest for blob in manifest.blobs if not blob.foreign}
        return tuple([digest for digest in sorted(wanted) if not await self._has(place, digest)])

    async def _has(self, place: Reference, digest: str) -> bool:
        """Ask for a blob; one that is there is asked for once."""
        blob = place.with_version(None, digest)
        async with self._locks[blob]:
            if blob not in self._held:
                async with self.slots[place.registry]:
                    if not await self.registries.has_blob(place, digest):
                        return False
                self._held.add(blob)
        return True


def _children(manifest: Manifest) -> Mapping[str, Part]:
    parts: dict[str, Part] = {}
    for child in manifest.children:
        platform = child_platform(child)
        if platform and len(parts) < _MOST_PLATFORMS:
            parts.setdefault(platform, Part(child.digest))
    return parts


def _images(manifest: Manifest) -> tuple[str, ...]:
    """Return the digests that an index names, each once, but for attestations, which are a few kilobytes."""
    return tuple(dict.fromkeys(c.digest for c in manifest.children if clean_platform(c.platform) != UNKNOWN))


def _artifact(manifest: Manifest) -> str:
    if manifest.is_index:
        return INDEX
    configuration, *layers = (blob.media_type for blob in manifest.blobs)
    return clean(of_content(manifest.artifact_type, configuration, layers))


def _size(manifest: Manifest) -> int:
    return sum(blob.size for blob in manifest.blobs if not blob.foreign)
