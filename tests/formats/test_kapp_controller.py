"""kapp-controller: apps, packages and their repositories, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.kapp_controller import extract
from planner.model.source import SourceFile

APP = ("kappctrl.k14s.io/v1alpha1", "App")
PACKAGE = ("data.packaging.carvel.dev/v1alpha1", "Package")
REPOSITORY = ("packaging.carvel.dev/v1alpha1", "PackageRepository")


def read(kind, spec, path="packages/a.yaml"):
    return extracted("kapp_controller", f"apiVersion: {kind[0]}\nkind: {kind[1]}\nspec: {spec}\n", path)


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        (APP, "{fetch: [{image: {url: 'a/b:1'}}]}"),
        (APP, "{fetch: [{imgpkgBundle: {image: 'a/b:1'}}]}"),
        (REPOSITORY, "{fetch: {imgpkgBundle: {image: 'a/b:1'}}}"),
        (PACKAGE, "{template: {spec: {fetch: [{imgpkgBundle: {image: 'a/b:1'}}]}}}"),
        (APP, "{fetch: [{helmChart: {name: b, version: 1.2.3, repository: {url: 'oci://docker.io/a'}}}]}"),
    ],
)
def test_what_is_fetched_from_a_registry(kind, spec):
    assert [role for _, role in read(kind, spec).roles] == ["chart"]


def test_file_that_is_written_in_place_is_read_by_its_name():
    spec = "{fetch: [{inline: {paths: {pod.yaml: 'kind: Pod'}}}]}"
    assert [each.name for each in read(APP, spec).embedded] == ["pod.yaml"]


def test_file_in_a_template_of_a_chart_is_left_to_the_chart():
    spec = "{fetch: [{inline: {paths: {pod.yaml: '{{ .Values.x }}'}}}]}"
    assert read(APP, spec, "chart/templates/a.yaml").items == ()


def test_git_is_no_image():
    assert read(APP, "{fetch: [{git: {url: 'https://github.com/a/b'}}]}").found == []


TOKENS = (
    "apiVersion: kappctrl.k14s.io/v1alpha1\n",
    "kind: App\n",
    "spec:\n",
    "  fetch:\n",
    "  - image: {url: ",
    "}",
    "a/b",
    "  - inline: {paths: {a.yaml: ",
    "  template:\n",
    "    spec: {fetch: [{imgpkgBundle: {image: ",
    "]",
    "\n",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    for item in extract(SourceFile("a.yaml", text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
