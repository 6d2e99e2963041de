"""Whether a plan still matches the files it was made from, and what its tags name. Pure."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from planner.errors import StalePlan
from planner.model.availability import Availabilities, Availability, Probe, Status
from planner.model.plan import Plan
from planner.model.reference import Reference
from planner.model.words import few, short_digest

_ABSENT = (Status.MISSING, Status.DENIED)
_HINT = "run `hub2ar plan` again"


class Moved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is not what a plan was made from."""

    subject: str  # a path, or a reference
    before: str  # its digest
    now: str | None  # None: it is gone


def moved_files(plan: Plan, digests: Mapping[str, str | None]) -> tuple[Moved, ...]:
    """Return the files of a plan that have changed or are gone, sorted.

    `digests` are sha256 sums as the plan has them, None where a file is not there; a path that it does not
    have was not checked.
    """
    return tuple(
        Moved(path, before, digests[path])
        for path, before in sorted(plan.files.items())
        if path in digests and digests[path] != before
    )


def moved_tags(plan: Plan, availabilities: Availabilities) -> tuple[Moved, ...]:
    """Return the images of a plan whose tag names another digest now, or that are gone, sorted."""
    return tuple(
        Moved(name, before, now) for name, before, now in _asked(plan, availabilities) if before != now
    )


def known_tags(plan: Plan, availabilities: Availabilities) -> int:
    """Return the number of a plan's images that these answers say something about."""
    return sum(1 for _ in _asked(plan, availabilities))


def tags(plan: Plan) -> dict[Reference, str]:
    """Return the images that a plan moves by tag, as registries are asked for them, each with its digest."""
    return {job.source.as_asked: job.digest for job in plan.transfers if job.digest and not job.source.digest}


def _asked(plan: Plan, availabilities: Availabilities) -> Iterator[tuple[str, str, str | None]]:
    """Yield the images that something is known of, with the digest then and now."""
    planned = tags(plan)
    upstreams = {reference.registry for reference in planned}
    seen: dict[Reference, Availability] = {}
    for image in availabilities.images:
        if origin := image.reference.origin(upstreams):
            seen[origin.as_asked] = image
    for reference, before in sorted(planned.items()):
        if found := seen.get(reference):
            known, now = _digest(found)
            if known:
                yield str(reference), before, now


def _digest(image: Availability) -> tuple[bool, str | None]:
    """Return whether it is known what a tag names, and what.

    The mirror's answer counts only where the upstream no longer has the image: it lags behind.
    """
    hub, mirror = image.hub, image.mirror
    if _present(hub):
        return True, hub.digest if hub else None
    if hub is None or hub.status not in _ABSENT:
        return False, None
    if _present(mirror):
        return True, mirror.digest if mirror else None
    return mirror is None or mirror.status in _ABSENT, None


def _present(probe: Probe | None) -> bool:
    return probe is not None and probe.status is Status.PRESENT


def stale(files: Iterable[Moved], images: Iterable[Moved] = ()) -> StalePlan | None:
    """Return the error that names the first of what has moved; None if nothing has."""
    lost, other = list(files), list(images)
    if not lost and not other:
        return None
    said = [f"{each.subject} {'is gone' if each.now is None else 'has changed'}" for each in lost]
    said += [
        f"{each.subject} {'is gone' if each.now is None else f'names {short_digest(each.now)} now'}"
        for each in other
    ]
    counts = _counted(len(lost), len(other))
    return StalePlan(f"{counts} not what the plan was made from: {few(said)}", hint=_HINT)


def _counted(files: int, images: int) -> str:
    parts = [
        f"{number:,} {noun}{'s' * (number != 1)}"
        for number, noun in ((files, "file"), (images, "tag"))
        if number
    ]
    return f"{' and '.join(parts)} {'is' if files + images == 1 else 'are'}"
