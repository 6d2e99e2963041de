"""Reports: any document, or all documents of a migration, through any writer.

Importing this module imports pandas, which is slow: commands do it when they are about to write.
"""

from collections.abc import Sequence

from planner import discover
from planner.errors import ConfigError
from planner.model.availability import Availabilities
from planner.model.finding import Findings
from planner.model.inventory import Inventory
from planner.model.plan import Plan
from planner.model.stability import Stabilities
from reports import findings, overview
from reports.documents import Document, gathered
from reports.section import Report
from reports.sections import availabilities, inventory, outcomes, plan, stabilities, trend
from reports.trend import Trend
from reports.writers._base import Layout, Writer, Written


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
        case Trend():
            return trend.report(document)
        case _:
            return outcomes.report(document)


def told(found: Findings) -> Report:
    """Return findings as a report."""
    return Report("Findings", (), (), findings=found)


def together(documents: Sequence[Document]) -> Report:
    """Return what several documents of one migration tell together. Raises ConfigError for two of a kind."""
    return overview.report(gathered(documents))


def render(document: Document, name: str, *, width: int = 80, table: str = "") -> Written:
    """Return a document as the writer of that name writes it.

    Raises ConfigError for a `table` that the document's report does not have.
    """
    return render_all((document,), name, Layout(width, table))


def render_all(documents: Sequence[Document], name: str, layout: Layout) -> Written:
    """Return several documents as one report, as the writer of that name writes it.

    Raises ConfigError for a table that the report does not have, for two documents of a kind, and for
    findings of documents that have none.
    """
    chosen = writer(name)
    if chosen.findings:
        if layout.table:
            raise ConfigError(f"{name} has no tables", hint="leave out --table")
        return chosen.write(told(findings.of(documents)), layout)
    alone = len(documents) == 1 and (isinstance(documents[0], Trend) or not chosen.together)
    return chosen.write(report(documents[0]) if alone else together(documents), layout)
