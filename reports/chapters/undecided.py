"""Undecided: what is not known or left to people, each with what to do about it."""

from planner.model.words import counted
from reports import tables
from reports.documents import Documents
from reports.section import Section


def chapter(documents: Documents) -> tuple[Section, ...]:
    """Return what has to be settled; nothing where neither a plan nor an inventory tells."""
    if documents.plan is None and documents.inventory is None:
        return ()
    table = tables.undecided(documents.inventory, documents.plan)
    if not (table["owners"] != "").any():
        table = table.drop(columns="owners")
    lead = f"{counted(len(table), 'thing')} that people have to decide or fix; the rest goes without them."
    filters = ("owners",) if "owners" in table.columns else ()
    section = Section(
        "undecided",
        "To settle",
        lead,
        table,
        filters=filters,
        beneath={"owners": "path"},
        brief=("subject", "problem", "what_to_do", "path", "line"),
    )
    return (section,)
