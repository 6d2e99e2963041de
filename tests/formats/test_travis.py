"""Travis CI: the scripts of jobs, and what `env` and the matrix set."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate

PATH = ".travis.yml"


def read(text, path=PATH, **variables):
    return extracted("travis", text, path, **variables)


@pytest.mark.parametrize(
    "text",
    [
        "script: docker pull x:1",
        "script: [make, docker pull x:1]",
        "before_install: [docker pull x:1]",
        "deploy: {provider: script, script: docker pull x:1}",
        "deploy: [{provider: script, script: [docker pull x:1]}]",
        "jobs: {include: [{stage: a, script: docker pull x:1}]}",
        "matrix: {include: [{script: docker pull x:1}]}",
        "env: V=1\nscript: docker pull x:$V",
        "env: [V=1]\nscript: docker pull x:$V",
        "env: {global: [A=y V=1]}\nscript: docker pull x:$V",
        "env: {global: [{V: 1}]}\nscript: docker pull x:$V",
        "env: {global: {V: 1}}\nscript: docker pull x:$V",
        "env: {V: 1}\nscript: docker pull x:$V",
        "env: {global: [\"I='x:1' B=2\"]}\nscript: docker pull $I",
        "before_install: export I=x:1\nscript: docker pull $I",
        "script: docker pull x:$V\njobs: {include: [{env: V=1}]}\nenv: [V=1]",
        "language: python\npython: ['1']\nscript: docker pull x:$TRAVIS_PYTHON_VERSION",
    ],
)
def test_script(text):
    assert read(text).roles == [("docker.io/library/x:1", "script")]


@pytest.mark.parametrize("key", ["env", "env: {jobs", "env: {matrix"])
def test_matrix(key):
    text = f"{key}: [I=a V=1, I=b V=2]{'}' * key.count('{')}\nscript: docker pull $I:$V"
    assert read(text).pulled == ["docker.io/library/a:1", "docker.io/library/b:2"]


@pytest.mark.parametrize(
    "text",
    [
        "services: [docker, postgresql]",
        "dist: jammy\nos: linux",
        "env: [{secure: abc=}]",
        "addons: {apt: [docker-ce]}",
    ],
)
def test_no_image(text):
    assert read(text).found == []


def test_build_gives_its_arguments_to_the_dockerfile():
    text = "env: [V=1, V=2]\nscript: docker build --build-arg V=$V ."
    assert read(text).bindings == [("Dockerfile", "dockerfile", {"V": tag}) for tag in "12"]


_PARTS = st.sampled_from(
    ["script: ", "docker run ", "env: ", "A=1 ", "B='", "\"", "$A", "- ", "\n", "jobs: ",
     "{include: [", "]", "}", "global: ", "é", "\udc80"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in read(text).items:
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
