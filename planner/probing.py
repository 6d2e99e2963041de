"""Asks registries about one image: Docker Hub with HEADs alone, others for what it holds as well."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from msgspec import structs

from planner import clock
from planner.contents import Content, Contents
from planner.errors import RegistryError
from planner.model.availability import PlatformAvailability, Probe, Status
from planner.model.reference import DOCKER_HUB, MIRROR, Carrier, Reference
from planner.platforms import platforms
from planner.registries.oci import Registries

_IN_FLIGHT = 32  # requests to one registry, and as many again about images that were started
SILENT = (Status.UNREACHABLE, Status.RATE_LIMITED)

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a check is to find out besides whether an image is there."""

    platforms: tuple[str, ...] = ()  # in the spelling of model.platform; verdicts for each
    deep: bool = False  # whether configuration and layers are there as well
    sizes: bool = False  # how large all platforms are
    contents: bool = True  # whether manifests may be read at all, where it costs no pull
    target: str = ""  # registry/path of a repository to ask for Docker Hub's digests


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of one image."""

    hub: Probe
    mirror: Probe | None = None
    mirror_digest: Probe | None = None
    target: Probe | None = None
    platforms: tuple[PlatformAvailability, ...] = ()
    blobs: Mapping[str, int] = field(default_factory=dict)  # of the digest that a move has to arrive at


def _share() -> asyncio.Semaphore:
    """Return the slots of one registry: one that hangs keeps no other waiting."""
    return asyncio.Semaphore(_IN_FLIGHT)


@dataclass(slots=True)
class Question:
    """Asks about each name once, however many references mean it."""

    registries: Registries
    wanted: Wanted = field(default_factory=Wanted)
    beginning: defaultdict[str, asyncio.Semaphore] = field(default_factory=lambda: defaultdict(_share))
    slots: defaultdict[str, asyncio.Semaphore] = field(default_factory=lambda: defaultdict(_share))
    _parked: dict[str, datetime] = field(default_factory=dict)  # registry: when its pull limit ends
    _contents: Contents = field(init=False)

    def __post_init__(self) -> None:
        self._contents = Contents(
            self.registries, self.slots, self.wanted.platforms, self.wanted.deep, self.wanted.sizes
        )

    async def answers(self, name: Reference) -> Answers:
        """Ask everyone who may have an image; the mirror holds nothing but Docker Hub's."""
        if name.registry == DOCKER_HUB:
            hub, mirror = await _both(self._begin(name), self._begin(_at(MIRROR, name)))
            by_digest = await self._by_digest(name, hub, mirror)
        else:
            hub, mirror, by_digest = await self._begin(name), None, None
        hub, target = await _both(self._explained(hub), self._target(name, hub))
        answers = Answers(hub, mirror, by_digest, target)
        return await self._read(answers) if self.wanted.contents else answers

    async def _by_digest(self, name: Reference, hub: Probe, mirror: Probe) -> Probe | None:
        """Ask the mirror for Docker Hub's digest, if its tag has another."""
        if name.digest or not hub.digest or hub.digest == mirror.digest or mirror.status in SILENT:
            return None
        return await self._head(_at(MIRROR, name).with_version(None, hub.digest))

    async def _target(self, name: Reference, hub: Probe) -> Probe | None:
        registry, _, path = self.wanted.target.partition("/")
        if not registry or not hub.digest:
            return None
        return await self._head(Reference(registry, f"{path}/{name.repository}", None, hub.digest))

    async def _begin(self, reference: Reference) -> Probe:
        """Ask about an image; what follows has slots of its own, so that it is finished before others."""
        async with self.beginning[reference.registry]:
            return await self._asked(reference)

    async def _head(self, reference: Reference) -> Probe:
        async with self.slots[reference.registry]:
            return await self._asked(reference)

    async def _asked(self, reference: Reference) -> Probe:
        """Send a HEAD, unless the registry has said before that its pull limit is reached."""
        if until := self._parked.get(reference.registry):
            detail = f"{reference}: not asked, the pull limit is reached"
            return Probe(reference, Status.RATE_LIMITED, clock.now(), detail=detail, until=until)
        probe = await self.registries.head(reference)
        if probe.until:
            self._parked[reference.registry] = probe.until
        return probe

    async def _explained(self, hub: Probe) -> Probe:
        """Find out whether it is the version or the repository that is missing; listing tags is no pull."""
        if hub.status is not Status.MISSING or hub.absence:
            return hub
        try:
            async with self.slots[hub.reference.registry]:
                absence, said = await self.registries.why_missing(hub.reference)
        except RegistryError:
            return hub
        return structs.replace(hub, absence=absence, said=hub.said or said)

    async def _read(self, answers: Answers) -> Answers:
        """Add what manifests hold, and the verdicts for platforms."""
        hub, mirror = answers.hub, answers.mirror
        cached = await self._content(mirror)
        by_digest, kept = await _both(self._content(answers.mirror_digest), self._kept(answers.target))
        if mirror and mirror.digest == hub.digest:
            upstream = cached
        elif answers.mirror_digest and answers.mirror_digest.digest:
            upstream = by_digest
        elif answers.target and answers.target.digest:
            upstream = kept
        else:
            upstream = await self._content(hub)
        every = tuple(filter(None, cached.parts or upstream.parts or ())) if self.wanted.deep else ()
        wanted = self.wanted.platforms or every
        return replace(
            answers,
            hub=_told(hub, upstream),
            mirror=_told(mirror, cached, cached.lacking),
            mirror_digest=_told(answers.mirror_digest, by_digest, by_digest.lacking),
            target=_told(answers.target, kept, kept.lacking),
            platforms=tuple(platforms(wanted, hub, mirror, upstream, cached)),
            blobs=upstream.blobs if hub.digest else cached.blobs,
        )

    async def _kept(self, target: Probe | None) -> Content:
        """Read the target's manifest, unless a remote repository might have to pull it first."""
        if target is None or target.status is not Status.PRESENT:
            return Content()
        if target.reference.carrier is Carrier.ARTIFACT_REGISTRY:
            try:
                async with self.slots[target.reference.registry]:
                    held = await self.registries.lists(target.reference)
            except RegistryError as error:
                return Content(problem=error.message)
            if not held:
                return Content(problem=f"{target.reference} may have to be pulled first")
        return await self._content(target)

    async def _content(self, probe: Probe | None) -> Content:
        if probe is None or probe.status is not Status.PRESENT:
            return Content()
        return await self._contents.of(probe)


P = TypeVar("P", Probe, Probe | None)


def _told(probe: P, content: Content, lacking: tuple[str, ...] = ()) -> P:
    """Return a probe with what is known of its content."""
    if probe is None or probe.status is not Status.PRESENT:
        return probe
    return structs.replace(
        probe,
        artifact=content.artifact or probe.artifact,
        platforms=tuple(filter(None, content.parts or ())),
        size=content.size,
        lacking=lacking,
        manifests=content.manifests,
    )


def _at(registry: str, reference: Reference) -> Reference:
    return Reference(registry, reference.repository, reference.tag, reference.digest)


async def _both(
    first: Coroutine[Any, Any, S],
    second: Coroutine[Any, Any, T],  # Any: what no coroutine here uses
) -> tuple[S, T]:
    async with asyncio.TaskGroup() as group:
        tasks = group.create_task(first), group.create_task(second)
    return tasks[0].result(), tasks[1].result()
