"""What a destination holds of an image: manifests, platforms, configuration and layers, asked at no cost.

A standard repository is its own source, so all of it is asked for. A remote repository answers for what it
can fetch as well as for what it holds, and a question may fetch it, which is a pull of its upstream's. So its
list of what it keeps is read, and manifests that are on that list
(https://cloud.google.com/artifact-registry/docs/repositories/remote-overview).
"""

from dataclasses import dataclass, field
from functools import partial

from planner.errors import NotFound, PlannerError
from planner.model.artifact import CONFIGURATIONS
from planner.model.reference import Reference
from planner.model.words import counted, few
from planner.registries.answer import clean
from planner.registries.concurrent import as_they_end
from planner.registries.oci import Descriptor, Manifest, Registries
from planner.registries.platforms import child_platform, configured_platform
from planner.transferring.extent import Extent, check_size
from planner.transferring.subset import whole_of

_AT_ONCE = 4  # manifests of an image
_DEEPEST = 3  # indexes one below another that are looked into
_MOST_NAMED = 6  # platforms in a sentence


@dataclass(frozen=True, slots=True)
class Holding:
    """What is there: what is wrong with it, or what is proven beside its digest and what is not."""

    error: str = ""
    detail: str = ""


class _Lacking(Exception):
    """Something that should be there is not."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found below a manifest."""

    manifests: int = 0
    blobs: int = 0
    error: str = ""


@dataclass(slots=True)
class Holdings:
    """Looks into images; a blob that many of them share is asked for once."""

    registries: Registries
    platforms: tuple[str, ...] = ()  # that have to be there, in their canonical spelling
    _blobs: set[tuple[str, str, int]] = field(default_factory=set)  # a repository's name, what it has: bytes

    async def standard(self, place: Reference, planned: str | None, name: Reference) -> Holding:
        """Return what a standard repository holds at a digest, which a name there stands for.

        It may be an index that is a part of the planned one, with platforms that were chosen.
        """
        try:
            manifest = await self.registries.manifest(place)
            part = _part(manifest, planned, name)
            await self._check_platforms(place, manifest)
        except _Lacking as error:
            return Holding(str(error))
        except PlannerError as error:
            return Holding(error.message)
        found = await self._below(place, manifest, Extent(), 1)
        if found.error:
            return Holding(found.error)
        counts = f"{counted(found.manifests + 1, 'manifest')}, {counted(found.blobs, 'blob')}"
        return Holding(detail=f"{counts}; {part}" if part else counts)

    async def remote(self, place: Reference) -> Holding:
        """Return what a remote repository holds at a digest that it answers with."""
        try:
            kept = await self.registries.kept(place)
            if place.digest not in kept:
                return Holding(detail="it answers; that it holds the image is not proven")
            manifest = await self.registries.manifest(place)
            await self._check_platforms(place, manifest)
        except _Lacking as error:
            return Holding(str(error))
        except PlannerError as error:
            return Holding(error.message)
        absent = [child_platform(child) for child in manifest.children if child.digest not in kept]
        others = (
            f", fetched when asked for: {few(list(filter(None, absent)), _MOST_NAMED)}" if any(absent) else ""
        )
        return Holding(detail=f"held{others}; its layers are not checked")

    async def _below(self, place: Reference, manifest: Manifest, extent: Extent, depth: int) -> _Looked:
        """Return what is below a manifest, up to the first thing that is missing."""
        try:
            extent.add(manifest)
            blobs = await self._check_blobs(place, manifest)
        except _Lacking as error:
            return _Looked(error=str(error))
        except PlannerError as error:
            return _Looked(error=error.message)
        found = [
            each
            async for each in as_they_end(
                manifest.children, partial(self._child, place, extent, depth), _AT_ONCE
            )
        ]
        return _Looked(
            len(found) + sum(each.manifests for each in found),
            blobs + sum(each.blobs for each in found),
            min((each.error for each in found if each.error), default=""),
        )

    async def _child(self, place: Reference, extent: Extent, depth: int, child: Descriptor) -> _Looked:
        there = place.with_version(None, child.digest)
        platform = child_platform(child)
        before = f"{platform}: " if platform else ""
        if depth > _DEEPEST:
            return _Looked(error=f"{there}: more than {_DEEPEST} indexes, one below another")
        try:
            manifest = await self.registries.manifest(there)
            check_size(manifest, child)
        except NotFound:
            return _Looked(error=f"{before}{there} is missing")
        except PlannerError as error:
            return _Looked(error=f"{before}{error.message}")
        found = await self._below(place, manifest, extent, depth + 1)
        return _Looked(found.manifests, found.blobs, f"{before}{found.error}" if found.error else "")

    async def _check_blobs(self, place: Reference, manifest: Manifest) -> int:
        """Return how many blobs a manifest names. Raises _Lacking for one that is not there.

        RegistryError is raised for one that is not as large as it should be.
        """
        own = {(blob.digest, blob.size): blob for blob in manifest.blobs if not blob.foreign}
        for digest, size in sorted(own):
            known = (place.name, digest, size)
            if known in self._blobs:
                continue
            if not await self.registries.has_whole_blob(place, own[digest, size]):
                raise _Lacking(f"{place.name}: {manifest.digest} names {digest}, which is missing")
            self._blobs.add(known)
        return len(own)

    async def _check_platforms(self, place: Reference, manifest: Manifest) -> None:
        """Raise _Lacking for a platform that is not there; what is no image runs on none."""
        if not self.platforms:
            return
        if manifest.is_index:
            has = {child_platform(child) for child in manifest.children} - {""}
        elif manifest.blobs[0].media_type in CONFIGURATIONS and not manifest.artifact_type:
            has = {await configured_platform(self.registries, place, manifest.blobs[0])} - {""}
        else:
            return
        lacking = [platform for platform in self.platforms if platform not in has]
        if lacking:
            said = f"it has {few(sorted(has), _MOST_NAMED)}" if has else "it names no platform"
            raise _Lacking(f"{place.name} lacks {few(lacking, _MOST_NAMED)}: {said}")


def _part(manifest: Manifest, planned: str | None, name: Reference) -> str:
    """Return what an index says it is a part of. Raises _Lacking where it is not what was planned."""
    if planned in (None, manifest.digest):
        return ""
    whole, chosen = whole_of(manifest) if manifest.is_index else ("", "")
    if whole != planned:
        raise _Lacking(f"{name} is {manifest.digest}, planned was {planned}")
    return f"the part of the planned index that has {clean(chosen)}"
