"""Policy: where each image should come from, and why. Pure; the first rule that holds decides.

What a remote repository does: https://cloud.google.com/artifact-registry/docs/repositories/remote-overview
"""

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

from planner.model.availability import Availability, Status, Verdict
from planner.model.plan import Mode
from planner.model.reference import DOCKER_HUB, Carrier, Reference


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


_KEPT = {
    Carrier.ARTIFACT_REGISTRY: "it is in Artifact Registry",
    Carrier.CONTAINER_REGISTRY: "Container Registry closed on 18 March 2025 and Artifact Registry serves its"
    " hosts: see that the project has its gcr.io repository there, or name a pkg.dev one",
    Carrier.ECR_PUBLIC: "Amazon carries Docker's official images without Docker Hub's pull limit",
    Carrier.OTHER: "its registry is not one of those that are moved",
}
_LEFT = {
    "k8s.gcr.io": "frozen since 3 April 2023, and sends on to registry.k8s.io: name that instead",
}


def decide(
    reference: Reference,
    availability: Availability | None,
    mode: Mode,
    upstreams: Container[str] = (DOCKER_HUB,),
) -> Decision:
    """Return what becomes of one reference in a move of these upstreams to a repository of this mode."""
    if reference.registry not in upstreams and (
        reference.origin(upstreams) is None or reference.carrier in _KEPT
    ):
        return Decision(
            Route.KEEP, _LEFT.get(reference.registry) or _KEPT.get(reference.carrier, _KEPT[Carrier.OTHER])
        )
    verdict = availability.verdict if availability else Verdict.UNKNOWN
    if verdict is Verdict.RESCUE:
        return Decision(Route.COPY, "Docker Hub no longer gives it and mirror.gcr.io still does", urgent=True)
    if verdict is Verdict.MISSING_OR_PRIVATE and availability:
        return Decision(Route.MANUAL, _missing(availability))
    evidence = _evidence(verdict, availability)
    if reference.carrier is Carrier.MIRROR:
        evidence = f"named at {reference.registry}, which fails for whatever it does not hold; {evidence}"
    if mode is Mode.STANDARD:
        return Decision(Route.COPY, f"a copy of one's own does not change; {evidence}")
    return Decision(Route.WARM, f"public image, through the remote repository; {evidence}")


def _missing(availability: Availability) -> str:
    hub = availability.hub
    said = (
        "says there is none"
        if hub and hub.status is Status.MISSING
        else "lets nobody see it without credentials"
    )
    registry = hub.reference.registry if hub else DOCKER_HUB
    who = "Docker Hub" if registry == DOCKER_HUB else registry
    more = " and mirror.gcr.io has none" if registry == DOCKER_HUB else ""
    return f"{who} {said}{more}: it is private, renamed or gone; remove it or log in"


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
