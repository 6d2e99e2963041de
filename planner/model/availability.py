"""Where an image can be had: one answer of a registry, and the verdict over all of them.

The verdicts are for a reference that Docker Hub, or another upstream, should have; `mirror` is mirror.gcr.io,
which holds what is often asked for of Docker Hub, and of nothing else
(https://cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images).
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from planner.model.reference import Reference


class Status(StrEnum):
    """What a registry said about one manifest."""

    PRESENT = "present"
    MISSING = "missing"  # 404
    DENIED = "denied"  # 401, 403: private, or Docker Hub's way of saying that there is no such repository
    RATE_LIMITED = "rate-limited"  # 429
    UNREACHABLE = "unreachable"  # no connection, time-outs, 5xx, or not asked because of --offline


class Verdict(StrEnum):
    """What follows for a reference."""

    CACHED_FRESH = "cached-fresh"  # the mirror has it, with the digest Docker Hub has
    CACHED_STALE = "cached-stale"  # the mirror has the tag with another digest
    NOT_CACHED = "not-cached"
    RESCUE = "rescue"  # the mirror has it, Docker Hub no longer does: copy it now
    MISSING_OR_PRIVATE = "missing-or-private"
    UNKNOWN = "unknown"


_ALONE = {
    Status.PRESENT: Verdict.NOT_CACHED,
    Status.MISSING: Verdict.MISSING_OR_PRIVATE,
    Status.DENIED: Verdict.MISSING_OR_PRIVATE,
}


class Probe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One registry's answer to a HEAD of a manifest. The digest is set if and only if it is PRESENT."""

    reference: Reference  # what was asked for, at the registry that was asked
    status: Status
    at: datetime  # UTC
    digest: str | None = None
    media_type: str | None = None
    platforms: tuple[str, ...] = ()  # os/architecture[/variant], where it was read
    size: int | None = None  # bytes, compressed, all platforms
    detail: str = ""  # what the registry or the network said, when it was not PRESENT


class Availability(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Availability", tag_field="kind"
):
    """Where one reference can be had. A probe that was not made is None."""

    reference: Reference
    verdict: Verdict
    hub: Probe | None = None  # Docker Hub, or the other registry that it comes from
    mirror: Probe | None = None  # by tag, or by digest where the reference has one
    mirror_digest: Probe | None = None  # Docker Hub's digest asked of the mirror, when the tag was not it
    target: Probe | None = None

    @property
    def digest(self) -> str | None:
        """The digest a move has to arrive at: Docker Hub's, else the mirror's, else the one written."""
        for probe in (self.hub, self.mirror):
            if probe and probe.status is Status.PRESENT:
                return probe.digest
        return self.reference.digest

    @property
    def mirrored(self) -> bool:
        """Whether the mirror can serve that digest, which costs no Docker Hub pull."""
        probes = (self.mirror, self.mirror_digest)
        return any(p is not None and p.status is Status.PRESENT and p.digest == self.digest for p in probes)


class PullLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Docker Hub's pull limit as its own headers tell it."""

    limit: int  # pulls in a window
    remaining: int
    window: int  # seconds
    source: str = ""  # the address or account it is counted for


class Availabilities(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Availabilities", tag_field="kind"
):
    """The result of a check: one availability a reference, sorted by reference."""

    images: tuple[Availability, ...]
    pull_limit: PullLimit | None = None  # None: not told, which is how an unlimited account looks
    notes: tuple[str, ...] = ()  # what could not be asked, and why
    hub2ar: Literal[1] = 1


def verdict(hub: Probe | None, mirror: Probe | None, *, mirrored: bool = True) -> Verdict:
    """Return what two answers mean together; for what is not `mirrored` there is only the first."""
    if not mirrored:
        return _ALONE.get(hub.status, Verdict.UNKNOWN) if hub else Verdict.UNKNOWN
    hub_status = hub.status if hub else Status.UNREACHABLE
    mirror_status = mirror.status if mirror else Status.UNREACHABLE
    match hub_status, mirror_status:
        case Status.PRESENT, Status.PRESENT:
            same = hub is not None and mirror is not None and hub.digest == mirror.digest
            return Verdict.CACHED_FRESH if same else Verdict.CACHED_STALE
        case Status.PRESENT, Status.MISSING | Status.DENIED:
            return Verdict.NOT_CACHED
        case Status.MISSING | Status.DENIED, Status.PRESENT:
            return Verdict.RESCUE
        case Status.MISSING | Status.DENIED, Status.MISSING | Status.DENIED:
            return Verdict.MISSING_OR_PRIVATE
        case _:
            return Verdict.UNKNOWN
