"""Checks as text for people: each reference with its verdict and evidence, and what follows from verdicts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from planner.cli._lines import ROOMY, wrapped
from planner.cli._text import counted
from planner.errors import INCOMPLETE, RATE_LIMITED
from planner.model.artifact import IMAGE, INDEX
from planner.model.availability import (
    Absence,
    Availabilities,
    Availability,
    PlatformAvailability,
    Probe,
    Status,
    Verdict,
)
from planner.model.reference import DOCKER_HUB, registry_title
from planner.model.stability import Stability
from planner.model.words import few, size

_LABEL = 20  # columns before what a verdict is about
_NARROW = 4  # columns before its evidence, where there are few
_HEXADECIMAL = 12  # digits of a digest
_DAYS = 48  # hours that are shown as days
_MOST_PLATFORMS = 4

_FOLLOWS = {
    Verdict.CACHED_FRESH: "the mirror serves it, without a pull",
    Verdict.CACHED_STALE: "name the digest: the mirror's tag is an older one",
    Verdict.NOT_CACHED: "it takes a pull from Docker Hub, once",
    Verdict.RESCUE: "copy it now: `hub2ar plan` puts it before everything else",
    Verdict.MISSING_OR_PRIVATE: "for you: log in, fix the reference, or remove it",
    Verdict.UNKNOWN: "check again; it is planned all the same",
}
_ABSENCES = {
    Absence.NO_VERSION: "no such tag or digest",
    Absence.NO_REPOSITORY: "no such repository",
    Absence.CLOSED: "private, or no such repository",
    Absence.FORBIDDEN: "forbidden",
}


def availability(item: Availability, width: int, kept: Stability | None = None) -> Iterator[str]:
    """Yield one reference: its verdict, then the evidence, in lines of `width` columns where words allow."""
    yield f"{item.verdict:<{_LABEL}}{item.reference}"
    yield from _wrapped("; ".join(_evidence(item)), width)
    if kept and kept.checks > 1:
        yield from _wrapped(f"mirror: {'; '.join(_stability(kept))}", width)
    column = max((len(each.platform) for each in item.platforms), default=0)
    for platform in filter(_tells, item.platforms):
        yield from _wrapped(f"{platform.platform:<{column}}  {_platform(platform)}", width, column + 2)


def _wrapped(line: str, width: int, hanging: int = 0) -> list[str]:
    indent = _LABEL if width >= ROOMY else _NARROW
    return wrapped(line, width, " " * indent, " " * (indent + hanging))


def _evidence(item: Availability) -> Iterator[str]:
    hub, mirror = item.hub, item.mirror
    where = registry_title(hub.reference.registry) if hub else "Docker Hub"
    if hub and mirror and hub.digest and hub.digest == mirror.digest:
        yield f"{_short(hub.digest)} at both"
    else:
        yield f"{where} {_probe(hub)}"
        if mirror or not hub or hub.reference.registry == DOCKER_HUB:
            yield f"mirror {_probe(mirror)}"
    if item.mirror_digest and item.mirrored:
        yield f"which has {_short(item.mirror_digest.digest or '')} too, by digest"
    if mirror and mirror.lacking:
        yield f"the mirror lacks {_digests(mirror.lacking)}"
    if item.target:
        yield "copies have it" if item.target.digest else f"copies {_probe(item.target)}"
    yield from _content(item)


def _content(item: Availability) -> Iterator[str]:
    probes = [probe for _, probe in item.probes]
    artifact = next((probe.artifact for probe in probes if probe.artifact), "")
    if artifact not in ("", IMAGE, INDEX):
        yield artifact
    platforms = next((probe.platforms for probe in probes if probe.platforms), ())
    if platforms and not item.platforms:
        many = len(platforms) > _MOST_PLATFORMS
        yield counted(len(platforms), "platform") if many else ", ".join(platforms)
    if item.size is not None:
        yield size(item.size)


def _probe(probe: Probe | None) -> str:
    """Return a digest, or how it was refused: `404 (no such repository)`."""
    if probe is None:
        return "not asked"
    if probe.digest:
        return _short(probe.digest)
    why = "pull limit" if probe.until else _ABSENCES[probe.absence] if probe.absence else ""
    if probe.code is None:
        return why or probe.status.replace("-", " ")
    return f"{probe.code} ({why})" if why else str(probe.code)


def _tells(item: PlatformAvailability) -> bool:
    """Tell whether there is more to say of a platform than that nobody has it."""
    return bool(item.hub or item.mirror or item.detail)


def _platform(item: PlatformAvailability) -> str:
    if item.hub and item.hub == item.mirror:
        digests = f"{_short(item.hub)} at both"
    else:
        names = (("Docker Hub", item.hub), ("mirror", item.mirror))
        digests = ", ".join(f"{name} {_short(digest)}" for name, digest in names if digest)
    lacking = f"the mirror lacks {_digests(item.lacking)}" if item.lacking else ""
    bytes_ = size(item.size) if item.size is not None else ""
    return "; ".join(filter(None, (item.verdict, digests, bytes_, lacking, item.detail)))


def _stability(kept: Stability) -> Iterator[str]:
    """Yield how often the mirror had an image, for how long as it is, how far behind, and when it lost it."""
    yield f"seen on {kept.seen:,} of {kept.checks:,} checks since {_day(kept.first)}"
    since = kept.behind_since or kept.held_since
    hours = (kept.last - since).total_seconds() / 3600 if since else 0
    state = "behind" if kept.behind_since else "this digest"
    if hours >= 1:
        yield f"{state} for {_span(hours)}"
    if kept.behind_hours >= 1 and not kept.behind_since:
        yield f"was behind for {_span(kept.behind_hours)}"
    if kept.evictions:
        yield f"dropped {_times(len(kept.evictions))}, seen gone on {_day(kept.evictions[-1])}"
    if kept.broken:
        yield f"{_times(kept.broken)} without all its blobs"


def stability(kept: Stability, width: int) -> Iterator[str]:
    """Yield one image of a history: whether the mirror has it, and how steadily it had it."""
    state = "there" if kept.present else "gone" if kept.seen else "never there"
    yield f"{state:<{_LABEL}}{kept.reference}"
    yield from _wrapped("; ".join(_stability(kept)), width)


def follows(document: Availabilities) -> Iterator[str]:
    """Yield what to do about each verdict that was given."""
    for verdict in Verdict:
        if any(item.verdict is verdict for item in document.images):
            yield f"{verdict:<{_LABEL}}{_FOLLOWS[verdict]}"


def summary(document: Availabilities) -> str:
    """Return how many references have which verdict."""
    counts = Counter(item.verdict for item in document.images)
    said = ", ".join(f"{number:,} {verdict}" for verdict, number in sorted(counts.items()))
    limit = document.pull_limit
    left = f"; {limit.remaining:,} of {limit.limit:,} pulls left at Docker Hub" if limit else ""
    return f"{counted(len(document.images), 'reference')} from {_sources(document)}: {said or 'none'}{left}"


def _sources(document: Availabilities) -> str:
    asked = {each.hub.reference.registry for each in document.images if each.hub} or {DOCKER_HUB}
    return " and ".join(map(registry_title, sorted(asked)))


def histories_summary(kept: Sequence[Stability]) -> str:
    """Return in a line how steadily the mirror had the images of a history."""
    steady = sum(each.seen == each.checks for each in kept)
    dropped = sum(bool(each.evictions) for each in kept)
    return f"{counted(len(kept), 'image')}: {steady:,} seen on every check, {dropped:,} dropped at times"


def exit_code(document: Availabilities) -> int:
    """Return 75 where a pull limit is reached, 4 where an answer is missing, else 0."""
    probes = [probe for item in document.images for _, probe in item.probes]
    if any(probe.until for probe in probes):
        return RATE_LIMITED
    silent = (Status.UNREACHABLE, Status.RATE_LIMITED)
    return INCOMPLETE if any(probe.status in silent for probe in probes) else 0


def _short(digest: str) -> str:
    return digest.partition(":")[2][:_HEXADECIMAL]


def _digests(digests: tuple[str, ...]) -> str:
    return few(list(map(_short, digests)), 1)


def _day(moment: datetime) -> str:
    """Return the day that a moment has here."""
    return f"{moment.astimezone():%Y-%m-%d}"


def _span(hours: float) -> str:
    return f"{hours / 24:.0f} days" if hours >= _DAYS else f"{hours:.0f} h"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"
