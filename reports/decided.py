"""What a plan decides for each image, whichever places name it."""

from collections import defaultdict
from dataclasses import dataclass, field

from planner.model.job import Copy, Transfer, Warm
from planner.model.plan import Keep, Manual, Plan, Rewrite, key
from planner.model.reference import Reference

DECISIONS = ("warm", "copy", "rewrite", "keep", "by hand")


@dataclass(slots=True)
class Decided:
    """What a plan says of one image, gathered action by action."""

    decisions: set[str] = field(default_factory=set)
    reasons: dict[str, None] = field(default_factory=dict)
    destinations: dict[str, None] = field(default_factory=dict)
    waves: list[int] = field(default_factory=list)
    pulls: int = 0
    size: int | None = None
    moved: bool = False

    @property
    def decision(self) -> str:
        """All decisions, joined."""
        return ", ".join(name for name in DECISIONS if name in self.decisions)


def source(name: Reference) -> Reference:
    """Return what the upstream is asked for when that name is pulled."""
    return (name.upstream or name).as_asked


def decisions(plan: Plan | None) -> dict[Reference, Decided]:
    """Return what is decided for each image, by the name that the code gives it."""
    found: dict[Reference, Decided] = defaultdict(Decided)
    if plan is None:
        return found
    for action in plan.actions:
        match action:
            case Rewrite():
                entry = found[action.reference]
                entry.decisions.add("rewrite")
                entry.destinations[str(action.destination)] = None
                entry.reasons[action.reason] = None
            case Keep():
                found[action.reference].decisions.add("keep")
                found[action.reference].reasons[action.reason] = None
            case Manual():
                if reference := action.reference:
                    found[reference].decisions.add("by hand")
                    found[reference].reasons[action.reason] = None
            case _:
                pass
    _add_transfers(plan, found)
    return found


def _add_transfers(plan: Plan, found: dict[Reference, Decided]) -> None:
    """Add each transfer to the images whose content it moves, or as an image of its own."""
    named: dict[Reference, list[Reference]] = defaultdict(list)
    for name in found:
        named[source(name)].append(name)
    waves = {name: number for number, wave in enumerate(plan.waves, start=1) for name in wave.keys}
    for transfer in plan.transfers:
        for name in named.get(transfer.source.as_asked) or [transfer.source]:
            _add_transfer(found[name], transfer, waves.get(key(transfer)))


def _add_transfer(entry: Decided, transfer: Transfer, wave: int | None) -> None:
    match transfer:
        case Warm():
            entry.decisions.add("warm")
        case Copy():
            entry.decisions.add("copy")
    entry.decisions.discard("rewrite")  # that code follows is what moving an image means
    if not entry.moved:
        entry.reasons.clear()
    entry.moved = True
    entry.reasons[transfer.reason] = None
    entry.destinations[str(transfer.destination)] = None
    entry.waves += [wave] if wave else []
    entry.pulls += transfer.pulls
    entry.size = entry.size or transfer.size
