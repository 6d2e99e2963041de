import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.availability import Availabilities
from planner.model.inventory import Inventory
from planner.model.outcome import Outcome
from planner.model.plan import Plan
from reports.columns import NUMBER, OCCURRENCES, TEXT
from reports.report import render
from reports.section import Report, Section
from reports.tables import frame
from reports.writers._base import Layout, visible
from reports.writers.csv import WRITER


def written(*texts: str) -> str:
    section = Section(
        "s", "Section", "Lead.", frame({"a": TEXT, "b": NUMBER}, [(text, -1) for text in texts])
    )
    return WRITER.write(Report("Title", (), (section,)), Layout())


def cells(output: str) -> list[str]:
    return [row[0] for row in list(csv.reader(io.StringIO(output, newline="")))[1:]]


@pytest.mark.parametrize(
    "hostile", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", '=HYPERLINK("x")']
)
def test_no_cell_is_a_formula(hostile: str):
    assert cells(written(hostile)) == ["'" + visible(hostile)]


def test_number_below_zero_stays_a_number():
    assert written("x") == "a,b\nx,-1\n"


def test_escape_sequence_does_not_reach_a_terminal():
    assert cells(written("\x1b[31mred\x9b")) == ["\\x1b[31mred\\x9b"]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=20))
def test_any_other_text_comes_back(text: str):
    guard = "'" if text.startswith(("=", "+", "-", "@")) else ""
    assert cells(written(text)) == [guard + text]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_end_of_line_in_a_text_starts_no_row(end: str):
    assert len(cells(written(f"a{end}=1"))) == 1


def test_inventory_is_its_occurrences(inventory: Inventory):
    assert render(inventory, "csv").splitlines()[0].split(",") == list(OCCURRENCES)


def test_plan_is_its_actions(plan: Plan):
    assert len(cells(render(plan, "csv"))) == len(plan.actions)


def test_availabilities_are_their_images(availabilities: Availabilities):
    assert cells(render(availabilities, "csv")) == ["docker.io/acme/gone:1", "docker.io/library/nginx:1.27"]


def test_outcomes_are_a_row_each(outcomes: list[Outcome]):
    assert cells(render(outcomes, "csv")) == [outcome.key for outcome in outcomes]


def test_another_table_can_be_asked_for(plan: Plan):
    assert cells(render(plan, "csv", table="transfers")) == ["2", "1"]


def test_table_of_a_section_can_be_asked_for(plan: Plan):
    assert cells(render(plan, "csv", table="waves")) == ["1", "2"]


def test_table_that_is_a_section_too_is_written_in_full(plan: Plan):
    assert "origin" in render(plan, "csv", table="transfers").splitlines()[0]


def test_empty_table_has_its_header():
    assert (
        WRITER.write(Report("Title", (), (Section("s", "S", "", frame({"a": TEXT}, ())),)), Layout()) == "a\n"
    )
