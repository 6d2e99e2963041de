"""Gitpod: the image of the workspace and its tasks."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate

PATH = ".gitpod.yml"


def read(text, path=PATH, **variables):
    return extracted("gitpod", text, path, **variables)


def test_image():
    assert read("image: gitpod/workspace-full:latest").roles == [
        ("docker.io/gitpod/workspace-full:latest", "step")
    ]


@pytest.mark.parametrize("text", ["image: {file: .gitpod.Dockerfile}", "ports: [{port: 80}]", "image:"])
def test_no_image(text):
    assert read(text).found == []


@pytest.mark.parametrize("key", ["before", "init", "prebuild", "command"])
def test_task(key):
    assert read(f"tasks: [{{name: a, {key}: docker run x:1}}]").roles == [("docker.io/library/x:1", "script")]


def test_task_sees_its_environment():
    assert read("tasks: [{env: {V: '1'}, init: docker run x:$V}]").pulled == ["docker.io/library/x:1"]


def test_build_gives_its_arguments_to_the_dockerfile():
    text = "tasks: [{init: docker build --build-arg V=1 sub}]"
    assert read(text).bindings == [("sub/Dockerfile", "dockerfile", {"V": "1"})]


_PARTS = st.sampled_from(
    ["image: ", "tasks:\n", "  - init: ", "docker run ", "x:1", "\n", "{", "}", "[", "]", "file: ",
     "env: ", "é", "\udc80"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in read(text).items:
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
