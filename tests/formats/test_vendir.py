"""vendir: what directories are filled with, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.vendir import extract
from planner.model.source import SourceFile

DIGEST = f"sha256:{'ab' * 32}"


def read(content, kind="Config"):
    head = f"apiVersion: vendir.k14s.io/v1alpha1\nkind: {kind}\n"
    text = f"{head}directories:\n- path: vendor\n  contents:\n  - {content}\n"
    return extracted("vendir", text, "vendir.yml")


@pytest.mark.parametrize(
    ("content", "reference"),
    [
        ("{image: {url: 'a/b:1'}}", "docker.io/a/b:1"),
        ("{imgpkgBundle: {image: 'index.docker.io/a/b:1'}}", "docker.io/a/b:1"),
        (
            "{helmChart: {name: b, version: 1.2.3, repository: {url: 'oci://ghcr.io/a'}}}",
            "ghcr.io/a/b:1.2.3",
        ),
    ],
)
def test_what_is_fetched_from_a_registry(content, reference):
    assert read(content).roles == [(reference, "chart")]


@pytest.mark.parametrize(
    "content",
    [
        "{git: {url: 'https://github.com/a/b', ref: v1}}",
        "{helmChart: {name: b, version: 1.2.3, repository: {url: 'https://charts.example.com'}}}",
        "{githubRelease: {slug: a/b, tag: v1}}",
    ],
)
def test_what_is_fetched_from_elsewhere_is_no_image(content):
    assert read(content).found == []


def test_choice_among_tags_is_told():
    found = read("{image: {url: a/b, tagSelection: {semver: {constraints: '>0.1.0'}}}}")
    assert [text for text, _ in found.unresolved] == ["a/b"]


def test_lock_file_says_what_was_fetched():
    assert read(f"{{imgpkgBundle: {{image: 'a/b@{DIGEST}', tag: v1}}}}", "LockConfig").pulled == [
        f"docker.io/a/b@{DIGEST}"
    ]


@pytest.mark.parametrize(
    ("content", "reference"),
    [
        ("{path: c, image: {url: a/b, tagSelection: {semver: {}}}}", "docker.io/a/b:1.2.3"),
        ("{path: c, helmChart: {name: b, version: 1.x, repository: {url: 'oci://a.io'}}}", "a.io/b:1.2.3"),
    ],
)
def test_lock_file_tells_what_was_chosen(content, reference):
    lock = read("{path: c, helmChart: {version: 1.2.3}}", "LockConfig")
    assert lock.bindings == [("", "vendir", {"vendor/c": "1.2.3"})]
    head = "apiVersion: vendir.k14s.io/v1alpha1\nkind: Config\n"
    text = f"{head}directories: [{{path: vendor, contents: [{content}]}}]\n"
    assert extracted("vendir", text, "vendir.yml", **{"vendor/c": "1.2.3"}).pulled == [reference]


def test_file_that_is_written_in_place_is_read_by_its_name():
    (found,) = read("{inline: {paths: {Dockerfile: FROM a/b}}}").embedded
    assert (str(found.text), found.name) == ("FROM a/b", "Dockerfile")


TOKENS = (
    "apiVersion: vendir.k14s.io/v1alpha1\n",
    "kind: Config\n",
    "directories:\n",
    "- contents:\n",
    "  - image: {url: ",
    "  - imgpkgBundle: {image: ",
    "  - helmChart: {name: a, repository: {url: oci://",
    "}",
    "a/b",
    "\n",
    "${",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    for item in extract(SourceFile("vendir.yml", text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
