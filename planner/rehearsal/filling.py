"""What stands where before a rehearsal: the images of Docker Hub and those of its mirror.

All of it follows from the references and a seed, so that two rehearsals of one plan agree.
"""

import hashlib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from planner.model.reference import DOCKER_HUB, Reference
from planner.rehearsal.images import Image, Recipe, image
from planner.rehearsal.mirror import Holding, holding
from planner.rehearsal.storage import Storage

PROBE = Reference("docker.io", "ratelimitpreview/test", "latest")  # what clients read the pull limit from

_PLATFORMS = ("linux/amd64", "linux/arm64")
_SHAPES = (  # what images of Docker Hub look like
    Recipe(_PLATFORMS),
    Recipe(_PLATFORMS, attested=True),
    Recipe(_PLATFORMS, docker=True),
    Recipe(_PLATFORMS[:1], docker=True),
)
_NOTHING: Mapping[Reference, Image] = {}
_EARLIER = 1_000_003  # added to a seed: what a tag named before


@dataclass(frozen=True, slots=True)
class Filling:
    """The content of a world."""

    hub: Storage
    mirror: Storage
    private: frozenset[str]  # repositories of Docker Hub
    unfilled: tuple[Reference, ...]  # pinned to a digest that none of the images made here has
    others: Mapping[str, Storage] = field(default_factory=dict)  # by registry: what is asked of it


def fill(
    references: Iterable[Reference],
    *,
    seed: int = 0,
    withdrawn: Iterable[Reference] = (),
    private: Iterable[Reference] = (),
    chosen: Mapping[Reference, Image] = _NOTHING,
    held: Container[str] = (),
) -> Filling:
    """Return Docker Hub, the mirror and other registries with an image for every reference that names one.

    A reference without tag and digest is `latest`. A digest cannot be chosen: one that is written is held if
    an image made here has this very digest, which is so when an earlier world of the same seed gave it.

    `chosen` are the images of some references, by tag or by digest, and `held` are repositories of Docker Hub
    that the mirror has as Docker Hub does, whatever it would have.
    """
    references = tuple(references)
    gone, secret = _upstreams(withdrawn), _upstreams(private)
    wanted = _upstreams(references) | gone | secret
    closed = frozenset(reference.repository for reference in secret)
    hub, mirror = Storage(), Storage()
    image_of(PROBE, seed).store(hub.repository(PROBE.repository), PROBE.version)
    named = _tagged(wanted) | {each for each in chosen if each.digest and each.registry == DOCKER_HUB}
    for reference in sorted(named):
        made = chosen.get(reference) or image_of(reference, seed)
        if reference in _tagged(gone):
            made.store(mirror.repository(reference.repository), reference.version)
            continue
        made.store(hub.repository(reference.repository), reference.version)
        if reference.repository not in closed:
            how = Holding.FRESH if reference.repository in held else holding(reference.repository, seed)
            _store_mirrored(mirror, reference, made, how, seed)
    for reference in wanted - gone:
        hub.repository(reference.repository)  # there, whether or not it has what a digest asks for
    missing = tuple(sorted(it for it in wanted if not _is_held(it, hub, mirror)))
    return Filling(hub, mirror, closed, missing, _others(references, seed, chosen))


def _others(
    references: Iterable[Reference], seed: int, chosen: Mapping[Reference, Image]
) -> Mapping[str, Storage]:
    """Return every other registry with an image for each reference to it."""
    found: dict[str, Storage] = {}
    named = _tagged(it for it in references if it.upstream is None and it.registry)
    for reference in sorted(named | {each for each in chosen if each.digest and each.registry != DOCKER_HUB}):
        storage = found.setdefault(reference.registry, Storage())
        made = chosen.get(reference) or image_of(reference, seed)
        made.store(storage.repository(reference.repository), reference.version)
    return found


def image_of(reference: Reference, seed: int = 0) -> Image:
    """Return the image that a tag of Docker Hub names in a world of this seed."""
    tagged = reference.with_version(reference.tag or "latest", None)
    place = int.from_bytes(hashlib.sha256(str(tagged).encode()).digest()[:4], "big") % len(_SHAPES)
    return image(tagged, replace(_SHAPES[place], seed=seed))


def _upstreams(references: Iterable[Reference]) -> frozenset[Reference]:
    return frozenset(it.upstream for it in references if it.upstream is not None)


def _tagged(references: Iterable[Reference]) -> frozenset[Reference]:
    """Return the tags that are named, also those beside a digest."""
    return frozenset(
        it.with_version(it.tag or "latest", None) for it in references if it.tag or not it.digest
    )


def earlier(reference: Reference, seed: int = 0) -> Image:
    """Return what a tag of Docker Hub named before."""
    return image_of(reference, seed + _EARLIER)


def _store_mirrored(mirror: Storage, reference: Reference, made: Image, how: Holding, seed: int) -> None:
    match how:
        case Holding.FRESH:
            made.store(mirror.repository(reference.repository), reference.version)
        case Holding.STALE:
            earlier(reference, seed).store(mirror.repository(reference.repository), reference.version)
        case Holding.ABSENT:
            pass


def _is_held(reference: Reference, *storages: Storage) -> bool:
    """Return whether one of the registries has what a reference asks for."""
    repositories = (storage.repositories.get(reference.repository) for storage in storages)
    return any(repository and repository.find(reference.version) for repository in repositories)
