"""JSON lines: one full table, an object for each row, for programs and for what loads rows.

What is not known is an empty text or null; times are in UTC, as RFC 3339 has them.
"""

from collections.abc import Iterator

from reports.section import Report
from reports.writers._base import Layout, Writer
from reports.writers._records import lines


def write(report: Report, layout: Layout) -> Iterator[str]:
    """Return the table asked for, else the one that stands for the document, line by line."""
    chosen = report.pick(layout.table) if layout.table else report.data[0]
    return (f"{line}\n" for line in lines(chosen.table))


WRITER = Writer(name="jsonl", suffix=".jsonl", write=write)
