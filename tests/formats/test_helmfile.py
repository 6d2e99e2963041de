"""Helmfile: releases, repositories, environments and lock files, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.helmfile import extract
from planner.model.source import SourceFile

REGISTRY = (
    "repositories: [{name: r, url: registry-1.docker.io/a, oci: true}, {name: s, url: 'https://x.io'}]\n"
)


def read(text, path="helmfile.yaml", **more):
    return extracted("helmfile", text, path, **more)


def release(text, before=REGISTRY):
    return read(f"{before}releases:\n- name: x\n  {text}\n")


@pytest.mark.parametrize(
    ("text", "chart"),
    [
        ("{chart: 'oci://ghcr.io/a/b', version: 1.2.3}", "ghcr.io/a/b:1.2.3"),
        ("{chart: r/b, version: 1.2.3}", "docker.io/a/b:1.2.3"),
        ("{chart: r/b}", "docker.io/a/b"),
        ("{chart: ./c, dependencies: [{chart: 'oci://ghcr.io/a/b', version: 1.2.3}]}", "ghcr.io/a/b:1.2.3"),
    ],
)
def test_chart_in_a_registry(text, chart):
    assert read(f"{REGISTRY}releases: [{text}]\n").roles == [(chart, "chart")]


@pytest.mark.parametrize("chart", ["./charts/a", "s/a", "unknown/a", "../a/b"])
def test_chart_from_elsewhere_is_no_image(chart):
    assert release(f"chart: {chart}").found == []


def test_range_of_versions_is_told():
    assert [text for text, _ in release("chart: r/b\n  version: ~1.2").unresolved] == [
        "registry-1.docker.io/a/b:~1.2"
    ]


def test_repository_of_another_file():
    found = read("releases: [{chart: r/b, version: 1.2.3}]\n", **{"repository r": "oci://ghcr.io/a"})
    assert found.pulled == ["ghcr.io/a/b:1.2.3"]


def test_repository_is_told_to_all_other_files():
    assert read(REGISTRY, "bases/repositories.yaml").bindings == [
        ("**", "helmfile", {"repository r": "oci://registry-1.docker.io/a"})
    ]


def test_lock_file_says_which_version_a_range_is():
    lock = "dependencies: [{name: b, repository: 'oci://ghcr.io/a', version: 1.2.9}]\n"
    ((target, name, variables),) = read(lock, "deploy/helmfile.lock").bindings
    assert (target, name) == ("deploy/", "helmfile")
    assert read("releases: [{chart: 'oci://ghcr.io/a/b', version: ~1.2}]\n", **variables).pulled == [
        "ghcr.io/a/b:1.2.9"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "values: [{image: {repository: a/b, tag: '1'}}, other.yaml]",
        "set: [{name: image.repository, value: a/b}, {name: image.tag, value: '1'}]",
        "setString: [{name: web.image, value: 'a/b:1'}]",
        "strategicMergePatches: [{kind: X, spec: {containers: [{image: 'a/b:1'}]}}]",
        "jsonPatches: [{patch: [{op: replace, path: /spec/image, value: 'a/b:1'}]}]",
    ],
)
def test_image_of_a_release(text):
    assert release(text).pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize("name", [".Values", ".Environment.Values", ".StateValues"])
def test_values_of_every_environment_are_filled_in(name):
    environments = (
        "environments: {a: {values: [{web: {tag: '1'}}]}, b: {values: [{web: {tag: '2'}}, b.yaml]}}\n---\n"
    )
    found = release(
        f"values: [{{image: {{repository: a/b, tag: '{{{{ {name}.web.tag }}}}'}}}}]", environments
    )
    assert found.pulled == ["docker.io/a/b:1", "docker.io/a/b:2"]


def test_version_of_an_environment():
    environments = "environments: {a: {values: [{version: 1.2.3}]}}\n---\n"
    found = release("chart: oci://ghcr.io/a/b\n  version: {{ .Values.version }}", environments)
    assert found.pulled == ["ghcr.io/a/b:1.2.3"]


def test_environment_is_laid_over_what_holds_for_all():
    before = "values: [{web: {name: a/b, tag: '1'}}]\nenvironments: {x: {values: [{web: {tag: '2'}}]}}\n---\n"
    found = release("set: [{name: image, value: '{{ .Values.web.name }}:{{ .Values.web.tag }}'}]", before)
    assert found.pulled == ["docker.io/a/b:1", "docker.io/a/b:2"]


def test_what_no_environment_sets_is_told():
    found = release("chart: oci://ghcr.io/a/b\n  version: {{ .Values.version }}", "")
    assert found.unresolved == [
        (
            "ghcr.io/a/b:{{ .Values.version }}",
            "version is not set in the environments of this file: set it there",
        )
    ]


def test_template_of_releases():
    text = (
        "templates:\n  d: &d {chart: 'oci://ghcr.io/a/b', version: 1.2.3}\nreleases:\n- {name: x, <<: *d}\n"
    )
    assert read(text).pulled == ["ghcr.io/a/b:1.2.3"]


def test_file_that_is_no_yaml_is_read_by_lines():
    text = "a: b: c\nreleases:\n- name: x\n  chart: oci://ghcr.io/a/b\n  version: 1.2.3\n- image: c/d:1\n"
    assert read(text).pulled == ["ghcr.io/a/b:1.2.3", "docker.io/c/d:1"]


TOKENS = (
    "repositories: [{name: r, oci: true, url: ",
    "}]\n",
    "releases:\n",
    "- chart: r/",
    "- chart: oci://",
    "  version: ",
    "  values: [{image: ",
    "  set: [{name: image.tag, value: ",
    "environments: {a: {values: [{x: ",
    "}]}}\n",
    "---\n",
    "{{ .Values.x",
    "}}",
    "{{ if x }}\n",
    "a",
    "\n",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    for item in extract(SourceFile("helmfile.yaml", text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


@pytest.mark.parametrize("opener", ["{{ .Values.x ", "{", "- chart: r/a\n", "${", "  version: 1\n"])
def test_hostile_text_is_read_in_a_moment(opener):
    read(f"{REGISTRY}releases:\n- chart: {opener * 50_000}\n")
