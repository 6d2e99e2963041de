"""What a plan decides about places of today, also where it was made of yesterday's."""

from gated import REGISTRY, SETTINGS, planned, written
from msgspec.structs import replace

from planner.gating.baseline import items
from planner.gating.decided import carried, decided
from planner.model.plan import Rewrite
from planner.model.rule import Route, Rule
from planner.scan import scan


def destinations(plan):
    return {
        f"{each.path}:{each.line}": str(each.destination)
        for each in plan.actions
        if isinstance(each, Rewrite)
    }


def test_plan_goes_with_lines_and_versions(tmp_path):
    old = planned(written(tmp_path, {"Dockerfile": "FROM nginx:1\n"}))
    written(tmp_path, {"Dockerfile": "# more\nFROM nginx:2\n", "b/Dockerfile": "FROM nginx\n"})
    assert destinations(carried(old, scan([tmp_path]))) == {
        "Dockerfile:2": f"{REGISTRY}/library/nginx:2",
        "b/Dockerfile:1": f"{REGISTRY}/library/nginx",
    }


def test_image_goes_where_its_own_file_has_it_go(tmp_path):
    files = {"a/Dockerfile": "FROM nginx:1\n", "b/Dockerfile": "FROM nginx:1\n"}
    copy = replace(SETTINGS, rule=(Rule(Route.COPY, path="b/**"),))
    old = planned(written(tmp_path, files), copy)
    assert destinations(carried(old, scan([tmp_path]))) == {
        "a/Dockerfile:1": f"{REGISTRY}/library/nginx:1",
        "b/Dockerfile:1": f"{REGISTRY}-copies/library/nginx:1",
    }


def test_image_that_the_plan_does_not_know_goes_nowhere(tmp_path):
    old = planned(written(tmp_path, {"Dockerfile": "FROM nginx:1\n"}))
    written(tmp_path, {"Dockerfile": "FROM alpine\n"})
    assert destinations(carried(old, scan([tmp_path]))) == {}


def test_what_a_plan_keeps_in_a_file_is_kept_there_alone(tmp_path):
    settings = replace(SETTINGS, rule=(Rule(Route.KEEP, "paid for", path="a/**"),))
    old = planned(written(tmp_path, {"a/Dockerfile": "FROM nginx:1\n"}), settings)
    written(tmp_path, {"a/Dockerfile": "#\nFROM nginx:1\n", "b/Dockerfile": "FROM nginx:1\n"})
    inventory = scan([tmp_path])
    chosen = decided(carried(old, inventory))
    assert [chosen.kept(each) for each in items(inventory)] == [True, False]


def test_without_a_plan_nothing_is_decided(tmp_path):
    (item,) = items(scan([written(tmp_path, {"Dockerfile": "FROM nginx\n"})]))
    chosen = decided(None)
    assert (chosen.destination(item), chosen.kept(item), chosen.reason(item)) == (None, False, "")
