"""CSV: one full table, for spreadsheets and programs.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or an end of line for a formula, so such
a text gets a leading apostrophe (https://owasp.org/www-community/attacks/CSV_Injection). Numbers stay.
Control characters are written out (`\\x1b`, `\\n`), so a line is a row.
"""

import pandas as pd

from reports.section import Report
from reports.tables import Table
from reports.writers._base import Layout, Writer, visible

_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four: `=+-@` in full width


def write(report: Report, layout: Layout) -> str:
    """Return the table asked for, else the one that stands for the document."""
    section = report.pick(layout.table) if layout.table else report.data[0]
    return _guarded(section.table).to_csv(index=False, lineterminator="\n")


def _guarded(table: Table) -> Table:
    return table.assign(**{name: _column(table[name]) for name in table.columns})


def _column(values: "pd.Series[str]") -> "pd.Series[str]":
    return values.map(_cell) if pd.api.types.is_string_dtype(values.dtype) else values


def _cell(text: str) -> str:
    return ("'" if text.startswith(_FORMULA) else "") + visible(text)


WRITER = Writer(name="csv", suffix=".csv", write=write)
