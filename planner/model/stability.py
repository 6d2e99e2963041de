"""How a cache has kept an image over time: seen on how many checks, dropped when, behind for how long. Pure.

mirror.gcr.io promises nothing: what is often asked for is added, what no longer is goes
(https://cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal

import msgspec

from planner.model.availability import Status
from planner.model.reference import Reference

_ANSWERS = (Status.PRESENT, Status.MISSING, Status.DENIED)


class Sighting(msgspec.Struct, frozen=True, order=True):
    """What one check saw of one image; a digest is set where it was there. Times are in UTC."""

    at: datetime
    mirror: Status
    mirror_digest: str = ""
    hub_digest: str = ""
    whole: bool = True  # whether all that was asked for of it was there


class Stability(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Stability", tag_field="kind"):
    """How mirror.gcr.io has kept one image, as far as checks saw it."""

    reference: Reference  # at Docker Hub, as it was asked for
    first: datetime  # UTC; the first check that the mirror answered
    last: datetime
    checks: int  # that the mirror answered
    seen: int  # of them, that found it there
    evictions: tuple[datetime, ...] = ()  # UTC; checks that found it gone after one that found it there
    broken: int = 0  # checks that found it without all its blobs; only deep ones look
    held_since: datetime | None = None  # UTC; the first check in a row that saw today's digest there
    compared: int = 0  # checks that found it at both
    level: int = 0  # of them, with the same digest
    behind_hours: float = 0.0  # the longest time that its tag named an older digest than Docker Hub's
    behind_since: datetime | None = None  # UTC; where it still does

    @property
    def present(self) -> bool:
        """Whether the last check found it there."""
        return self.held_since is not None

    @property
    def reliable(self) -> bool:
        """Whether no check has found it gone after it was there, or without all its blobs."""
        return not (self.evictions or self.broken)


class Stabilities(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Stabilities", tag_field="kind"
):
    """What a history tells: one stability an image, sorted by reference."""

    images: tuple[Stability, ...]
    hub2ar: Literal[1] = 1


def stability(reference: Reference, sightings: Iterable[Sighting]) -> Stability | None:
    """Return what sightings in any order come to; None where the mirror has never answered."""
    seen = sorted(each for each in set(sightings) if each.mirror in _ANSWERS)
    if not seen:
        return None
    there = [each for each in seen if each.mirror is Status.PRESENT]
    both = [each for each in there if each.hub_digest]
    behind, since = _behind(both)
    return Stability(
        reference,
        first=seen[0].at,
        last=seen[-1].at,
        checks=len(seen),
        seen=len(there),
        evictions=tuple(after.at for before, after in pairwise(seen) if _dropped(before, after)),
        broken=sum(not each.whole for each in there),
        held_since=_held_since(seen),
        compared=len(both),
        level=sum(each.mirror_digest == each.hub_digest for each in both),
        behind_hours=round(behind, 1),
        behind_since=since,
    )


def _dropped(before: Sighting, after: Sighting) -> bool:
    return before.mirror is Status.PRESENT and after.mirror is not Status.PRESENT


def _held_since(seen: Sequence[Sighting]) -> datetime | None:
    """Return since when the mirror has had, at every check, the digest it had at the last one."""
    if seen[-1].mirror is not Status.PRESENT:
        return None
    since = seen[-1].at
    for each in reversed(seen):
        if (each.mirror, each.mirror_digest) != (seen[-1].mirror, seen[-1].mirror_digest):
            break
        since = each.at
    return since


def _behind(both: Sequence[Sighting]) -> tuple[float, datetime | None]:
    """Return the longest time behind in hours, and since when it still is.

    A time lasts from the check that first saw the tag behind to the one that saw it level again, or to the
    last one: what lies between two checks nobody saw.
    """
    longest, since = 0.0, None
    for each in both:
        late = each.mirror_digest != each.hub_digest
        since = since or (each.at if late else None)
        if since:
            longest = max(longest, (each.at - since).total_seconds() / 3600)
        if not late:
            since = None
    return longest, since
