"""kbld: overrides, sources and destinations, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.kbld import extract
from planner.model.source import SourceFile


def read(text, kind="Config"):
    return extracted("kbld", f"apiVersion: kbld.k14s.io/v1alpha1\nkind: {kind}\n{text}\n", "kbld.yml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("overrides: [{image: nginx, newImage: 'a/b:1'}]", "workload"),
        ("overrides: [{image: nginx, newImage: 'a/b:1', preresolved: true}]", "workload"),
        ("destinations: [{image: app, newImage: 'a/b:1'}]", "output"),
        ("sources: [{image: 'a/b:1', path: src}]", "output"),
    ],
)
def test_place_of_an_image(text, expected):
    assert read(text).roles == [("docker.io/a/b:1", expected)]


@pytest.mark.parametrize("kind", ["Config", "ImageOverrides"])
def test_kind_that_holds_overrides(kind):
    assert read("overrides: [{image: nginx, newImage: 'a/b:1'}]", kind).pulled == ["docker.io/a/b:1"]


def test_builder_of_a_source_is_pulled():
    text = "sources: [{image: app, pack: {build: {builder: 'a/b:1', buildpacks: [docker://c/d, x/y]}}}]"
    assert read(text).roles == [
        ("docker.io/a/b:1", "base"),
        ("docker.io/c/d", "base"),
        ("docker.io/library/app", "output"),
    ]


def test_choice_among_tags_is_told():
    text = "overrides: [{image: a, newImage: a/b, tagSelection: {semver: {constraints: '>1'}}}]"
    assert [spelled for spelled, _ in read(text).unresolved] == ["a/b"]


def test_name_that_is_looked_for_is_no_image():
    assert read("overrides: [{image: nginx}]\nsearchRules: [{keyMatcher: {name: image}}]").found == []


TOKENS = (
    "apiVersion: kbld.k14s.io/v1alpha1\n",
    "kind: Config\n",
    "overrides:\n",
    "sources:\n",
    "destinations:\n",
    "- image: ",
    "  newImage: ",
    "a/b",
    "\n",
    "#@ ",
    "{",
    "}",
    "'",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    for item in extract(SourceFile("kbld.yml", text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
