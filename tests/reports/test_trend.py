"""What earlier documents tell together."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.inventory import Confidence, Inventory, Occurrence, Role
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan
from planner.model.reference import Reference
from reports import tables
from reports.report import report
from reports.tables import Table
from reports.trend import Dated, History, Moment, Trend

START = datetime(2026, 5, 4, 12, tzinfo=UTC)


def moment(day: int, dated: Dated = Dated.FILE) -> Moment:
    return Moment(START + timedelta(days=day), dated, f"day-{day}.json")


def inventory(*named: tuple[str, str], owners: dict[str, tuple[str, ...]] | None = None) -> Inventory:
    """An inventory of places: a path and the image that it names."""
    found = tuple(
        Occurrence(path, 1, 6, "dockerfile", Role.BASE, Reference.parse(text), text, Confidence.CERTAIN)
        for path, text in named
    )
    return Inventory((), found, {}, owners or {})


def trend(*inventories: Inventory) -> Trend:
    history = History()
    for day, each in enumerate(inventories):
        history.inventory(each, moment(day))
    return history.trend()


def column(table: Table, name: str) -> list[object]:
    return list(table[name])


FIRST = inventory(("a", "nginx:1"), ("b", "nginx:1"), ("c", "redis:7"), ("c", "ghcr.io/acme/tool:1"))
IMAGES = ("nginx:1", "nginx:2", "redis:7", "ghcr.io/x/y:1")
SECOND = inventory(("a", "nginx:2"), ("c", "redis:7"), ("d", "node:22"))


def test_places_and_images_of_docker_hub_are_counted_at_each_time():
    table = tables.trend(trend(FIRST, SECOND))
    assert (column(table, "places"), column(table, "references")) == ([3, 3], [2, 3])


def test_new_tag_of_what_is_there_is_neither_added_nor_gone():
    table = tables.trend(trend(FIRST, SECOND))
    assert (column(table, "added"), column(table, "gone")) == ([0, 1], [0, 1])


def test_what_is_left_says_since_when_it_is_there_and_what_was_added():
    table = tables.left(trend(FIRST, SECOND))
    assert list(zip(table["path"], table["repository"], table["added"], strict=True)) == [
        ("a", "library/nginx", False),
        ("c", "library/redis", False),
        ("d", "library/node", True),
    ]
    assert [at.day for at in table["since"]] == [4, 4, 5]


def test_owner_has_what_is_in_its_paths_at_that_time():
    owned = msgspec.structs.replace(FIRST, owners={"a": ("@web",), "b": ("@web", "@cart")})
    table = tables.trend_owners(trend(owned, SECOND))
    assert list(zip(table["owner"], table["places"], table["gone"], strict=True)) == [
        ("@cart", 1, 0),
        ("@web", 2, 0),
        ("@cart", 0, 1),
        ("@web", 0, 2),
    ]


def test_documents_may_be_read_in_any_order():
    history = History()
    history.inventory(SECOND, moment(1))
    history.inventory(FIRST, moment(0))
    assert tables.trend(history.trend()).equals(tables.trend(trend(FIRST, SECOND)))


def test_inventory_has_its_time_from_the_plan_that_was_made_from_it(plan: Plan):
    history = History()
    history.inventory(FIRST, moment(9))
    history.inventory(SECOND, moment(5))
    (known,) = history.trend().snapshots[1:]
    made = msgspec.structs.replace(plan, inventory=known.inventory, created=START)
    history.plan(made, "plan.json")
    table = tables.trend(history.trend())
    assert list(zip(table["document"], table["dated"], strict=True)) == [
        ("day-9.json", "document"),
        ("day-5.json", "file"),
    ]


def test_plan_tells_of_places_where_its_inventory_is_not_there(plan: Plan):
    history = History()
    history.plan(plan, "plan.json")
    history.plan(plan, "copy of plan.json")
    table = tables.trend(history.trend())
    assert (column(table, "places"), column(table, "references")) == ([3], [2])


def test_images_that_arrived_by_then_are_counted_once():
    history = History()
    for day in (0, 1, 2):
        history.inventory(FIRST, moment(day))
    done = [
        Outcome("1", "copy", "a", Result.DONE, at=START - timedelta(hours=1)),
        Outcome("1", "copy", "a", Result.PRESENT, at=START + timedelta(days=1)),
        Outcome("2", "warm", "b", Result.FAILED, at=START),
        Outcome("3", "verify", "c", Result.DONE, at=START),
        Outcome("4", "warm", "d", Result.DONE),
    ]
    history.outcomes(done, START + timedelta(days=2))
    assert column(tables.trend(history.trend()), "moved") == [1, 1, 2]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from("abc"), st.sampled_from(["nginx:1", "nginx:2", "redis:7", "ghcr.io/x/y:1"])
            )
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_added_and_gone_leads_from_one_time_to_the_next(days: list[list[tuple[str, str]]]):
    found = trend(*(inventory(*named) for named in days))
    table = tables.trend(found)
    places = [sum(not text.startswith("ghcr.io") for _, text in named) for named in days]
    assert column(table, "places") == places
    for before, now in zip(table.to_dict("records"), table.to_dict("records")[1:], strict=False):
        assert before["places"] + now["added"] - now["gone"] == now["places"]
    left = Counter((path, text.split(":")[0]) for path, text in days[-1] if not text.startswith("ghcr.io"))
    assert int(tables.left(found)["places"].sum()) == left.total()
    assert len(tables.left(found)) == len(left)


def test_nothing_is_kept_of_a_document_but_numbers():
    history = History()
    large = inventory(*((f"services/{number}/Dockerfile", "nginx:1") for number in range(500)))
    for day in range(20):
        history.inventory(large, moment(day))
    found = history.trend()
    assert len(found.keys) == 500
    assert {each.share("").places.itemsize for each in found.snapshots} <= {4, 8}
    assert [len(each.owners) for each in found.snapshots] == [1] * 20


def test_report_has_a_line_that_says_where_it_began_and_ended():
    (line,) = report(trend(FIRST, SECOND, inventory())).sections[0].charts
    assert line.description == "Places: 3 on 2026-05-04, 0 on 2026-05-06."


@pytest.mark.parametrize("count", [0, 1])
def test_one_document_or_none_is_no_trend_and_no_error(count: int):
    found = report(trend(*[FIRST] * count))
    assert found.sections[0].charts == ()
    assert "no" in found.sections[0].lead.lower()
