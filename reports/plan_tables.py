"""Tables of a plan: its actions, transfers, waves and charges. `tables.py` is where others find them."""

from collections.abc import Mapping, Sequence

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
)
from reports.columns import ACTIONS, CHARGES, TRANSFERS, WAVES
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
