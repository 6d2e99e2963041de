"""Findings of documents, and how they are told."""

import pytest
from gated import HUB, NEW, UNRESOLVED, finding, found, site

from planner.errors import ConfigError
from planner.model.finding import Criterion, Region, Site
from planner.model.inventory import Inventory
from planner.model.plan import Plan
from reports import findings
from reports.report import render, render_all
from reports.writers._base import Layout


def told(given):
    return [(str(each.criterion), each.site.path, each.subject) for each in given.found]


def test_every_criterion_has_its_words():
    assert findings.WORDS.keys() == set(Criterion)


def test_inventory_tells_what_comes_from_docker_hub_and_what_is_not_known(inventory: Inventory):
    assert told(findings.of([inventory])) == [
        ("docker-hub", "cart/Dockerfile", "docker.io/library/nginx:1.27"),
        ("docker-hub", "web/Dockerfile", "docker.io/library/nginx:1.27"),
        ("unresolved", "web/Dockerfile", "node:${V}"),
    ]


def test_plan_beside_it_says_what_to_write(inventory: Inventory, plan: Plan):
    advices = [each.advice for each in findings.of([inventory, plan]).found]
    assert any(advice.startswith("write us-docker.pkg.dev/") for advice in advices)


def test_neither_an_inventory_nor_a_plan_is_said(availabilities):
    with pytest.raises(ConfigError, match="an inventory or a plan"):
        findings.of([availabilities])


@pytest.mark.parametrize("name", ["sarif", "junit", "github", "gitlab"])
def test_report_writes_findings(name: str, inventory: Inventory, plan: Plan):
    assert "docker.io/library/nginx:1.27" in str(render(inventory, name))
    assert str(render_all((inventory, plan), name, Layout()))


def test_findings_have_no_tables(inventory: Inventory):
    with pytest.raises(ConfigError, match="sarif has no tables"):
        render(inventory, "sarif", table="x")


def test_place_has_a_column_where_one_is_known():
    assert findings.place_of(finding()) == "web/Dockerfile:3:6"
    assert findings.place_of(finding(site=Site("a", "a", Region(4)))) == "a:4"


def test_path_from_the_root_is_the_name_of_the_file():
    assert findings.path_of(finding(site=site("a b/caf\udce9#"))) == "a b/caf\\xe9#"


def test_summary_counts_by_criterion_and_says_what_is_passed_over():
    said = found(finding(1), finding(2, criterion=NEW), criteria=(HUB, NEW, UNRESOLVED), known=1, kept=2)
    assert findings.summary(said) == (
        "2 findings: 1 docker-hub, 1 new (1 place in the baseline, 2 kept by rules passed over)"
    )
    assert findings.summary(found()) == "no findings"


def test_report_without_findings_cannot_be_written_as_such():
    with pytest.raises(LookupError):
        findings.needed(None)
