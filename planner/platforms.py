"""The verdict for one platform, from what both registries say and what could be read without a pull. Pure."""

from collections.abc import Iterable, Iterator

from planner.contents import UNTOLD, Content, Part
from planner.model.artifact import IMAGE, INDEX
from planner.model.availability import PlatformAvailability, Probe, Status, Verdict
from planner.model.words import few

_GONE = (Status.MISSING, Status.DENIED)
_IMAGES = ("", INDEX, IMAGE)
_MOST_NAMED = 6  # platforms in a sentence


def platforms(
    wanted: Iterable[str], hub: Probe, mirror: Probe | None, upstream: Content, cached: Content
) -> Iterator[PlatformAvailability]:
    """Yield the verdict for each platform; a chart, a signature or another artifact runs on none.

    `upstream` is what Docker Hub's digest holds, or that of another registry, `cached` what the mirror's tag
    names.
    """
    if {upstream.artifact, cached.artifact} - set(_IMAGES):
        return
    for platform in wanted:
        theirs, held = (_part(content, platform) for content in (upstream, cached))
        verdict, detail = _verdict(platform, hub, mirror, upstream, cached)
        size = held.size if held and held.size is not None else theirs.size if theirs else None
        yield PlatformAvailability(
            platform,
            verdict,
            theirs.digest if theirs else None,
            held.digest if held else None,
            size,
            held.lacking if held else (),
            detail,
        )


def _part(content: Content, platform: str) -> Part | None:
    parts = content.parts or {}
    return parts.get(platform) or parts.get(UNTOLD)


def _verdict(
    platform: str, hub: Probe, mirror: Probe | None, upstream: Content, cached: Content
) -> tuple[Verdict, str]:
    """Return what follows for a platform, and what could not be known."""
    for probe in filter(None, (hub, mirror)):
        if probe.status not in (Status.PRESENT, *_GONE):
            return Verdict.UNKNOWN, f"{probe.reference.registry} gave no answer"
    theirs, held = _part(upstream, platform), _part(cached, platform)
    if hub.status is Status.PRESENT and upstream.parts and theirs is None:
        return Verdict.MISSING_OR_PRIVATE, f"{hub.reference.registry} has {_named(upstream.parts)}"
    if mirror and mirror.status is Status.PRESENT:
        if cached.parts is None:
            return Verdict.UNKNOWN, cached.problem or "the mirror's manifest names no platform"
        if held and held.problem:
            return Verdict.UNKNOWN, held.problem
        if held and not held.lacking and platform not in cached.parts:
            return Verdict.UNKNOWN, "its configuration names no platform"
        if held and not held.lacking:
            return _held(hub, mirror, theirs, held), ""
    if hub.status in _GONE:
        return Verdict.MISSING_OR_PRIVATE, ""
    return _not_held(hub, mirror, upstream, theirs)


def _held(hub: Probe, mirror: Probe, theirs: Part | None, held: Part) -> Verdict:
    if hub.status in _GONE:
        return Verdict.RESCUE
    same = hub.digest == mirror.digest or (theirs is not None and theirs.digest == held.digest)
    return Verdict.CACHED_FRESH if same else Verdict.CACHED_STALE


def _not_held(
    hub: Probe, mirror: Probe | None, upstream: Content, theirs: Part | None
) -> tuple[Verdict, str]:
    if theirs:
        return Verdict.NOT_CACHED, ""
    unread = upstream.problem or f"what {hub.reference.registry} has cannot be read without a pull"
    there = mirror is not None and mirror.status is Status.PRESENT
    return (Verdict.UNKNOWN if there else Verdict.NOT_CACHED), unread


def _named(parts: Iterable[str]) -> str:
    return f"only {few(list(parts), _MOST_NAMED)}"
