"""How many bytes the images of transfers are, a layer counted once in a repository. Pure.

A repository is charged by its size (`sizeBytes` of
https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories), so a layer
counts in each that it ends in; should Google keep it once for all of them, it is less. What is not known
makes a range, whose upper end takes it for as large as the largest that is known, which is a guess.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.model.availability import Availability
from planner.model.job import Transfer
from planner.model.reference import Reference


@dataclass(frozen=True, slots=True)
class Image:
    """One digest in one repository, however many tags of it are moved."""

    repository: str  # LOCATION-docker.pkg.dev/PROJECT/REPOSITORY
    sources: frozenset[Reference]  # what the upstream is asked for
    size: int | None  # bytes, all platforms
    blobs: Mapping[str, int]  # with a size all that there are, or none; without one those that were read
    platforms: tuple[int | None, ...]  # bytes of each, as far as its platforms are known


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of bytes, as exactly as it is known."""

    low: int
    high: int | None  # None: no size at all is known
    number: int  # of images, or of pulls
    unknown: int = 0  # of these, whose size is not known
    largest: int = 0  # bytes that each of those is taken for


def images(
    transfers: Iterable[Transfer], availabilities: Mapping[Reference, Availability]
) -> tuple[Image, ...]:
    """Return each image once, by repository and digest; `availabilities` are by what the code names."""
    known = {each.hub.reference: each for each in availabilities.values() if each.hub} | dict(availabilities)
    found: dict[tuple[str, str], Image] = {}
    for job in transfers:
        image = _image(job, known.get(job.source) or known.get(job.source.as_asked))
        place = image.repository, job.digest or str(job.destination)
        found[place] = _merged(found[place], image) if place in found else image
    return tuple(found[place] for place in sorted(found))


def _image(job: Transfer, found: Availability | None) -> Image:
    """Return what is known of one transfer; what was found of another digest tells nothing of it."""
    repository, sources = _repository(job.destination), frozenset((job.source.as_asked,))
    if found is None or (job.digest and job.digest != found.digest):
        return Image(repository, sources, job.size, {}, ())
    if found.size is None and job.size is not None:
        return Image(repository, sources, job.size, {}, _platforms(found))
    return Image(repository, sources, found.size, found.blobs, _platforms(found))


def _repository(destination: Reference) -> str:
    """Return the prefix of the repository that an image ends in; `example.com:p` is `example.com/p` here."""
    parts = destination.repository.split("/")
    return "/".join((destination.registry, *parts[: 3 if "." in parts[0] else 2]))


def _platforms(found: Availability) -> tuple[int | None, ...]:
    """Return the bytes of each platform, None for those whose manifests were not looked into."""
    names = {name for _, probe in found.probes if probe.digest == found.digest for name in probe.platforms}
    sizes = {each.platform: each.size for each in found.platforms}
    return tuple(sizes.get(name) for name in sorted(names))


def _merged(first: Image, second: Image) -> Image:
    """Return two transfers of one digest as one image, keeping the figures of the better known one."""
    best = max(first, second, key=_knowledge)
    return replace(best, sources=first.sources | second.sources)


def _knowledge(image: Image) -> tuple[object, ...]:
    blobs = sorted(image.blobs.items())
    return image.size is not None, len(blobs), image.size or 0, len(image.platforms), blobs


def held(found: Iterable[Image]) -> Amount:
    """Return the bytes that images take in their repositories."""
    by_repository: dict[str, dict[str, int]] = {}
    low = number = unknown = 0
    largest: int | None = None
    for image in found:
        number += 1
        if image.size is None:
            unknown += 1
        else:
            largest = max(largest or 0, image.size)
            low += 0 if image.blobs else image.size
        blobs = by_repository.setdefault(image.repository, {})
        for name, size in image.blobs.items():
            if size > blobs.get(name, -1):
                blobs[name] = size
    low += sum(sum(blobs.values()) for blobs in by_repository.values())
    return _amount(low, number, unknown, largest)


def pulled(found: Sequence[Image], pulls: Mapping[Reference, int]) -> Amount:
    """Return the bytes of so many pulls at most: each takes one platform, and has none of its layers yet."""
    low = number = unknown = 0
    largest: int | None = None
    for image in found:
        count = sum(pulls.get(source, 0) for source in image.sources)
        size = _of_one_platform(image)
        number += count
        if size is None:
            unknown += count
        else:
            largest = max(largest or 0, size)
            low += count * size
    return _amount(low, number, unknown, largest)


def _of_one_platform(image: Image) -> int | None:
    """Return the bytes of the largest platform where each is known, else of one on average."""
    sizes = [size for size in image.platforms if size is not None]
    if sizes and len(sizes) == len(image.platforms):
        return max(sizes)
    return None if image.size is None else -(-image.size // max(len(image.platforms), 1))


def _amount(low: int, number: int, unknown: int, largest: int | None) -> Amount:
    """Return a range; it has no upper end where there is nothing to compare the unknown with."""
    if not unknown:
        return Amount(low, low, number)
    return Amount(low, None if largest is None else low + unknown * largest, number, unknown, largest or 0)
