"""Tables of a plan: actions, transfers, waves, charges, what is left. Others find them in `tables.py`."""

import re
from collections.abc import Iterator, Mapping, Sequence

from planner.model.inventory import Inventory, Unresolved
from planner.model.job import Copy, Warm
from planner.model.plan import (
    Action,
    AllowUpstreams,
    CreateRepository,
    Grant,
    Keep,
    Manual,
    Plan,
    Rewrite,
    key,
    manual,
)
from reports.columns import ACTIONS, CHARGES, TRANSFERS, UNDECIDED, WAVES
from reports.frames import Cell, Table, frame

_VERBS: Mapping[type[Action], str] = {
    CreateRepository: "create",
    AllowUpstreams: "allow",
    Grant: "grant",
    Warm: "warm",
    Copy: "copy",
    Rewrite: "rewrite",
    Keep: "keep",
    Manual: "manual",
}
_ADVICE = re.compile(r"[:;] ")  # a reason says what is missing, then where it could be set
_PLACE = re.compile(r"(?s)(.*):([0-9]{1,9})\Z")
_ELSE = "decide for each place, or leave it as it is"


def actions(plan: Plan) -> Table:
    """Return one row for each action of a plan, in the order they are done."""
    waves = _waves(plan)
    return frame(ACTIONS, (_action(action, waves) for action in plan.actions))


def _action(action: Action, waves: Mapping[str, tuple[int, str]]) -> Sequence[Cell]:
    name = key(action)
    wave = waves[name][0] if name in waves else None
    owners = action.owners if isinstance(action, Rewrite | Keep | Manual) else ()
    said = (", ".join(_places(action)), action.reason, ", ".join(owners))
    return (name, _VERBS[type(action)], *_change(action), wave, *said)


def _change(action: Action) -> tuple[str, str, str]:
    """Return what an action is about, where it ends, and the digest it carries."""
    match action:
        case CreateRepository():
            return action.target.prefix, "", ""
        case AllowUpstreams():
            return f"{action.project} in {action.location}", "", ""
        case Grant():
            return f"{action.member} as {action.role}", action.secret or action.target.prefix, ""
        case Warm() | Copy():
            return str(action.source), str(action.destination), action.digest or ""
        case Rewrite():
            return str(action.reference), str(action.destination), ""
        case Keep():
            return str(action.reference), "", ""
        case Manual():
            return action.subject, "", ""


def _places(action: Action) -> tuple[str, ...]:
    match action:
        case Rewrite():
            return (f"{action.path}:{action.line}",)
        case Keep() | Manual():
            return action.places
        case _:
            return ()


def transfers(plan: Plan) -> Table:
    """Return one row for each image that moves, in the order they run."""
    waves = _waves(plan)
    return frame(TRANSFERS, (_transfer(action, waves) for action in plan.transfers))


def _transfer(action: Warm | Copy, waves: Mapping[str, tuple[int, str]]) -> Sequence[Cell]:
    name = key(action)
    origin = action.origin if isinstance(action, Copy) else action.source
    ends = (str(action.source), str(origin), str(action.destination), action.digest or "")
    return (*waves.get(name, (None, "")), _VERBS[type(action)], *ends, name, action.reason)


def waves(plan: Plan) -> Table:
    """Return one row for each wave, in the order they run."""
    rows = (
        (number, each.title, len(each.keys), each.begins, each.seconds, each.pulls, each.size)
        for number, each in enumerate(plan.waves, start=1)
    )
    return frame(WAVES, rows)


def charges(plan: Plan) -> Table:
    """Return one row for each thing that costs money; amounts of different times are never added up."""
    rows = (
        (
            *(each.what, each.low, each.high, each.currency, each.per),
            *(each.basis, each.source, each.date, each.remedy),
        )
        for each in plan.charges
    )
    return frame(CHARGES, rows)


def _waves(plan: Plan) -> dict[str, tuple[int, str]]:
    """Return number and title of the wave of each transfer, by key."""
    numbered = enumerate(plan.waves, start=1)
    return {name: (number, wave.title) for number, wave in numbered for name in wave.keys}


def undecided(inventory: Inventory | None, plan: Plan | None) -> Table:
    """Return one row for each thing that people have to settle: the plan's, then what it does not have."""
    return frame(UNDECIDED, map(_left, _manual(inventory, plan)))


def _manual(inventory: Inventory | None, plan: Plan | None) -> Iterator[Manual]:
    left = [action for action in plan.actions if isinstance(action, Manual)] if plan else []
    yield from left
    if inventory:
        told = {place for action in left for place in action.places}
        for item in inventory.unresolved:
            if not item.fixture and _place(item) not in told:
                yield manual(item, inventory.owners.get(item.path, ()))


def _place(item: Unresolved) -> str:
    return f"{item.path}:{item.line}"


def _left(action: Manual) -> Sequence[Cell]:
    problem, *rest = _ADVICE.split(action.reason, maxsplit=1)
    match = _PLACE.match(action.places[0]) if action.places else None
    path, line = (match[1], int(match[2])) if match else (next(iter(action.places), ""), None)
    advice = rest[0] if rest else _ELSE
    return (action.subject, problem, advice, len(action.places), path, line, ", ".join(action.owners))
