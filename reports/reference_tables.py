"""The table of images: what all documents of a migration say of each. Others find it in `tables.py`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from planner.model.availability import Availabilities, Availability
from planner.model.inventory import Inventory
from planner.model.plan import Keep, Plan, Rewrite
from planner.model.reference import Reference
from planner.model.stability import Stabilities, Stability
from reports.columns import REFERENCES
from reports.decided import Decided, decisions, source
from reports.frames import Cell, Table, frame


@dataclass(slots=True)
class _Use:
    """Where an image is named, gathered place by place."""

    places: int = 0
    first: tuple[str, int | None] = ("", None)
    roles: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    owners: dict[str, None] = field(default_factory=dict)

    def add(self, path: str, line: int, owners: Sequence[str], role: str = "") -> None:
        if not self.places:
            self.first = path, line
        self.places += 1
        self.files.add(path)
        self.owners.update(dict.fromkeys(owners))
        if role:
            self.roles.add(role)


def references(
    inventory: Inventory | None,
    availabilities: Availabilities | None = None,
    plan: Plan | None = None,
    stabilities: Stabilities | None = None,
) -> Table:
    """Return one row for each image that something pulls, was asked for, or is planned; sorted by name.

    What no document tells is empty or missing. Places are the inventory's; without one, the plan's.
    """
    used = _used(inventory, plan)
    checked = {each.reference: each for each in (availabilities.images if availabilities else ())}
    asked = {name.as_asked: image for name, image in checked.items()}
    kept = {each.reference.as_asked: each for each in (stabilities.images if stabilities else ())}
    decided = decisions(plan)
    texts = {item.text for item in inventory.unresolved} if inventory else set()
    planned = {name for name in decided if str(name) not in texts}  # a text that is not known is no image
    rows = (
        (
            *_name(name, used.get(name, _Use())),
            *_content(checked.get(name) or asked.get(source(name)), decided.get(name)),
            *_kept(kept.get(source(name))),
            *_decision(decided.get(name, Decided())),
        )
        for name in sorted({*used, *checked, *planned})
    )
    return frame(REFERENCES, rows)


def _used(inventory: Inventory | None, plan: Plan | None) -> dict[Reference, _Use]:
    used: dict[Reference, _Use] = defaultdict(_Use)
    if inventory:
        for item in inventory.pulled:
            used[item.reference].add(item.path, item.line, inventory.owners.get(item.path, ()), item.role)
        return used
    for action in plan.actions if plan else ():
        if isinstance(action, Rewrite):
            used[action.reference].add(action.path, action.line, action.owners)
        elif isinstance(action, Keep):
            for place in action.places:
                path, _, line = place.rpartition(":")
                used[action.reference].add(path, int(line), action.owners)
    return used


def _name(name: Reference, use: _Use) -> Sequence[Cell]:
    counts = (use.places, len(use.files), *use.first)
    return (*parts(name), ", ".join(sorted(use.roles)), *counts, ", ".join(use.owners))


def parts(name: Reference) -> Sequence[Cell]:
    """Return the cells of a reference: in full, registry, repository, tag, digest, carrier."""
    return (str(name), name.registry, name.repository, name.tag or "", name.digest or "", name.carrier)


def _content(image: Availability | None, decided: Decided | None) -> Sequence[Cell]:
    """Return what a check says, and the size as the plan has it where that does not tell."""
    planned = decided.size if decided else None
    if image is None:
        return ("", "", False, planned, "")
    size = planned if image.size is None else image.size
    platforms = next((probe.platforms for _, probe in image.probes if probe.platforms), ())
    return (image.verdict, image.digest or "", image.mirrored, size, ", ".join(platforms))


def _kept(kept: Stability | None) -> Sequence[Cell]:
    return (_steadiness(kept), kept.seen, kept.checks) if kept else ("", None, None)


def _steadiness(kept: Stability) -> str:
    """Return how mirror.gcr.io has kept an image, in a word or two; the worst that was seen."""
    if not kept.seen:
        return "never there"
    if kept.evictions:
        return "dropped"
    if kept.broken:
        return "broken"
    return "behind" if kept.behind_hours else "steady"


def _decision(decided: Decided) -> Sequence[Cell]:
    said = (decided.decision, "; ".join(decided.reasons), ", ".join(decided.destinations))
    return (*said, min(decided.waves, default=None), decided.pulls if decided.moved else None)
