"""What a decision is made on: one image in one place, what is known of it, and the words for that. Pure."""

from dataclasses import dataclass

from planner.model.artifact import SCHEMA_1
from planner.model.availability import Absence, Availability, Status, Verdict
from planner.model.inventory import Role
from planner.model.reference import DOCKER_HUB, Carrier, Reference, registry_title
from planner.model.rule import Route
from planner.model.stability import Stability

_ENOUGH = 2  # checks that make a history


@dataclass(frozen=True, slots=True)
class Case:
    """One image in one place.

    `kept` is how the mirror has kept it. What it has dropped before is not counted on again, so that a plan
    hides no pulls that it may have to spend; what only the mirror has is taken from it nevertheless.
    """

    reference: Reference
    upstream: Reference | None = None  # whose content it names, at a registry that is moved
    availability: Availability | None = None
    kept: Stability | None = None
    running: bool = False  # whether its digest runs in a cluster
    role: Role = Role.BASE
    format: str = ""
    path: str = ""
    owners: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Where it is available, unknown where nobody asked."""
        return self.availability.verdict if self.availability else Verdict.UNKNOWN

    @property
    def steady(self) -> bool:
        """Whether its history gives no reason to doubt the mirror."""
        return self.kept is None or self.kept.reliable


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an image in a place: a route, and the sentence that gives its reason."""

    route: Route
    reason: str
    urgent: bool = False  # before everything else, because the source may be gone tomorrow
    from_mirror: bool = True  # whether the mirror may be counted on, where it has the digest
    rule: str = ""  # of the user's, that decided


def is_schema_1(case: Case) -> bool:
    """Tell whether the image to move has a manifest of schema 1, which Artifact Registry does not take.

    Docker Hub's answer counts before the mirror's, whose tag may name an older image.
    """
    if case.availability is None:
        return False
    there = (each for each in (case.availability.hub, case.availability.mirror) if each and each.digest)
    return next((each.artifact == SCHEMA_1 for each in there), False)


def missing(availability: Availability) -> str:
    """Say what is known of an image that no registry gives, and what to do about it."""
    hub = availability.hub
    registry = hub.reference.registry if hub else DOCKER_HUB
    who = registry_title(registry)
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


def history(case: Case) -> str:
    """Say how the mirror has kept an image, as the end of a sentence; a single check is no history."""
    kept = case.kept
    if kept is None or kept.checks < _ENOUGH:
        return ""
    said = f"; mirror.gcr.io had it on {kept.seen:,} of {kept.checks:,} checks since {kept.first:%Y-%m-%d}"
    if kept.evictions:
        said += f" and not on {kept.evictions[-1]:%Y-%m-%d}"
    if kept.broken:
        said += f", {kept.broken} times without all its blobs"
    return said if kept.reliable else f"{said}, so the plan does not rely on it"


def evidence(case: Case) -> str:
    """Say where an image is available, as the end of a sentence."""
    said = _found(case.verdict, case.availability) + history(case)
    if case.reference.carrier is Carrier.MIRROR:
        return f"named at {case.reference.registry}, which fails for whatever it does not hold; {said}"
    return said


def _found(verdict: Verdict, availability: Availability | None) -> str:
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
