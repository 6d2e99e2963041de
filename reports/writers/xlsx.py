"""XLSX: a workbook with a sheet for each full table, for people who count and filter.

No cell is a formula or a link, whatever its text begins with: texts are written as strings, which a
spreadsheet never computes. Times are in UTC. A sheet has 1,048,576 rows and a cell 32,767 characters
(https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3); the first sheet tells what did
not fit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd

from reports.columns import NUMBER, TEXT
from reports.frames import frame
from reports.section import Full, Report, Section
from reports.tables import Table
from reports.writers._base import Layout, Writer, extra, visible

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

LAST_ROW = 1_048_575  # from 0, where the header is
LONGEST = 32_767  # characters of a cell
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CREATED = datetime(1980, 1, 1, tzinfo=UTC)  # always the same, so that two runs are
_WIDEST, _NARROWEST = 60, 8  # characters of a column
_LOOKED_AT = 200  # rows, for the width of a column
_CONTENTS = {"sheet": TEXT, "rows": NUMBER, "what": TEXT, "not_here": TEXT}


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    lead: str
    table: Table


def write(report: Report, layout: Layout) -> bytes:
    """Return the workbook, or one with the table that is asked for.

    Raises ConfigError, and OSError where there is no room for temporary files.
    """
    with extra("xlsx"):
        import xlsxwriter
        from xlsxwriter.exceptions import FileCreateError
    chosen: Sequence[Section | Full] = (report.pick(layout.table),) if layout.table else report.data
    sheets = [_Sheet(each.name, each.lead, each.table) for each in chosen]
    summary = [_Sheet("summary", each.lead, each.table) for each in report.sections if each.name == "summary"]
    contents = _Sheet("contents", "", _contents(sheets))
    shown = [*sheets, contents] if layout.table else [contents, *summary, *sheets]
    written = BytesIO()
    with TemporaryDirectory() as folder:
        try:
            with xlsxwriter.Workbook(written, {**_OPTIONS, "tmpdir": folder}) as book:
                book.set_properties({"title": visible(report.title)[:255], "created": _CREATED})
                for sheet in shown:
                    _fill(book, book.add_worksheet(sheet.name), sheet.table)
        except FileCreateError as error:  # which holds an error of the system, and is none
            raise OSError(*error.args[0].args) from error
    return written.getvalue()


def _contents(sheets: Sequence[_Sheet]) -> Table:
    """Return what each sheet holds, and what of it did not fit."""
    rows = [(each.name, len(each.table), each.lead, _left(each.table)) for each in sheets]
    return frame(_CONTENTS, rows)


def _left(table: Table) -> str:
    rows = len(table) - LAST_ROW
    texts = [table[name] for name in table.columns if pd.api.types.is_string_dtype(table[name].dtype)]
    cut = sum(int((values.str.len() > LONGEST).sum()) for values in texts)
    said = [f"{rows:,} rows: a sheet holds no more; csv and parquet do"] if rows > 0 else []
    said += [f"the ends of {cut:,} cells over {LONGEST:,} characters"] if cut else []
    return "; ".join(said)


Put = Callable[[int, int, Any], object]  # row, column, a value that is not missing


def _text(value: str) -> str:
    text = visible(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _fill(book: "Workbook", sheet: "Worksheet", table: Table) -> None:
    """Write a table row by row, below a header that stays."""
    names = [str(name) for name in table.columns]
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, name in enumerate(names):
        sheet.set_column(column, column, _width(name, table[name]))
        sheet.write_string(0, column, _text(name.replace("_", " ")), bold)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, min(len(table), LAST_ROW), len(names) - 1)
    puts = [_put(book, sheet, table[name]) for name in names]
    shown = [table[name].head(LAST_ROW) for name in names]
    cells = zip(
        zip(*(values.tolist() for values in shown), strict=True),
        zip(*(values.isna().tolist() for values in shown), strict=True),
        strict=True,
    )
    for row, (values, missing) in enumerate(cells, start=1):
        for column, (put, value, absent) in enumerate(zip(puts, values, missing, strict=True)):
            if not absent:
                put(row, column, value)


def _put(book: "Workbook", sheet: "Worksheet", values: "pd.Series[Any]") -> Put:
    """Return how the cells of a column are written."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return lambda row, column, value: sheet.write_boolean(row, column, value)
    if pd.api.types.is_numeric_dtype(values.dtype):
        whole = pd.api.types.is_integer_dtype(values.dtype)
        number = book.add_format({"num_format": "#,##0" if whole else "#,##0.0#"})
        return lambda row, column, value: sheet.write_number(row, column, value, number)
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        return lambda row, column, value: sheet.write_datetime(row, column, value.replace(tzinfo=None), time)
    return lambda row, column, value: value and sheet.write_string(row, column, _text(value))


def _width(name: str, values: "pd.Series[Any]") -> int:
    longest = max((len(str(value)) for value in values.head(_LOOKED_AT)), default=0)
    return min(_WIDEST, max(_NARROWEST, len(name) + 3, longest + 1))


WRITER = Writer(name="xlsx", suffix=".xlsx", write=write, binary=True)
