"""Helmsman: apps of a desired state, in YAML and TOML, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.helmsman import extract
from planner.model.source import SourceFile


def read(app, before="namespaces: {x: {}}\n", path="state.yaml"):
    return extracted("helmsman", f"{before}apps:\n  a: {app}\n", path)


@pytest.mark.parametrize(
    ("app", "chart"),
    [
        ("{chart: 'oci://ghcr.io/a/b', version: 1.2.3}", "ghcr.io/a/b:1.2.3"),
        ("{chart: r/b, version: 1.2.3}", "ghcr.io/a/b:1.2.3"),
        ("{chart: 'oci://ghcr.io/a/b'}", "ghcr.io/a/b"),
    ],
)
def test_chart_in_a_registry(app, chart):
    assert read(app, "helmRepos: {r: 'oci://ghcr.io/a'}\n").roles == [(chart, "chart")]


def test_chart_from_elsewhere_is_no_image():
    assert read("{chart: r/b, version: 1.2.3}", "helmRepos: {r: 'https://x.io'}\n").found == []


@pytest.mark.parametrize("key", ["set", "setString"])
def test_settings_are_put_together(key):
    app = f"{{chart: r/b, {key}: {{image.repository: a/b, image.tag: '1'}}}}"
    assert read(app).pulled == ["docker.io/a/b:1"]


def test_variable_of_the_environment_is_told():
    found = read("{chart: 'oci://ghcr.io/a/b', version: $VERSION}")
    assert found.unresolved == [
        ("ghcr.io/a/b:$VERSION", "VERSION is not set here: it is filled in when the file is applied")
    ]


def test_toml():
    app = '[namespaces.x]\n[apps.a]\nchart = "oci://ghcr.io/a/b"\nversion = "1.2.3"\n'
    text = app + '[apps.a.set]\n"image.repository" = "c/d"\n"image.tag" = "1"\n'
    assert extracted("helmsman", text, "state.toml").pulled == ["ghcr.io/a/b:1.2.3", "docker.io/c/d:1"]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: X\nnamespaces: {}\napps: {a: {chart: 'oci://ghcr.io/a/b'}}\n",
        "namespaces: {}\napps: [{chart: 'oci://ghcr.io/a/b'}]\n",
        "namespaces: {}\napps: {a: {image: 'oci://ghcr.io/a/b chart'}}\n",
    ],
)
def test_other_file_with_apps_is_passed_over(text):
    assert extracted("helmsman", text, "values.yaml").found == []


TOKENS = (
    "apps:\n",
    "  a:\n",
    "    chart: oci://",
    "    version: ",
    "    set: {image.repository: ",
    "}",
    "helmRepos: {r: oci://",
    "a/b",
    "$X",
    "\n",
    "[apps.a]\n",
    'chart = "',
    '"',
    "namespaces: {}\n",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join), st.sampled_from(["a.yaml", "a.toml"]))
def test_any_text_is_read_without_an_error(text, path):
    for item in extract(SourceFile(path, text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_hostile_text_is_read_in_a_moment():
    settings = "".join(f"{'a.' * 15}k{number}: x\n      " for number in range(20_000))
    read(f"\n    chart: r/b\n    set:\n      {settings}")
