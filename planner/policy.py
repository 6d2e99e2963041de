"""Policy: where each image should come from, and why. Pure; the first rule that holds decides.

What a remote repository does: https://cloud.google.com/artifact-registry/docs/repositories/remote-overview
"""

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

from planner.model.artifact import SCHEMA_1
from planner.model.availability import Absence, Availability, Status, Verdict
from planner.model.reference import DOCKER_HUB, Carrier, Reference
from planner.model.repository import Mode
from planner.model.stability import Stability


class Route(StrEnum):
    """What is done about a reference."""

    WARM = "warm"  # through the remote repository
    COPY = "copy"  # into the standard repository
    KEEP = "keep"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Decision:
    """A route and the sentence that defends it."""

    route: Route
    reason: str
    urgent: bool = False  # before everything else, because the source may be gone tomorrow
    from_mirror: bool = True  # whether the mirror may be counted on, where it has the digest


_KEPT = {
    Carrier.ARTIFACT_REGISTRY: "it is in Artifact Registry",
    Carrier.CONTAINER_REGISTRY: "Container Registry closed on 18 March 2025 and Artifact Registry serves its"
    " hosts: see that the project has its gcr.io repository there, or name a pkg.dev one",
    Carrier.ECR_PUBLIC: "Amazon carries Docker's official images without Docker Hub's pull limit",
    Carrier.OTHER: "its registry is not one of those that are moved",
}
_ENOUGH = 2  # checks that make a history
_SCHEMA_1 = (
    "it has a manifest of schema 1, which Docker gave up in 2019 and Artifact Registry does not take:"
    " choose a newer tag, or build it again"
)
_LEFT = {
    "k8s.gcr.io": "frozen since 3 April 2023, and sends on to registry.k8s.io: name that instead",
}


def decide(
    reference: Reference,
    availability: Availability | None,
    mode: Mode,
    upstreams: Container[str] = (DOCKER_HUB,),
    kept: Stability | None = None,
) -> Decision:
    """Return what becomes of one reference in a move of these upstreams to a repository of this mode.

    `kept` is how the mirror has kept it. What it has dropped before is not counted on again, so that a plan
    hides no pulls that it may have to spend; what only the mirror has is taken from it all the same.
    """
    if reference.registry not in upstreams and (
        reference.origin(upstreams) is None or reference.carrier in _KEPT
    ):
        return Decision(
            Route.KEEP, _LEFT.get(reference.registry) or _KEPT.get(reference.carrier, _KEPT[Carrier.OTHER])
        )
    verdict = availability.verdict if availability else Verdict.UNKNOWN
    if availability and _is_schema_1(availability):
        return Decision(Route.MANUAL, _SCHEMA_1)
    history = _history(kept)
    if verdict is Verdict.RESCUE:
        reason = f"Docker Hub no longer gives it and mirror.gcr.io still does{history}"
        return Decision(Route.COPY, reason, urgent=True)
    if verdict is Verdict.MISSING_OR_PRIVATE and availability:
        return Decision(Route.MANUAL, _missing(availability))
    evidence = _evidence(verdict, availability) + history
    if reference.carrier is Carrier.MIRROR:
        evidence = f"named at {reference.registry}, which fails for whatever it does not hold; {evidence}"
    if mode is Mode.STANDARD:
        steady = kept is None or kept.reliable
        return Decision(Route.COPY, f"a copy of one's own does not change; {evidence}", from_mirror=steady)
    return Decision(Route.WARM, f"public image, through the remote repository; {evidence}")


def _is_schema_1(availability: Availability) -> bool:
    """Tell it of what a move has to arrive at, not of what the mirror's tag may have named earlier."""
    there = (each for each in (availability.hub, availability.mirror) if each and each.digest)
    return next((each.artifact == SCHEMA_1 for each in there), False)


def _missing(availability: Availability) -> str:
    hub = availability.hub
    registry = hub.reference.registry if hub else DOCKER_HUB
    who = "Docker Hub" if registry == DOCKER_HUB else registry
    more = f" and mirror.gcr.io has {_mirror(availability)}" if registry == DOCKER_HUB else ""
    match hub.absence if hub else None:
        case Absence.NO_VERSION:
            return f"{who} has the repository and not this tag or digest{more}: name one that is there"
        case Absence.NO_REPOSITORY:
            return f"{who} has no such repository{more}: it is renamed, gone or misspelt"
        case Absence.CLOSED:
            said = "answers alike for what is private and for what is not there,"
        case Absence.FORBIDDEN:
            said = "forbids it to who asked"
        case _ if hub and hub.status is Status.MISSING:
            said = "says there is none"
        case _:
            said = "lets nobody see it without credentials"
    return f"{who} {said}{more}: it is private, renamed or gone; remove it or log in"


def _mirror(availability: Availability) -> str:
    return "not all of it" if availability.mirror and availability.mirror.lacking else "none"


def _history(kept: Stability | None) -> str:
    """Return how the mirror has kept it, as the end of a sentence; what one check saw is no history."""
    if kept is None or kept.checks < _ENOUGH:
        return ""
    said = f"; mirror.gcr.io had it on {kept.seen} of {kept.checks} checks since {kept.first:%Y-%m-%d}"
    if kept.evictions:
        said += f" and not on {kept.evictions[-1]:%Y-%m-%d}"
    if kept.broken:
        said += f", {kept.broken} times without all its blobs"
    return said if kept.reliable else f"{said}, so it is not counted on"


def _evidence(verdict: Verdict, availability: Availability | None) -> str:
    match verdict:
        case Verdict.CACHED_FRESH:
            return "mirror.gcr.io has the same digest"
        case Verdict.CACHED_STALE:
            held = availability is not None and availability.mirrored
            return "mirror.gcr.io has an older one under this tag" + (", and this digest too" if held else "")
        case Verdict.NOT_CACHED:
            own = availability.hub.reference.registry if availability and availability.hub else DOCKER_HUB
            return "mirror.gcr.io does not have it" if own == DOCKER_HUB else f"{own} has it"
        case _:
            return "not checked, so its digest is found out when it is moved"
