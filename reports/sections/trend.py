"""What the report of a trend says: how far Docker Hub is gone from the code, whose is left, what came new."""

from reports.chapters import trend as chapter
from reports.documents import gathered
from reports.full import full
from reports.section import Report
from reports.trend import Trend


def report(trend: Trend) -> Report:
    """Return the same as the chapter of a report on a whole migration."""
    documents = gathered((trend,))
    return Report("Docker Hub over time", chapter.chapter(documents), full(documents, "trend"))
