"""What images are called at their upstream, and what the code is to call them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from planner.model.job import Warm
from planner.model.plan import Plan, Rewrite
from planner.model.reference import DOCKER_HUB, Reference
from planner.model.repository import Target


@dataclass(frozen=True, slots=True)
class Moved:
    """One repository of an upstream, and where the code finds it."""

    upstream: Reference  # without version
    destinations: tuple[Reference, ...]  # without version, the one that is named most first
    copied: str  # what its copies are called within their repository; empty where it is not copied only

    @property
    def destination(self) -> Reference | None:
        """Where it is, if that is one place whatever the version."""
        return self.destinations[0] if len(self.destinations) == 1 else None


def moved(plan: Plan) -> tuple[Moved, ...]:
    """Return what a plan moves, by upstream's name."""
    registries = {transfer.source.registry for transfer in plan.transfers} | {DOCKER_HUB}
    places: dict[Reference, Counter[Reference]] = {}
    for action in plan.actions:
        if isinstance(action, Rewrite) and (origin := action.reference.origin(registries)):
            places.setdefault(_name(origin), Counter())[_name(action.destination)] += 1
    for transfer in plan.transfers:  # what no code names is where its bytes go
        places.setdefault(_name(transfer.source), Counter([_name(transfer.destination)]))
    copied = _copied(plan)
    return tuple(
        Moved(upstream, tuple(_most(names)), copied.get(upstream, ""))
        for upstream, names in sorted(places.items())
    )


def _copied(plan: Plan) -> dict[Reference, str]:
    """Return what copies are called, of what is copied and never pulled through."""
    warmed = {_name(transfer.source) for transfer in plan.transfers if isinstance(transfer, Warm)}
    found: dict[Reference, str] = {}
    for transfer in plan.transfers:
        target, upstream = within(transfer.destination, plan.targets), _name(transfer.source)
        if target is not None and upstream not in warmed:
            found[upstream] = inside(transfer.destination, target)
    return found


def _most(names: Counter[Reference]) -> Iterator[Reference]:
    yield from (name for name, _ in sorted(names.items(), key=lambda item: (-item[1], item[0])))


def _name(reference: Reference) -> Reference:
    return reference.with_version(None, None)


def within(reference: Reference, targets: tuple[Target, ...]) -> Target | None:
    """Return the repository that an image is in."""
    return next((each for each in targets if reference.name.startswith(f"{each.prefix}/")), None)


def inside(reference: Reference, target: Target) -> str:
    """Return what an image is called within its repository."""
    return reference.name.removeprefix(f"{target.prefix}/")
