"""Undecided: what is not known or left to people, each with what to do about it."""

import re
from collections.abc import Iterator

from planner.model.inventory import Unresolved
from planner.model.plan import Manual, Plan, manual
from reports import tables
from reports.amounts import counted
from reports.columns import KNOWN_NUMBER, NUMBER, TEXT, Columns
from reports.documents import Documents
from reports.section import Section

UNDECIDED: Columns = {
    "subject": TEXT,  # the reference, the text that is none, or a path
    "problem": TEXT,
    "what_to_do": TEXT,
    "places": NUMBER,
    "path": TEXT,  # of the first place
    "line": KNOWN_NUMBER,
    "owners": TEXT,
}
_ADVICE = re.compile(r"[:;] ")  # a reason says what is missing, then where it could be set
_PLACE = re.compile(r"(?s)(.*):([0-9]{1,9})\Z")
_ELSE = "decide for each place, or leave it as it is"


def chapter(documents: Documents) -> tuple[Section, ...]:
    """Return what has to be settled; nothing where neither a plan nor an inventory tells."""
    if documents.plan is None and documents.inventory is None:
        return ()
    rows = [_row(action) for action in _undecided(documents)]
    table = tables.frame(UNDECIDED, rows)
    if not (table["owners"] != "").any():
        table = table.drop(columns="owners")
    lead = f"{counted(len(rows), 'thing')} that people have to decide or mend; the rest goes without them."
    filters = ("owners",) if "owners" in table.columns else ()
    beneath = {"owners": "path"}
    return (Section("undecided", "To settle", lead, table, filters=filters, beneath=beneath),)


def _undecided(documents: Documents) -> Iterator[Manual]:
    """Yield what the plan leaves to people, then what the scan does not know and the plan does not have."""
    left = _manual(documents.plan)
    yield from left
    if documents.inventory:
        told = {place for action in left for place in action.places}
        owners = documents.inventory.owners
        for item in documents.inventory.unresolved:
            if not item.fixture and _place(item) not in told:
                yield manual(item, owners.get(item.path, ()))


def _manual(plan: Plan | None) -> list[Manual]:
    return [action for action in plan.actions if isinstance(action, Manual)] if plan else []


def _place(item: Unresolved) -> str:
    return f"{item.path}:{item.line}"


def _row(action: Manual) -> tuple[str | int | None, ...]:
    problem, *rest = _ADVICE.split(action.reason, maxsplit=1)
    match = _PLACE.match(action.places[0]) if action.places else None
    path, line = (match[1], int(match[2])) if match else (next(iter(action.places), ""), None)
    advice = rest[0] if rest else _ELSE
    return (action.subject, problem, advice, len(action.places), path, line, ", ".join(action.owners))
