"""Workbooks, as openpyxl reads them, which shares no code with what writes them."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook

from planner.model.availability import Availabilities
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan
from reports import tables
from reports.columns import NUMBER, TEXT
from reports.report import Document, render
from reports.section import Full, Report
from reports.tables import Table, frame
from reports.writers import xlsx
from reports.writers._base import Layout

PAYLOADS = (
    "=1+1",
    "=cmd|'/C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("https://evil.example","x")',
    "https://evil.example/a",
    "file:///etc/passwd",
    "internal:Sheet!A1",
    "{=1+1}",
    "0001",
    "_x003D_1+1",
    "<v>1</v>",
    "&amp;",
    "\uff1d1+1",
)


def book(content: object) -> Workbook:
    assert isinstance(content, bytes)
    return openpyxl.load_workbook(BytesIO(content))


def written(table: Table) -> Workbook:
    report = Report("Title", (), (Full("t", "T", "Rows.", lambda: table),))
    return book(xlsx.WRITER.write(report, Layout(table="t")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_is_a_string_whatever_it_begins_with(payload: str):
    cell = written(frame({"a": TEXT}, [(payload,)]))["t"]["A2"]
    assert (cell.data_type, unescape(cell.value), cell.hyperlink) == ("s", payload, None)


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=80).filter(str.strip))
def test_no_text_is_a_formula_or_a_link(text: str):
    cell = written(frame({"a": TEXT}, [(text,)]))["t"]["A2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)


def test_name_of_a_column_is_a_string_too():
    assert written(frame({"=1+1": TEXT}, [("x",)]))["t"]["A1"].data_type == "s"


def test_control_characters_are_written_out():
    assert written(frame({"a": TEXT}, [("a\x1b[31m\u202eb\n",)]))["t"]["A2"].value == "a\\x1b[31m\\u202eb\\n"


def test_numbers_are_numbers_and_what_is_missing_is_empty(availabilities: Availabilities):
    sheet = book(render(availabilities, "xlsx", table="probes"))["probes"]
    header = [cell.value for cell in sheet[1]]
    rows = [dict(zip(header, row, strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert [row["code"].data_type for row in rows] == ["n"] * 3
    assert [row["code"].value for row in rows] == [401, 200, None]
    assert [row["size"].value for row in rows] == [None, 1_000, 1_000]


def test_times_are_times_in_utc_and_flags_are_flags():
    done = Outcome("1", "copy", "a/b:1", Result.DONE, at=datetime(2026, 5, 4, 12, 30, tzinfo=UTC))
    sheet = written(tables.outcomes([done]))["t"]
    assert next(cell.value for cell in sheet[2] if cell.is_date) == datetime(2026, 5, 4, 12, 30)  # noqa: DTZ001
    flags = written(frame({"a": NUMBER}, [(1,)]).assign(flag=[True]))["t"]
    assert (flags["B2"].data_type, flags["B2"].value) == ("b", True)


def test_each_table_is_a_sheet_after_what_they_are(document: Document):
    names = book(render(document, "xlsx")).sheetnames
    assert names[:2] == ["contents", "summary"]
    assert len(names) > 2


def test_contents_count_the_rows_of_each_sheet(plan: Plan):
    found = book(render(plan, "xlsx"))
    told = {row[0]: row[1] for row in found["contents"].iter_rows(min_row=2, values_only=True)}
    assert told["actions"] == found["actions"].max_row - 1 == 9


def test_header_stays_and_filters(plan: Plan):
    sheet = book(render(plan, "xlsx", table="actions"))["actions"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:I10")
    assert sheet.column_dimensions["B"].width < sheet.column_dimensions["H"].width <= 61


def test_what_a_sheet_cannot_hold_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xlsx, "LAST_ROW", 3)
    found = written(frame({"a": NUMBER}, [(number,) for number in range(5)]))
    assert [cell.value for cell in found["t"]["A"]] == ["a", 0, 1, 2]
    assert found["contents"]["B2"].value == 5
    assert found["contents"]["D2"].value == "2 rows: a sheet holds no more; csv and parquet do"


def test_what_a_cell_cannot_hold_is_cut_and_told():
    found = written(frame({"a": TEXT}, [("x" * 40_000,)]))
    assert len(found["t"]["A2"].value) == 32_767
    assert "the ends of 1 cells over 32,767 characters" in found["contents"]["D2"].value


def test_full_disk_of_the_temporary_files_is_an_error_of_the_disk_and_leaves_none(tmp_path):
    script = (
        "import resource, tempfile\n"
        "from planner.model.inventory import Inventory\n"
        "from reports.report import render\n"
        f"tempfile.tempdir = {str(tmp_path)!r}\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))\n"
        "render(Inventory((), (), {}), 'xlsx')\n"
    )
    alone = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=alone)
    assert "OSError: [Errno 27] File too large" in done.stderr.splitlines()
    assert list(tmp_path.iterdir()) == []
