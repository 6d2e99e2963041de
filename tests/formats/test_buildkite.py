"""Buildkite: plugins, agents, commands, interpolation and the matrix."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate

PATH = ".buildkite/pipeline.yml"


def read(text, path=PATH, **variables):
    return extracted("buildkite", text, path, **variables)


def step(text):
    return f"steps: [{{{text}}}]"


def plugin(text):
    return step(f"command: make, plugins: [{{{text}}}]")


@pytest.mark.parametrize(
    "text",
    [
        plugin("docker#v5.12.0: {image: 'x:1'}"),
        plugin("docker: {image: 'x:1'}"),
        plugin("acme/docker#main: {image: 'x:1'}"),
        plugin("'ssh://git@github.com/buildkite-plugins/docker-buildkite-plugin.git#v1': {image: 'x:1'}"),
        step("plugins: {docker#v1: {image: 'x:1'}}"),
        plugin("kubernetes: {podSpec: {containers: [{image: 'x:1'}]}}"),
        plugin("kubernetes: {podSpecPatch: {containers: [{name: c, image: 'x:1'}]}}"),
        plugin("kubernetes: {podSpec: {initContainers: [{image: 'x:1'}]}}"),
        step("image: x:1"),
        "image: x:1\nsteps: []",
        step("agents: {provider: k8s, image: 'x:1'}"),
        "steps: [{group: g, steps: [{image: x:1}]}]",
        "- image: x:1",
        "common: &c {image: x:1}\nsteps: [{<<: *c}]",
    ],
)
def test_image(text):
    assert read(text).roles == [("docker.io/library/x:1", "step")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (plugin("docker-compose#v5: {push: 'app:acme/app:1'}"), ("acme/app:1", "output")),
        (plugin("docker-compose#v5: {cache-from: ['app:acme/app:1']}"), ("acme/app:1", "cache")),
        (plugin("docker-compose#v5: {image-repository: acme/app}"), ("acme/app", "output")),
        (plugin("kubernetes: {sidecars: [{image: acme/app:1}]}"), ("acme/app:1", "service")),
    ],
)
def test_other_roles(text, expected):
    assert read(text).roles == [(f"docker.io/{expected[0]}", expected[1])]


@pytest.mark.parametrize(
    "text",
    [
        step("agents: {provider: gcp, image: family/ubuntu-2204}"),
        step("agents: {queue: default, image: 'family/x', imageProject: p}"),
        plugin("docker-compose#v5: {run: app, config: compose.yml}"),
        plugin("docker-compose#v5: {push: app}"),
        plugin("docker-login#v3: {username: x}"),
        plugin("artifacts#v1: {download: image}"),
        "steps: [wait, {block: x}]",
    ],
)
def test_no_image(text):
    assert read(text).found == []


@pytest.mark.parametrize(
    ("env", "spelled"),
    [("V: '1'", "$V"), ("V: '1'", "${V}"), ("W: '2'", "${V:-1}"), ("V: '1'", "${V:-2}"), ("", "${V-1}")],
)
def test_variable(env, spelled):
    assert read(f"env: {{{env}}}\nsteps: [{{image: 'x:{spelled}'}}]").pulled == ["docker.io/library/x:1"]


def test_variable_that_is_not_set_says_so():
    ((text, reason),) = read(step("image: 'x:$V'")).unresolved
    assert (text, reason) == (
        "x:$V",
        "V is not set in .buildkite/pipeline.yml; set it under env, or give a default",
    )


@pytest.mark.parametrize(
    ("matrix", "spelled", "expected"),
    [
        ("['1', '2']", "x:{{matrix}}", ["x:1", "x:2"]),
        ("['1', '2']", "x:{{ matrix }}", ["x:1", "x:2"]),
        ("{setup: ['1', '2']}", "x:{{matrix}}", ["x:1", "x:2"]),
        ("{setup: {i: [a, b], v: ['1']}}", "{{matrix.i}}:{{matrix.v}}", ["a:1", "b:1"]),
        ("{setup: {v: ['1']}, adjustments: [{with: {v: '2'}}]}", "x:{{matrix.v}}", ["x:1", "x:2"]),
    ],
)
def test_matrix(matrix, spelled, expected):
    text = step(f"matrix: {matrix}, image: '{spelled}'")
    assert read(text).pulled == [f"docker.io/library/{name}" for name in expected]


@pytest.mark.parametrize(
    "text",
    [
        step("command: docker pull x:1"),
        step("commands: [docker pull x:1]"),
        step("env: {V: '1'}, command: docker pull x:$V"),
        step("command: ['I=x:1', docker pull $$I]"),
        step("command: ['I=x:1', 'docker pull \\$I']"),
    ],
)
def test_command(text):
    assert read(text).roles == [("docker.io/library/x:1", "script")]


def test_groups_through_aliases_end():
    text = "steps: &s [{group: g, steps: *s}, {group: h, steps: *s}, {image: x:1}]"
    assert read(text).pulled == ["docker.io/library/x:1"]


_PARTS = st.sampled_from(
    ["steps:\n", "- command: ", "docker run ", "- plugins: [", "docker#v1: {image: ", "x:1", "}", "]",
     "$V", "${V:-", "$$", "{{matrix}}", "{{", "  matrix: ", "\n", "&a ", "*a", "é", "\udc80"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in read(text).items:
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
