"""Fleet: charts, values, customizations of targets and scans, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.fleet import extract
from planner.model.source import SourceFile


def read(text):
    return extracted("fleet", text, "bundles/redis/fleet.yaml")


@pytest.mark.parametrize(
    ("helm", "chart"),
    [
        ("{chart: 'oci://ghcr.io/a/b', version: 1.2.3}", "ghcr.io/a/b:1.2.3"),
        ("{repo: 'oci://ghcr.io/a', chart: b, version: 1.2.3}", "ghcr.io/a/b:1.2.3"),
        ("{repo: 'oci://ghcr.io/a/b', version: 1.2.3}", "ghcr.io/a/b:1.2.3"),
        ("{chart: 'oci://ghcr.io/a/b'}", "ghcr.io/a/b"),
    ],
)
def test_chart_in_a_registry(helm, chart):
    assert read(f"helm: {helm}\n").roles == [(chart, "chart")]


@pytest.mark.parametrize(
    "helm", ["{chart: ./chart}", "{repo: 'https://charts.example.com', chart: a, version: 1.2.3}"]
)
def test_chart_from_elsewhere_is_no_image(helm):
    assert read(f"helm: {helm}\n").found == []


def test_values():
    assert read("helm: {values: {image: {repository: a/b, tag: '1'}}}\n").pulled == ["docker.io/a/b:1"]


def test_customization_changes_the_version():
    text = (
        "helm: {chart: 'oci://ghcr.io/a/b', version: 1.0.0}\n"
        "targetCustomizations: [{name: dev, helm: {version: 2.0.0}}, {name: prod, yaml: {overlays: [x]}}]\n"
    )
    assert read(text).pulled == ["ghcr.io/a/b:1.0.0", "ghcr.io/a/b:2.0.0"]


def test_customization_changes_a_tag():
    text = (
        "helm: {values: {image: {repository: a/b, tag: '1'}}}\n"
        "targetCustomizations: [{name: dev, helm: {values: {image: {tag: '2'}}}}]\n"
    )
    assert read(text).pulled == ["docker.io/a/b:1", "docker.io/a/b:2"]


def test_what_the_cluster_fills_in_is_told():
    text = "helm: {values: {image: {repository: a/b, tag: '${ .ClusterLabels.tag }'}}}\n"
    assert [spelled for spelled, _ in read(text).unresolved] == ["a/b:${ .ClusterLabels.tag }"]


def test_scanned_repository_is_told():
    text = "imageScans: [{image: docker.io/a/b, policy: {alphabetical: {order: asc}}}]\n"
    assert [spelled for spelled, _ in read(text).unresolved] == ["docker.io/a/b"]


TOKENS = (
    "helm:\n",
    "  chart: oci://",
    "  version: ",
    "  values: {image: ",
    "targetCustomizations:\n",
    "- helm: {version: ",
    "${ .x",
    "}",
    "a/b",
    "1",
    "\n",
    "*x",
    "&x ",
    "<<: ",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    for item in extract(SourceFile("fleet.yaml", text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_hostile_text_is_read_in_a_moment():
    read("helm: {values: " + "{a: " * 50_000)
    targets = ", ".join("{helm: {values: {image: {tag: x}}}}" for _ in range(2_000))
    read(f"helm: {{values: {{image: {{repository: a/b}}}}}}\ntargetCustomizations: [{targets}]\n")
