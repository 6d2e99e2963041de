"""Where an image is available: one answer of a registry, and the verdict over all of them.

The verdicts are for a reference that Docker Hub, or another upstream, should have; `mirror` is mirror.gcr.io,
which holds what is often asked for of Docker Hub, and of nothing else
(https://cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images).
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec

from planner.model.reference import Reference


class Status(StrEnum):
    """What a registry said about one manifest."""

    PRESENT = "present"
    MISSING = "missing"  # 404
    DENIED = "denied"  # 401, 403: private, or Docker Hub's way of saying that there is no such repository
    RATE_LIMITED = "rate-limited"  # 429
    UNREACHABLE = "unreachable"  # no connection, time-outs, 5xx, or not asked because of --offline


class Absence(StrEnum):
    """Why a registry did not give a manifest, as far as its protocol tells."""

    NO_VERSION = "no-such-version"  # the repository is there, and has no such tag or digest
    NO_REPOSITORY = "no-such-repository"
    CLOSED = "private-or-no-such-repository"  # 401: Docker Hub answers both alike
    FORBIDDEN = "forbidden"  # 403: who asks is known, or need not be, and may not


class Verdict(StrEnum):
    """What follows for a reference, or for one platform of it."""

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
    """One registry's answer to a HEAD of a manifest. The digest is set if and only if it is PRESENT.

    What a HEAD does not tell (platforms, size, what it is) is set where reading it cost no pull.
    """

    reference: Reference  # what was asked for, at the registry that was asked
    status: Status
    at: datetime  # UTC
    digest: str | None = None
    media_type: str | None = None
    platforms: tuple[str, ...] = ()  # os/architecture[/variant], where it was read
    size: int | None = None  # bytes, compressed, all platforms
    detail: str = ""  # what the registry or the network said, when it was not PRESENT
    code: int | None = None  # HTTP status of the last answer; None where there was no answer
    elapsed: int | None = None  # milliseconds, tokens and repeated requests included
    host: str = ""  # that answered, after redirects
    said: str = ""  # the registry's own words, when it refused
    absence: Absence | None = None
    until: datetime | None = None  # UTC; set for the pull limit alone: when to come back at the latest
    artifact: str = ""  # what it is, where that is known: image, index, schema-1, helm-chart, …
    lacking: tuple[str, ...] = ()  # digests that it names and that the registry does not have
    manifests: int | None = None  # that a pull of all of it fetches: an index, its platforms and attestations


class PlatformAvailability(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where one platform of a reference is available."""

    platform: str  # os/architecture[/variant]
    verdict: Verdict
    hub: str | None = None  # digest of its manifest at Docker Hub, where that could be read without a pull
    mirror: str | None = None  # digest of its manifest under the mirror's tag
    size: int | None = None  # bytes, compressed
    lacking: tuple[str, ...] = ()  # digests that the mirror names and does not have
    detail: str = ""  # what could not be found out, and why


Blobs = dict[Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")], Annotated[int, msgspec.Meta(ge=0)]]
"""Layers and configurations: the first 16 hexadecimal digits of a digest, and bytes, compressed."""


class Availability(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="Availability", tag_field="kind"
):
    """Where one reference is available. A probe that was not made is None."""

    reference: Reference
    verdict: Verdict
    hub: Probe | None = None  # Docker Hub, or the other registry that it comes from
    mirror: Probe | None = None  # by tag, or by digest where the reference has one
    mirror_digest: Probe | None = None  # Docker Hub's digest asked of the mirror, when the tag was not it
    target: Probe | None = None  # Docker Hub's digest asked of the repository that images are moved to
    platforms: tuple[PlatformAvailability, ...] = ()  # those that were wanted
    blobs: Blobs = {}  # of `digest`, all platforms that were read; all there are where `size` is known

    @property
    def probes(self) -> tuple[tuple[str, Probe], ...]:
        """The probes that were made, each with its place."""
        places = (
            ("hub", self.hub),
            ("mirror", self.mirror),
            ("mirror-digest", self.mirror_digest),
            ("target", self.target),
        )
        return tuple((place, probe) for place, probe in places if probe)

    @property
    def digest(self) -> str | None:
        """The digest a move has to arrive at: Docker Hub's, else the mirror's, else the one written."""
        for probe in (self.hub, self.mirror):
            if probe and probe.status is Status.PRESENT:
                return probe.digest
        return self.reference.digest

    @property
    def size(self) -> int | None:
        """Bytes of that digest, compressed, all platforms; None where not all of them were read."""
        sizes = (probe.size for _, probe in self.probes if probe.digest == self.digest)
        return next((size for size in sizes if size is not None), None)

    @property
    def mirrored(self) -> bool:
        """Whether the mirror can serve that digest, which costs no Docker Hub pull."""
        return any(_whole(p) and p.digest == self.digest for p in (self.mirror, self.mirror_digest) if p)


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


def _whole(probe: Probe) -> bool:
    return probe.status is Status.PRESENT and not probe.lacking


def verdict(hub: Probe | None, mirror: Probe | None, *, mirrored: bool = True) -> Verdict:
    """Return what two answers mean together; for what is not `mirrored` there is only the first.

    A mirror that lacks parts of what it names does not have it: a pull from it ends in the middle.
    """
    if not mirrored:
        return _ALONE.get(hub.status, Verdict.UNKNOWN) if hub else Verdict.UNKNOWN
    hub_status = hub.status if hub else Status.UNREACHABLE
    mirror_status = mirror.status if mirror else Status.UNREACHABLE
    if mirror and mirror.lacking:
        mirror_status = Status.MISSING
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
