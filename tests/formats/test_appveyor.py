"""AppVeyor: scripts for several shells, and what `environment` sets."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats._patterns import matcher
from planner.formats.appveyor import FORMAT

PATH = "appveyor.yml"


def read(text, path=PATH, **variables):
    return extracted("appveyor", text, path, **variables)


@pytest.mark.parametrize(
    "path", ["appveyor.yml", ".appveyor.yml", "appveyor-linux.yml", ".appveyor/build.yaml"]
)
def test_path_that_is_read(path):
    assert matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize(
    "text",
    [
        "install: docker pull x:1",
        "build_script: [docker pull x:1]",
        "test_script: [{ps: docker pull x:1}]",
        "deploy_script: [{sh: docker pull x:1}, {cmd: make}]",
        "for: [{matrix: {only: [{image: Ubuntu}]}, build_script: [docker pull x:1]}]",
        "environment: {V: 1}\ninstall: docker pull x:%V%",
        "environment: {V: 1}\ninstall: [{ps: 'docker pull x:$env:V'}]",
        "environment: {V: 1}\ninstall: [{sh: docker pull x:$V}]",
        "environment: {global: {V: 1}}\ninstall: docker pull x:%V%",
    ],
)
def test_script(text):
    assert read(text).roles == [("docker.io/library/x:1", "script")]


def test_matrix():
    text = "environment: {matrix: [{I: a, V: 1}, {I: b, V: 2}]}\ninstall: ['docker pull %I%:%V%']"
    assert read(text).pulled == ["docker.io/library/a:1", "docker.io/library/b:2"]


@pytest.mark.parametrize(
    "text",
    [
        "image: Visual Studio 2022",
        "image: [Ubuntu2204, macos]",
        "services: [postgresql]",
        "version: docker-1",
    ],
)
def test_no_image(text):
    assert read(text).found == []


def test_value_is_edited_where_it_is_set():
    text = "environment: {V: 1}\ninstall: docker pull x:%V%"
    (item,) = read(text).occurrences
    assert [part.start for part in item.fragments] == [text.index("x:"), text.index("1}")]


_PARTS = st.sampled_from(
    ["install: ", "docker run ", "%A%", "%", "$env:A", "environment: ", "{A: 1}", "matrix: ", "- ps: ",
     "- ", "\n", "é", "[", "]", "\udc80"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in read(text).items:
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_a_matrix_that_would_have_every_command_read_for_every_row_is_told():
    rows = "".join(f"    - T: v{row}\n" for row in range(100))
    commands = "".join(f"  - cmd: docker pull a{command}:%T%\n" for command in range(50))
    text = f"environment:\n  matrix:\n{rows}install:\n{commands}"
    problems = [item.problem for item in extracted("appveyor", text, "appveyor.yml").items if item.problem]
    assert problems == ["matrices and jobs ask for more than 500 readings: what follows is read once"]
