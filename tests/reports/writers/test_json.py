import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan
from reports.columns import AMOUNT, KNOWN_NUMBER, TEXT
from reports.report import Document, render, report
from reports.section import Full, Report
from reports.tables import frame
from reports.writers._base import Layout, pieces
from reports.writers.json import WRITER
from reports.writers.jsonl import WRITER as LINES


def text(content: object) -> str:
    return "".join(map(str, pieces(content)))  # type: ignore[arg-type]


def one(columns: dict[str, object], *rows: tuple[object, ...]) -> Report:
    table = frame(columns, rows)  # type: ignore[arg-type]
    return Report('A "title"', (), (Full("t", "T", "Rows.", lambda: table),))


def test_all_full_tables_are_there_by_name(document: Document):
    found = json.loads(text(render(document, "json")))
    full = report(document)
    assert found["report"] == full.title
    assert {name: len(rows) for name, rows in found["tables"].items()} == {
        each.name: len(each.table) for each in full.data
    }


def test_one_table_can_be_asked_for(plan: Plan):
    assert list(json.loads(text(render(plan, "json", table="waves")))["tables"]) == ["waves"]


def test_numbers_are_numbers_times_are_told_in_utc_and_what_is_missing_is_null():
    done = Outcome("1", "copy", "a/b:1", Result.DONE, at=datetime(2026, 5, 4, 12, 30, tzinfo=UTC))
    first, second = map(
        json.loads, text(render([done, Outcome("2", "copy", "", Result.DONE)], "jsonl")).splitlines()
    )
    assert (first["at"], first["bytes"], second["at"]) == ("2026-05-04T12:30:00Z", 0, None)
    row = json.loads(text(LINES.write(one({"a": KNOWN_NUMBER, "b": AMOUNT}, (None, None)), Layout())))
    assert row == {"a": None, "b": None}


def test_each_row_is_a_line(plan: Plan):
    lines = text(render(plan, "json")).splitlines()
    assert sum('"key"' in line for line in lines) == 9 + 2  # actions and transfers


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_any_text_comes_back_and_none_steers_a_terminal(texts: list[str]):
    report = one({"a": TEXT}, *((each,) for each in texts))
    lines = text(LINES.write(report, Layout()))
    assert [json.loads(line)["a"] for line in lines.split("\n")[:-1]] == texts
    assert all(" " <= character <= "\x7f" for character in lines.replace("\n", ""))
    assert [row["a"] for row in json.loads(text(WRITER.write(report, Layout())))["tables"]["t"]] == texts


def test_unknown_table_is_told_before_anything_is_written(plan: Plan):
    with pytest.raises(Exception, match="no table 'pictures'"):
        render(plan, "jsonl", table="pictures")
