"""Reports: any document through any writer.

Importing this module imports pandas, which is slow: commands do it when they are about to write.
"""

from collections.abc import Sequence

from planner import discover
from planner.model.availability import Availabilities
from planner.model.inventory import Inventory
from planner.model.outcome import Outcome
from planner.model.plan import Plan
from planner.model.stability import Stabilities
from reports.section import Report
from reports.sections import availabilities, inventory, outcomes, plan, stabilities
from reports.writers._base import Layout, Writer

Document = Inventory | Availabilities | Plan | Stabilities | Sequence[Outcome]


def writers() -> tuple[str, ...]:
    """Return the names of the writers."""
    return discover.names("reports.writers")


def writer(name: str) -> Writer:
    """Return one of the `writers`."""
    return discover.load("reports.writers", name, Writer, "WRITER")


def report(document: Document) -> Report:
    """Return what there is to say about a document."""
    match document:
        case Inventory():
            return inventory.report(document)
        case Availabilities():
            return availabilities.report(document)
        case Plan():
            return plan.report(document)
        case Stabilities():
            return stabilities.report(document)
        case _:
            return outcomes.report(document)


def render(document: Document, name: str, *, width: int = 80, table: str = "") -> str:
    """Return a document as the writer of that name writes it.

    Raises ConfigError for a `table` that the document's report does not have.
    """
    return writer(name).write(report(document), Layout(width, table))
