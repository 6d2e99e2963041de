import msgspec
import pytest

from planner.errors import ConfigError
from planner.model.availability import Availabilities
from planner.model.inventory import Inventory
from planner.model.job import Warm
from planner.model.outcome import Outcome
from planner.model.plan import Manual, Plan, Rewrite
from planner.model.reference import Reference
from reports.report import Document, render, report, writer, writers
from reports.writers._base import pieces


def content(document: Document, name: str) -> str | bytes:
    """What a writer writes, in one piece."""
    written = render(document, name)
    return written if isinstance(written, bytes) else "".join(map(str, pieces(written)))


OF_ANYTHING = [name for name in writers() if not writer(name).findings]  # the others: test_findings.py


def figures(document: Document) -> dict[str, int]:
    table = report(document).pick("summary").table
    return dict(zip(table["figure"], table["count"], strict=True))


def rows(document: Document, name: str) -> list[tuple[object, ...]]:
    section = next(section for section in report(document).sections if section.name == name)
    return list(section.table.itertuples(index=False, name=None))


def test_every_summary_has_five_figures(document: Document):
    assert len(figures(document)) == 5


def test_figures_of_nothing_are_zero(empty: Document):
    assert set(figures(empty).values()) == {0}


@pytest.mark.parametrize("name", writers())
def test_writer_is_called_as_its_module(name: str):
    assert writer(name).name == name


@pytest.mark.parametrize("name", OF_ANYTHING)
def test_every_writer_takes_every_empty_document(name: str, empty: Document):
    written = content(empty, name)
    assert isinstance(written, bytes) == writer(name).binary
    assert isinstance(written, bytes) or written.endswith("\n") or not written


@pytest.mark.parametrize("name", OF_ANYTHING)
def test_two_runs_write_the_same(name: str, document: Document):
    assert content(document, name) == content(document, name)


@pytest.mark.parametrize("name", OF_ANYTHING)
def test_unknown_table_is_an_error_that_names_the_known(name: str, plan: Plan):
    with pytest.raises(ConfigError) as caught:
        render(plan, name, table="pictures")
    assert "transfers" in caught.value.hint


def test_inventory_counts_what_is_pulled(inventory: Inventory):
    assert figures(inventory) == {
        "references": 2,
        "from Docker Hub": 1,
        "places": 3,
        "not known": 1,
        "files read": 1,
    }


def test_inventory_ranks_registries_by_references(inventory: Inventory):
    assert rows(inventory, "registries") == [("docker.io", 1, 2), ("ghcr.io", 1, 1)]


def test_inventory_says_why_a_text_is_not_known(inventory: Inventory):
    assert rows(inventory, "unresolved") == [
        ("web/Dockerfile:9", "node:${V}", "V has no default; set it in an ARG")
    ]


def test_plan_counts_references_that_are_moved_or_kept(plan: Plan):
    assert figures(plan) == {
        "references": 3,
        "from Docker Hub": 2,
        "images to move": 2,
        "places to rewrite": 3,
        "to do by hand": 1,
    }


def test_reference_named_through_the_mirror_is_counted_once(plan: Plan):
    hub, mirror = Reference.parse("node:22"), Reference.parse("mirror.gcr.io/library/node:22")
    place = plan.targets[0].place(hub)
    actions = (
        Warm(hub, place, None, ""),
        Rewrite("Dockerfile", 1, 6, str(mirror), mirror, place, (), ""),
    )
    assert figures(msgspec.structs.replace(plan, actions=actions, waves=()))["references"] == 1


def test_manual_reference_counts_as_a_reference_and_a_path_does_not(plan: Plan):
    actions = (Manual("docker.io/acme/app:1", (), ""), Manual("compose.yaml", (), "not YAML"))
    assert figures(msgspec.structs.replace(plan, actions=actions, waves=()))["references"] == 1


def test_plan_counts_decisions_by_reference_and_place(plan: Plan):
    assert rows(plan, "decisions") == [
        ("warm", 1, 2),
        ("copy", 1, 1),
        ("rewrite", 2, 3),
        ("keep", 1, 1),
        ("by hand", 1, 1),
    ]


def test_plan_lists_repositories_to_create(plan: Plan):
    assert rows(plan, "repositories") == [
        ("us-docker.pkg.dev/shop/docker-hub", "remote", "nothing holds images yet")
    ]


def test_plan_counts_transfers_by_wave(plan: Plan):
    assert rows(plan, "waves") == [(1, "cached by the mirror", 1), (2, "the rest", 1)]


def test_plan_says_into_which_repository_an_image_goes(plan: Plan):
    assert rows(plan, "transfers") == [
        (2, "warm", "docker.io/library/nginx:1.27", "docker-hub"),
        (1, "copy", "docker.io/library/redis:7", "docker-hub"),
    ]


def test_destination_outside_the_repositories_of_the_plan_is_named_in_full(plan: Plan):
    elsewhere = msgspec.structs.replace(plan, targets=())
    assert rows(elsewhere, "transfers")[0][-1] == "us-docker.pkg.dev/shop/docker-hub/library/nginx"


def test_plan_says_what_each_place_will_name(plan: Plan):
    assert rows(plan, "rewrites")[0] == (
        "web/Dockerfile:1",
        "us-docker.pkg.dev/shop/docker-hub/library/nginx:1.27",
    )


def test_plan_says_what_is_manual_and_why(plan: Plan):
    assert rows(plan, "manual") == [("node:${V}", "V has no default", "web/Dockerfile:9")]


def test_plan_says_what_is_kept_and_why(plan: Plan):
    assert rows(plan, "keep") == [("ghcr.io/acme/tool:2", "it is not on Docker Hub", "web/Dockerfile:2")]


def test_availabilities_count_images_by_verdict(availabilities: Availabilities):
    assert [row[:2] for row in rows(availabilities, "verdicts")] == [
        ("cached-fresh", 1),
        ("missing-or-private", 1),
    ]


def test_availabilities_tell_the_pull_limit(availabilities: Availabilities):
    assert "60 of 100 pulls left in 6 hours" in str(rows(availabilities, "notes")[0][0])


def test_failed_outcome_is_listed_with_its_error(outcomes: list[Outcome]):
    assert [row[-1] for row in rows(outcomes, "failures")] == ["reset, 5 times"]


def test_outcomes_add_up_by_action(outcomes: list[Outcome]):
    assert [row[:3] for row in rows(outcomes, "actions")] == [("copy", 1, 0.0), ("warm", 2, 2.5)]


def test_programs_get_the_full_table_and_people_the_narrow_one(plan: Plan):
    found = report(plan)
    assert "digest" in found.pick("transfers").table
    assert "digest" not in found.show("transfers").table
