"""JSON: all full tables in one object, for programs.

    {"report": "Plan", "tables": {"actions": [{"key": "…", "action": "warm", …}, …], …}}

A row is an object with a member for each column. What is not known is an empty text or null; times are in
UTC, as RFC 3339 has them. Each row is a line of its own, so that two reports can be compared by lines.
"""

import json
from collections.abc import Iterator

from reports.section import Full, Report, Section
from reports.writers._base import Layout, Writer
from reports.writers._records import lines


def write(report: Report, layout: Layout) -> Iterator[str]:
    """Return the tables, or the one that is asked for, piece by piece."""
    return _written(report.title, (report.pick(layout.table),) if layout.table else report.data)


def _written(title: str, chosen: tuple[Section | Full, ...]) -> Iterator[str]:
    yield f'{{"report": {json.dumps(title)}, "tables": {{'
    for number, each in enumerate(chosen):
        yield f"{',' if number else ''}\n{json.dumps(each.name)}: ["
        for place, line in enumerate(lines(each.table)):
            yield f"{',' if place else ''}\n{line}"
        yield "]"
    yield "}}\n"


WRITER = Writer(name="json", suffix=".json", write=write)
