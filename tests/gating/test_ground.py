"""Where findings are: lines and columns, in characters and in units of UTF-16."""

import pytest
from gated import written
from hypothesis import given
from hypothesis import strategies as st

from planner.gating.baseline import items
from planner.gating.ground import File, Ground
from planner.model.finding import Region
from planner.model.source import SourceFile
from planner.scan import scan


def region(tmp_path, text, name="Dockerfile"):
    (item,) = items(scan([written(tmp_path, {name: text})]))
    return Ground({name: File(name, name, SourceFile(name, text))}).of(item).region


def test_region_is_the_text_of_a_finding(tmp_path):
    assert region(tmp_path, "FROM nginx:1 AS a\n") == Region(1, 6, 1, 13)


def test_characters_that_take_two_units_of_utf_16_are_counted(tmp_path):
    found = region(tmp_path, 'services: {"🦊🦊": {image: nginx:1}}\n', "compose.yaml")
    assert (found.column, found.wide, found.end_column, found.end_wide) == (26, 2, 33, 2)


def test_byte_order_mark_is_no_column(tmp_path):
    assert region(tmp_path, "\ufeffFROM nginx\n") == Region(1, 6, 1, 11)


def test_carriage_return_belongs_to_its_line(tmp_path):
    assert region(tmp_path, "# a\r\nFROM nginx\r\n") == Region(2, 6, 2, 11)


def test_file_as_a_whole_has_a_line_alone(tmp_path):
    written(tmp_path, {"Dockerfile": b"FROM a\n# \xe9\n"})
    item = next(each for each in items(scan([tmp_path])) if not each.reference)
    assert Ground().of(item).region == Region(2)


def test_without_the_text_only_the_beginning_is_known(tmp_path):
    (item,) = items(scan([written(tmp_path, {"Dockerfile": "FROM nginx\n"})]))
    assert Ground().of(item).region == Region(1, 6)
    with pytest.raises(LookupError):
        Ground().span("Dockerfile", 0, 1)


@given(st.text(st.characters(codec="utf-16"), max_size=40), st.data())
def test_columns_in_utf_16_are_those_that_utf_16_has(text, data):
    offset = data.draw(st.integers(0, len(text)))
    ground = Ground({"a": File("a", "a", SourceFile("a", text))})
    found = ground.span("a", offset, offset).region
    line = text[:offset].rpartition("\n")[2]
    seen = line.removeprefix("\ufeff") if found.line == 1 else line
    assert found.column + found.wide - 1 == len(seen.encode("utf-16-le")) // 2
    assert found.line == text[:offset].count("\n") + 1
