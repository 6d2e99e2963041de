"""How much one file can name and have read."""

from planner.formats._base import Binding, Candidate
from planner.formats._bounded import FILLED, LEAST, LENGTH, SPELLED, Readings, bounded
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text
from planner.scanning.catalog import chosen
from planner.scanning.reading import File, read


def test_a_file_may_name_an_image_with_every_few_characters():
    source = SourceFile("images.txt", "a" * SPELLED * 100)
    found = [Candidate.of(Text.at(0, "a"), Role.BASE)] * (LEAST + 100)
    assert list(bounded(found, source)) == found


def test_what_names_more_is_read_no_further_and_told():
    source = SourceFile("images.txt", "a\n" * LEAST * 2)
    found = (Candidate.of(Text.at(2 * line, "a"), Role.BASE) for line in range(LEAST * 2))
    *images, last = bounded(found, source)
    most = LEAST + len(source.text) // SPELLED
    assert len(images) == most
    assert last.problem == f"names more images than anyone writes: not read from line {most + 1} on"
    assert next(found).start == 2 * (most + 1)  # the rest was not asked for


def test_image_of_variables_counts_for_several():
    source = SourceFile("images.txt", "a\n" * LEAST)
    found = (
        Candidate(Text.at(2 * line, "a"), Role.BASE, 2 * line, "a", trail=("A=a", "B=b"))
        for line in range(LEAST)
    )
    read = list(bounded(found, source))
    assert len(read) == -(-(LEAST + len(source.text) // SPELLED) // (1 + 2 * FILLED)) + 1
    assert "names more images" in read[-1].problem


def test_thousand_images_of_a_variable_are_read_in_any_file():
    found = [Candidate(Text.at(0, "a"), Role.BASE, 0, "a", trail=("A=a",))] * 1000
    assert list(bounded(iter(found), SourceFile("images.txt", "a"))) == found


def test_values_for_other_files_are_no_images():
    found = [Binding("Dockerfile", "dockerfile", {})] * (LEAST + 2)
    assert list(bounded(found, SourceFile("compose.yaml", ""))) == found


def test_a_scan_tells_where_it_stopped():
    catalog = chosen(("dockerfile",))
    content = b"FROM a\n" * (LEAST * 2)
    reading = read(File("Dockerfile", "/Dockerfile"), content, ("dockerfile",), catalog)
    assert "not read from line" in reading.findings[-1].found.reason


def test_only_readings_beyond_the_first_are_counted():
    readings = Readings(left=2)
    assert list(readings.first("ab", "x")) == ["a", "b"]
    assert list(readings.first("cde", "x")) == ["c", "d"]
    assert list(readings.first("fg", "x")) == ["f"]


def test_long_script_counts_as_several():
    readings = Readings(left=5)
    assert list(readings.first("abc", "x" * LENGTH * 3)) == ["a", "b"]


def test_rows_that_are_not_read_are_told_once():
    readings = Readings(left=1)
    assert readings.problem() == ""
    list(readings.first("abc", "x"))
    assert readings.problem() == (
        "matrices and jobs ask for more than 500 readings: what follows is read once"
    )
    assert readings.problem() == ""
