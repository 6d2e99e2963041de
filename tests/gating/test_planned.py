"""A plan, read back as the places that it tells of."""

import pytest
from gated import SETTINGS, planned, written
from msgspec.structs import replace

from planner.gating.planned import inventory_of, place
from planner.model.rule import Route, Rule


def told(root, settings=SETTINGS):
    found = inventory_of(planned(root, settings)).found
    return [(each.line, str(each.reference) if each.reference else each.text) for each in found]


def test_rewritten_kept_and_left_places_are_told(tmp_path):
    written(tmp_path, {"Dockerfile": "FROM nginx:1\nFROM ghcr.io/a/b:1\nFROM $V\nFROM redis:7\n"})
    settings = replace(SETTINGS, rule=(Rule(Route.MANUAL, "why", repository="redis"),))
    assert told(tmp_path, settings) == [
        (1, "docker.io/library/nginx:1"),
        (2, "ghcr.io/a/b:1"),
        (3, "$V"),
        (4, "docker.io/library/redis:7"),
    ]


def test_file_that_cannot_be_read_has_no_text(tmp_path):
    written(tmp_path, {"Dockerfile": b"FROM nginx\n# caf\xe9\n"})
    assert [each.text for each in inventory_of(planned(tmp_path)).unresolved] == [""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a/b:12", ("a/b", 12)), ("a:b:3", ("a:b", 3)), ("a", ("a", 1)), ("a:x", ("a:x", 1))],
)
def test_place_is_cut_at_its_last_colon(text, expected):
    assert place(text) == expected
