"""Sveltos: charts and values of profiles, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.sveltos import extract
from planner.model.source import SourceFile


def read(chart, kind="ClusterProfile"):
    head = f"apiVersion: config.projectsveltos.io/v1beta1\nkind: {kind}\nmetadata: {{name: p}}\n"
    return extracted("sveltos", f"{head}spec:\n  helmCharts:\n  - {chart}\n", "profiles/p.yaml")


@pytest.mark.parametrize("kind", ["ClusterProfile", "Profile"])
@pytest.mark.parametrize(
    "chart",
    [
        "{repositoryURL: 'oci://ghcr.io/a', repositoryName: r, chartName: b, chartVersion: 1.2.3}",
        "{repositoryURL: 'oci://ghcr.io/a', repositoryName: r, chartName: r/b, chartVersion: 1.2.3}",
        "{repositoryURL: 'oci://ghcr.io/a', chartName: 'oci://ghcr.io/a/b', chartVersion: 1.2.3}",
    ],
)
def test_chart_in_a_registry(kind, chart):
    assert read(chart, kind).roles == [("ghcr.io/a/b:1.2.3", "chart")]


def test_chart_from_elsewhere_is_no_image():
    chart = "{repositoryURL: 'https://x.io', repositoryName: r, chartName: r/b, chartVersion: 1.2.3}"
    assert read(chart).found == []


def test_values_are_found_where_they_stand():
    found = read("values: |\n      image:\n        repository: a/b\n        tag: v1\n")
    assert [fragment.text for fragment in found.occurrences[0].fragments] == ["a/b", "v1"]


def test_what_the_cluster_fills_in_is_told():
    found = read("values: |\n      image: a/b:{{ .Cluster.metadata.name }}\n")
    assert [text for text, _ in found.unresolved] == ["a/b:{{ .Cluster.metadata.name }}"]


TOKENS = (
    "apiVersion: config.projectsveltos.io/v1beta1\n",
    "kind: Profile\n",
    "spec:\n",
    "  helmCharts:\n",
    "  - chartName: ",
    "    repositoryURL: oci://",
    "    values: |\n",
    "      image: ",
    "{{ ",
    "}}",
    "a/b",
    "\n",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    for item in extract(SourceFile("p.yaml", text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
