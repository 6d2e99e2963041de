"""What transfers would do, found out without doing it: nothing is written anywhere, and no pull is spent.

Destinations are asked with HEADs. Manifests are read where that is free, so not at Docker Hub; a remote
repository is asked for the list of what it keeps, because a question for the image itself might fetch it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.errors import NotFound, PlannerError
from planner.model.job import Copy, Transfer, Warm
from planner.model.reference import DOCKER_HUB, Reference
from planner.registries.concurrent import as_they_end
from planner.registries.oci import Descriptor, Manifest, Registries
from planner.registries.reading import Ledger, Reader

_MOST = 2048  # manifests of an image that are read
_AT_ONCE = 8  # images


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob that would be moved."""

    digest: str
    size: int  # bytes
    there: bool  # at the destination already


@dataclass(frozen=True, slots=True)
class Preview:
    """What one transfer would do."""

    job: Transfer
    wanted: str | None = None  # the digest; None: found out when it runs
    found: str | None = None  # what the destination has under that name; None: nothing
    held: bool = False  # whether the destination has the digest, under whatever name
    manifests: tuple[str, ...] | None = None  # digests that would be read; None: not known without a pull
    blobs: tuple[Blob, ...] = ()
    drift: str = ""  # how the source differs from the plan
    problem: str = ""  # why nobody can know

    @property
    def present(self) -> bool:
        """Whether nothing would be sent."""
        return self.wanted is not None and self.found == self.wanted


async def previews(
    jobs: Sequence[Transfer], registries: Registries, *, follow: bool = False, made: Sequence[str] = ()
) -> list[Preview]:
    """Return what each transfer would do, in their order.

    `made` is what stands before the images of repositories that are not there yet, so nothing is in them.
    """
    ledger = Ledger()

    async def look(numbered: tuple[int, Transfer]) -> tuple[int, Preview]:
        number, job = numbered
        reader = Reader(registries, ledger)
        try:
            new = any(job.destination.name.startswith(f"{each}/") for each in made)
            match job:
                case Copy():
                    found = await _copied(job, reader, follow, new)
                case Warm():
                    found = await _warmed(job, reader, follow, new)
        except PlannerError as error:
            return number, Preview(job, job.digest, problem=error.message)
        return number, found

    seen = [each async for each in as_they_end(list(enumerate(jobs)), look, _AT_ONCE)]
    return [preview for _, preview in sorted(seen, key=lambda each: each[0])]


async def _copied(job: Copy, reader: Reader, follow: bool, new: bool) -> Preview:
    wanted, drift = await _wanted(job, reader, follow)
    place = job.destination
    tag = place.tag or (None if place.digest else "latest")
    name = place.with_version(tag, None) if tag else place.with_version(None, wanted)
    found = None if new else await _there(reader, name)
    if found == wanted:
        return Preview(job, wanted, found, held=True, drift=drift)
    if not new and tag and await _there(reader, place.with_version(None, wanted)) == wanted:
        return Preview(job, wanted, found, held=True, manifests=(wanted,), drift=drift)
    if job.origin.registry == DOCKER_HUB:
        return Preview(job, wanted, found, drift=drift)
    manifests = await _tree(reader, job.origin, wanted)
    blobs = {blob.digest: blob for each in manifests for blob in each.blobs}
    moved = [await _blob(reader, place, each, new) for each in blobs.values()]
    return Preview(
        job,
        wanted,
        found,
        manifests=tuple(each.digest for each in manifests),
        blobs=tuple(moved),
        drift=drift,
    )


async def _warmed(job: Warm, reader: Reader, follow: bool, new: bool) -> Preview:
    wanted, drift = await _wanted(job, reader, follow)
    held = not new and await reader.registries.lists(job.destination.with_version(None, wanted))
    return Preview(job, wanted, held=held, drift=drift)


async def _wanted(job: Transfer, reader: Reader, follow: bool) -> tuple[str, str]:
    """Return the digest that would be moved, and how the source differs from the plan."""
    planned = job.digest or job.source.digest
    if job.source.digest and planned:
        return planned, ""
    named = await reader.digest(job.source)
    if named is None and planned is None:
        raise NotFound(
            f"{job.source} is not there", hint="check its name; `hub2ar check` says where it is available"
        )
    if named is None:
        return planned or "", f"{job.source} is gone"
    drift = f"tag moved: {planned} -> {named}" if planned and named != planned else ""
    return (named if follow or planned is None else planned), drift


async def _there(reader: Reader, name: Reference) -> str | None:
    try:
        return await reader.digest(name)
    except NotFound:
        return None


async def _blob(reader: Reader, place: Reference, blob: Descriptor, new: bool) -> Blob:
    there = not new and await reader.registries.has_blob(place, blob.digest)
    return Blob(blob.digest, blob.size, there)


async def _tree(reader: Reader, origin: Reference, digest: str) -> list[Manifest]:
    """Return a manifest and all below it, as the origin has them."""
    bare, found, waiting = origin.with_version(None, None), dict[str, Manifest](), [digest]
    while waiting and len(found) < _MOST:
        name = waiting.pop()
        if name not in found:
            found[name] = await reader.known(name, [bare])
            waiting += [child.digest for child in reversed(found[name].children)]
    return list(found.values())
