from reports.columns import KNOWN_NUMBER, TEXT
from reports.section import Section
from reports.tables import frame
from reports.writers._brief import brief

TABLE = frame(
    {"path": TEXT, "line": KNOWN_NUMBER, "why": TEXT, "size": KNOWN_NUMBER},
    [("Dockerfile", 3, "because", 1), ("compose.yaml", None, "", 2)],
)


def test_path_and_line_are_one_place():
    table = brief(Section("s", "S", "", TABLE))
    assert list(table.columns) == ["place", "why", "size"]
    assert list(table["place"]) == ["Dockerfile:3", "compose.yaml"]


def test_columns_that_matter_are_chosen_as_far_as_they_are_there():
    assert list(brief(Section("s", "S", "", TABLE, brief=("size", "gone"))).columns) == ["size"]
