"""Where each image is available now: Docker Hub and mirror.gcr.io are asked, which costs no pull."""

import asyncio
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import groupby

from planner.errors import PlannerError
from planner.model.availability import Availabilities, Availability, Probe, Status, verdict
from planner.model.reference import DOCKER_HUB, Reference
from planner.probing import SILENT, Answers, Question, Wanted
from planner.registries.oci import Registries

_SAYING_NOTHING = {
    Status.UNREACHABLE: "gave no answer",
    Status.RATE_LIMITED: "answers no more requests for now",
}
_NOTHING_MORE = Wanted()
_SHOWN = 5  # registries


def _untold(image: Availability) -> None:
    """Ignore what is told."""


async def check(
    references: Iterable[Reference],
    registries: Registries,
    upstreams: Container[str] = (DOCKER_HUB,),
    wanted: Wanted = _NOTHING_MORE,
    told: Callable[[Availability], None] = _untold,
) -> Availabilities:
    """Ask where each reference is available; those that name the content of no upstream are only counted.

    `told` hears of each reference as soon as it is known. Raises ConfigError for endpoints or credentials
    that are set up wrongly.
    """
    references = sorted(set(references))
    meant: dict[Reference, list[Reference]] = {}
    for reference in references:
        if name := _asked(reference, upstreams):
            meant.setdefault(name, []).append(reference)
    images: list[Availability] = []

    def ended(name: Reference, answers: Answers) -> None:
        for reference in meant[name]:
            images.append(_availability(reference, name, answers))
            told(images[-1])

    await _all(Question(registries, wanted), sorted(meant), ended)
    ordered = tuple(sorted(images, key=lambda image: image.reference))
    notes = (*_notes(ordered), *_left_out(references, upstreams))
    return Availabilities(ordered, registries.pull_limit, notes)


def _availability(reference: Reference, name: Reference, found: Answers) -> Availability:
    return Availability(
        reference,
        verdict(found.hub, found.mirror, mirrored=name.registry == DOCKER_HUB),
        found.hub,
        found.mirror,
        found.mirror_digest,
        found.target,
        found.platforms,
        dict(found.blobs),
    )


def offline(references: Iterable[Reference], upstreams: Container[str] = (DOCKER_HUB,)) -> Availabilities:
    """Return that nothing is known, because nobody is to be asked."""
    names = sorted(reference for reference in set(references) if reference.origin(upstreams))
    images = tuple(Availability(reference, verdict(None, None)) for reference in names)
    note = f"no registry was asked (offline): {_count(len(images))} unknown"
    return Availabilities(images, notes=(note,) if images else ())


async def _all(
    question: Question, names: list[Reference], ended: Callable[[Reference, Answers], None]
) -> None:
    async def one(name: Reference) -> None:
        ended(name, await question.answers(name))

    try:
        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(one(name))
    except* PlannerError as failed:
        first = failed
    else:
        return
    raise _first(first)


def _first(group: BaseExceptionGroup[PlannerError]) -> PlannerError:
    """Return the first error of a group: each of them makes the check give up."""
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


def _asked(reference: Reference, upstreams: Container[str]) -> Reference | None:
    """Return the reference to ask the upstream for: by digest where there is one, else by tag."""
    upstream = reference.origin(upstreams)
    return upstream.as_asked if upstream else None


def _notes(images: tuple[Availability, ...]) -> Iterator[str]:
    """Yield a line for each registry that did not answer, with what it or the network said first.

    Without a network at all there is one line, for it is one thing to fix.
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
        parked = [probe.until for probe in probes if probe.until]
        if parked:
            yield (
                f"{registry}: the pull limit is reached, come back at {max(parked):%Y-%m-%d %H:%M} UTC at the"
                f" latest: {_count(len(parked))} unknown"
            )
        silent = [probe for probe in probes if probe.status in SILENT and not probe.until]
        silent.sort(key=lambda probe: (probe.status, probe.detail))
        for status, group in groupby(silent, key=lambda probe: probe.status):
            found = list(group)
            all_of_them = status is Status.UNREACHABLE and len(found) == len(probes)
            what = "cannot be reached" if all_of_them else _SAYING_NOTHING[status]
            yield f"{registry} {what} ({found[0].detail}): {_count(len(found))} unknown"


def _left_out(references: Iterable[Reference], upstreams: Container[str]) -> Iterator[str]:
    """Yield a line about the references that nobody was asked about."""
    others = Counter(each.registry or "no registry" for each in references if each.origin(upstreams) is None)
    if others:
        shown = ", ".join(f"{name} {count}" for name, count in sorted(others.items())[:_SHOWN])
        more = ", …" if len(others) > _SHOWN else ""
        yield f"{_of_others(others.total())} not asked about ({shown}{more}); --upstream HOST asks"


def _of_others(number: int) -> str:
    return "1 reference of another registry is" if number == 1 else f"{number:,} references of others are"


def _away(probe: Probe | None) -> bool:
    return probe is None or probe.status is Status.UNREACHABLE


def _count(number: int) -> str:
    return "1 reference is" if number == 1 else f"{number:,} references are"
