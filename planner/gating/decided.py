"""What a plan decides about the places of an inventory, which may be newer than the plan. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from planner.gating.baseline import Item, items
from planner.gating.planned import place
from planner.model.finding import Replacement
from planner.model.inventory import Inventory, Occurrence, Unresolved
from planner.model.plan import Keep, Manual, Plan, Rewrite
from planner.model.reference import Reference
from planner.planning.renaming import TOGETHER, renamed

Place = tuple[str, int, int, Reference]  # path, line, column, and what it names
_CARRIED = "the plan moves it"


@dataclass(frozen=True, slots=True)
class Fixes:
    """What is known of the edits that make places right, and why others cannot be edited."""

    edits: Mapping[Place, tuple[Replacement, ...]] = field(default_factory=dict)
    reasons: Mapping[Place, str] = field(default_factory=dict)


NO_FIXES = Fixes()


@dataclass(frozen=True, slots=True)
class Decided:
    """What becomes of places."""

    destinations: Mapping[Place, Reference]
    keeping: frozenset[tuple[Reference, str]]  # with `path:line`
    left: Mapping[tuple[str, str], str]  # reasons, by subject and `path:line`

    def destination(self, item: Item) -> Reference | None:
        """Return the reference that a place should name."""
        return self.destinations.get(place_of(item)) if item.reference else None

    def kept(self, item: Item) -> bool:
        """Tell whether a place may stay as it is."""
        return bool(item.reference) and (item.reference, f"{item.path}:{item.line}") in self.keeping

    def reason(self, item: Item) -> str:
        """Return why a person has to decide about a place; empty where none has to."""
        subject = str(item.reference) if isinstance(item, Occurrence) else item.text
        return self.left.get((subject, f"{item.path}:{item.line}"), "")


def decided(plan: Plan | None) -> Decided:
    """Return what a plan decides; without a plan, nothing is decided."""
    actions = plan.actions if plan else ()
    destinations = {
        (each.path, each.line, each.column, each.reference): each.destination
        for each in actions
        if isinstance(each, Rewrite) and each.reason not in TOGETHER
    }
    keeping = ((each.reference, where) for each in actions if isinstance(each, Keep) for where in each.places)
    left = {
        (each.subject, where): each.reason
        for each in actions
        if isinstance(each, Manual)
        for where in each.places
    }
    return Decided(destinations, frozenset(keeping), left)


def place_of(item: Occurrence | Unresolved | Rewrite) -> Place:
    """Return what identifies a place. Raises LookupError for one that names no image."""
    if item.reference is None:
        raise LookupError(f"{item.path}:{item.line} names no image")
    return item.path, item.line, item.column, item.reference


def carried(plan: Plan, inventory: Inventory) -> Plan:
    """Return a plan as it would be for an inventory of today.

    An image goes where the plan has it go in the same file, else anywhere; another version of it goes beside
    that. What the plan keeps in a file is kept there. What it does not know has no action.
    """
    destinations = _Known(plan)
    every = items(inventory)
    moved = [
        rewrite
        for item in every
        if item.reference and (rewrite := destinations.rewrite(item, item.reference))
    ]
    actions = (*renamed(inventory, moved), *_kept(plan, every))
    return replace(plan, actions=actions, files=inventory.files, waves=())


class _Known:
    """Where a plan has images go."""

    def __init__(self, plan: Plan) -> None:
        self._of: dict[tuple[str, ...], Reference] = {}
        for each in plan.actions:
            if isinstance(each, Rewrite) and each.reason not in TOGETHER:
                for key in _keys(each.path, each.reference):
                    self._of.setdefault(key, each.destination)

    def rewrite(self, item: Item, reference: Reference) -> Rewrite | None:
        """Return what makes a place name where its image goes."""
        there = next(filter(None, map(self._of.get, _keys(item.path, reference))), None)
        if there is None:
            return None
        destination = there.with_version(reference.tag, reference.digest)
        return Rewrite(
            item.path,
            item.line,
            item.column,
            item.text,
            reference,
            destination,
            item.fragments,
            _CARRIED,
        )


def _keys(path: str, reference: Reference) -> tuple[tuple[str, ...], ...]:
    """Return the keys by which an image in a file is looked up, the surest first."""
    exact = str(reference)
    return (path, exact), (path, reference.name), (exact,), (reference.name, "")


def _kept(plan: Plan, every: Iterable[Item]) -> Iterator[Keep]:
    """Yield what stays as it is, at the places of today."""
    reasons = {
        (place(where)[0], each.reference): each.reason
        for each in plan.actions
        if isinstance(each, Keep)
        for where in each.places
    }
    for item in every:
        if item.reference and (reason := reasons.get((item.path, item.reference))):
            yield Keep(item.reference, (f"{item.path}:{item.line}",), reason)
