"""A plan as the inventory that it tells of: places that it rewrites, keeps or leaves to a person. Pure."""

from collections.abc import Iterator

from planner.model.inventory import Confidence, Inventory, Occurrence, Role, Unresolved
from planner.model.plan import Keep, Manual, Plan, Rewrite
from planner.model.reference import Reference
from planner.model.source import Fragment
from planner.planning.renaming import TOGETHER


def inventory_of(plan: Plan) -> Inventory:
    """Return what a plan tells of the code; formats and roles it does not tell."""
    found = sorted(_found(plan), key=lambda each: (each.path, each.line, each.column, each.text))
    return Inventory((), tuple(found), plan.files)


def _found(plan: Plan) -> Iterator[Occurrence | Unresolved]:
    for action in plan.actions:
        match action:
            case Rewrite() if action.reason not in TOGETHER:
                where = action.path, action.line, action.column
                yield _occurrence(where, action.reference, action.text, action.fragments)
            case Keep():
                for path, line in map(place, action.places):
                    yield _occurrence((path, line, 0), action.reference, str(action.reference))
            case Manual():
                for path, line in map(place, action.places):
                    yield _left(path, line, action)


def _occurrence(
    where: tuple[str, int, int], reference: Reference, text: str, fragments: tuple[Fragment, ...] = ()
) -> Occurrence:
    path, line, column = where
    return Occurrence(path, line, column, "", Role.WORKLOAD, reference, text, Confidence.CERTAIN, fragments)


def _left(path: str, line: int, action: Manual) -> Occurrence | Unresolved:
    """Return what is left to a person: an image, or a text that is none."""
    if reference := action.reference:
        return _occurrence((path, line, 0), reference, action.subject)
    text = "" if action.subject == path else action.subject  # a file that cannot be read
    return Unresolved(path, line, "", text, action.reason)


def place(text: str) -> tuple[str, int]:
    """Return path and line of `path:line`, as plans write places."""
    path, _, line = text.rpartition(":")
    return (path, int(line)) if path and line.isdecimal() else (text, 1)
