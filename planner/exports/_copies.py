"""The part of a plan that other tools can carry out: the place of each image's bytes, and its later name."""

from dataclasses import dataclass

from planner.model.job import Copy, Warm
from planner.model.plan import Plan
from planner.model.reference import Reference


@dataclass(frozen=True, slots=True)
class Copied:
    """One image that is copied."""

    sources: tuple[Reference, ...]  # by digest where it is known, the cheapest first
    tagged: (
        Reference  # the source by its tag, for what takes no digest beside it; by its digest if it has none
    )
    destination: Reference  # with a tag, unless all there is is a digest
    digest: str  # empty: not known


def copies(plan: Plan) -> tuple[Copied, ...]:
    """Return what is copied, in the order of the plan."""
    return tuple(_copied(action) for action in plan.transfers if isinstance(action, Copy))


def _copied(action: Copy) -> Copied:
    digest = action.digest or action.source.digest
    places = dict.fromkeys((action.origin, action.source))
    sources = dict.fromkeys(
        place.with_version(None, digest) if digest else place.as_asked for place in places
    )
    return Copied(tuple(sources), _named(action.source), _named(action.destination), digest or "")


def _named(reference: Reference) -> Reference:
    """Return a reference by its tag; by its digest where it has none; as `latest` where it has neither."""
    return reference.with_version(reference.tag, None) if reference.tag else reference.as_asked


def warmed(plan: Plan) -> tuple[Reference, ...]:
    """Return what is pulled through remote repositories, by tag."""
    return tuple(_named(action.destination) for action in plan.transfers if isinstance(action, Warm))


def hosts(plan: Plan) -> tuple[str, ...]:
    """Return the registries that are logged in to."""
    return tuple(sorted({action.destination.registry for action in plan.transfers}))


def missing(plan: Plan) -> tuple[str, ...]:
    """Return what the head of a file says if the file can only name copies."""
    count = len(warmed(plan))
    if not count:
        return ()
    images, are = ("1 image", "is") if count == 1 else (f"{count:,} images", "are")
    return (
        f"{images} of the plan that {are} pulled through a remote repository {are} not in it: it copies, and",
        "cannot only pull. `hub2ar apply plan.json --only transfers` warms, and leaves alone what is there.",
    )
