"""Where each image can be had now: Docker Hub and mirror.gcr.io are asked, which costs no pull."""

import asyncio
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from planner.errors import PlannerError
from planner.model.availability import Availabilities, Availability, Probe, Status, Verdict, verdict
from planner.model.reference import DOCKER_HUB, MIRROR, Reference
from planner.registries.oci import Registries

_IN_FLIGHT = 32  # requests

_SILENT = (Status.UNREACHABLE, Status.RATE_LIMITED)
_SAYING_NOTHING = {
    Status.UNREACHABLE: "gave no answer",
    Status.RATE_LIMITED: "answers no more requests for now",
}


@dataclass(frozen=True, slots=True)
class _Answers:
    hub: Probe
    mirror: Probe | None
    mirror_digest: Probe | None


@dataclass(frozen=True, slots=True)
class _Question:
    """Asks about each name once, however many references mean it."""

    registries: Registries
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_IN_FLIGHT))

    async def answers(self, name: Reference) -> _Answers:
        """Ask both registries at once; then the mirror for Docker Hub's digest, if its tag has another.

        The mirror holds nothing of other registries, so it is not asked for that.
        """
        if name.registry != DOCKER_HUB:
            return _Answers(await self._head(name), None, None)
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(self._head(name))
            cached = group.create_task(self._head(_at(MIRROR, name)))
        hub, mirror = asked.result(), cached.result()
        wanted = hub.digest if hub.digest != mirror.digest and mirror.status not in _SILENT else None
        by_digest = None
        if wanted and not name.digest:
            by_digest = await self._head(_at(MIRROR, name).with_version(None, wanted))
        return _Answers(hub, mirror, by_digest)

    async def _head(self, reference: Reference) -> Probe:
        async with self.slots:
            return await self.registries.head(reference)


async def check(
    references: Iterable[Reference], registries: Registries, upstreams: Container[str] = (DOCKER_HUB,)
) -> Availabilities:
    """Ask where each reference can be had; those that name the content of no upstream are left out.

    Raises ConfigError for endpoints or credentials that are set up wrongly.
    """
    names = {reference: _asked(reference, upstreams) for reference in set(references)}
    wanted = {name for name in names.values() if name}
    answers = await _all(_Question(registries), sorted(wanted))
    images = tuple(
        Availability(reference, _verdict(name, found), found.hub, found.mirror, found.mirror_digest)
        for reference, name in sorted(names.items())
        if name and (found := answers[name])
    )
    return Availabilities(images, registries.pull_limit, tuple(_notes(images)))


def _verdict(name: Reference, found: _Answers) -> Verdict:
    return verdict(found.hub, found.mirror, mirrored=name.registry == DOCKER_HUB)


def offline(references: Iterable[Reference], upstreams: Container[str] = (DOCKER_HUB,)) -> Availabilities:
    """Return that nothing is known, because nobody is to be asked."""
    names = sorted(reference for reference in set(references) if reference.origin(upstreams))
    images = tuple(Availability(reference, verdict(None, None)) for reference in names)
    note = f"no registry was asked (offline): {_count(len(images))} unknown"
    return Availabilities(images, notes=(note,) if images else ())


async def _all(question: _Question, names: list[Reference]) -> dict[Reference, _Answers]:
    try:
        async with asyncio.TaskGroup() as group:
            tasks = {name: group.create_task(question.answers(name)) for name in names}
    except* PlannerError as failed:
        first = failed
    else:
        return {name: task.result() for name, task in tasks.items()}
    raise _first(first)


def _first(group: BaseExceptionGroup[PlannerError]) -> PlannerError:
    """Return the first error of a group: each of them makes the check give up."""
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


def _asked(reference: Reference, upstreams: Container[str]) -> Reference | None:
    """Return the reference to ask the upstream for: by digest where there is one, else by tag."""
    upstream = reference.origin(upstreams)
    if upstream is None:
        return None
    tag = None if upstream.digest else upstream.version
    return upstream.with_version(tag, upstream.digest)


def _at(registry: str, reference: Reference) -> Reference:
    return Reference(registry, reference.repository, reference.tag, reference.digest)


def _notes(images: tuple[Availability, ...]) -> Iterator[str]:
    """Yield a line for each registry that did not answer, with what it or the network said first.

    Without a network at all there is one line, for it is one thing to mend.
    """
    if images and all(_away(image.hub) and _away(image.mirror) for image in images):
        first = {
            each.reference.registry: each for image in images for each in (image.hub, image.mirror) if each
        }
        said = "; ".join(probe.detail for probe in first.values())
        yield f"{' and '.join(first)} cannot be reached ({said}): {_count(len(images))} unknown"
        return
    answers: dict[str, list[Probe]] = {}
    for image in images:
        for probe in filter(None, (image.hub, image.mirror)):
            answers.setdefault(probe.reference.registry, []).append(probe)
    for registry, probes in sorted(answers.items()):
        silent = sorted((p for p in probes if p.status in _SILENT), key=lambda p: (p.status, p.detail))
        for status, group in groupby(silent, key=lambda probe: probe.status):
            found = list(group)
            all_of_them = status is Status.UNREACHABLE and len(found) == len(probes)
            what = "cannot be reached" if all_of_them else _SAYING_NOTHING[status]
            yield f"{registry} {what} ({found[0].detail}): {_count(len(found))} unknown"


def _away(probe: Probe | None) -> bool:
    return probe is None or probe.status is Status.UNREACHABLE


def _count(number: int) -> str:
    return "1 reference is" if number == 1 else f"{number} references are"
