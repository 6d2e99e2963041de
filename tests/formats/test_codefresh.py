"""Codefresh: steps, services, compositions, builds and `${{…}}`."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate

PATH = "codefresh.yml"


def read(text, path=PATH, **variables):
    return extracted("codefresh", text, path, **variables)


def step(text):
    return f"steps: {{s: {{{text}}}}}"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        (step("image: x:1"), "step"),
        (step("type: freestyle, image: x:1, commands: [make]"), "step"),
        (step("type: freestyle, arguments: {image: x:1}"), "step"),
        (step("type: parallel, steps: {a: {image: x:1}}"), "step"),
        (step("hooks: {on_success: {exec: {image: x:1}}}"), "step"),
        ("hooks: {on_finish: {steps: {a: {image: x:1}}}}\nsteps: {}", "step"),
        (step("scale: {a: {image: x:1}}"), "step"),
        (step("matrix: {image: [x:1]}"), "step"),
        ("kind: pipeline\nspec: {steps: {s: {image: x:1}}}", "step"),
        (step("type: composition, composition_candidates: {t: {image: x:1}}"), "step"),
        (step("type: composition, composition: {version: '2', services: {db: {image: x:1}}}"), "service"),
        (step("type: launch-composition, composition: {db: {image: x:1}}"), "service"),
        (step("services: {composition: {db: {image: x:1}}}"), "service"),
        ("services: {composition: {db: {image: x:1}}}\nsteps: {}", "service"),
        (step("services: {readiness: {image: x:1}}"), "step"),
        (step("commands: [docker pull x:1]"), "script"),
        (step("environment: [V=1], commands: [docker pull x:$V]"), "script"),
    ],
)
def test_image(text, role):
    assert read(text).roles == [("docker.io/library/x:1", role)]


@pytest.mark.parametrize(
    "fan",
    [
        "scale: {a: {environment: [V=1]}, b: {environment: [V=2]}}",
        "matrix: {environment: [[V=1], [V=2]]}",
    ],
)
def test_commands_run_in_every_child(fan):
    text = step(f"image: i, {fan}, commands: [docker pull x:$V]")
    assert read(text).pulled == ["docker.io/library/i", "docker.io/library/x:1", "docker.io/library/x:2"]


def test_image_that_every_child_replaces_is_not_pulled():
    assert read(step("image: x:1, scale: {a: {image: x:2}}")).pulled == ["docker.io/library/x:2"]


@pytest.mark.parametrize(
    "text",
    [
        "steps: {b: {type: git-clone, repo: a/b}, t: {image: '${{b}}'}}",
        step("type: composition, composition: ./compose.yml"),
        step("type: composition, composition: {services: {app: {build: ., image: app}}}"),
        step("type: approval, title: x"),
    ],
)
def test_no_image(text):
    assert read(text).found == []


def test_image_that_a_step_builds_is_no_other():
    build = "b: {type: build, image_name: acme/app, tag: '1'}"
    text = f"steps: {{{build}, t: {{image: '${{{{b}}}}'}}, p: {{type: push, candidate: '${{{{b}}}}'}}}}"
    assert read(text).roles == [("docker.io/acme/app:1", "output")]


@pytest.mark.parametrize(
    ("settings_", "expected"),
    [
        ("image_name: acme/app", "docker.io/acme/app"),
        ("image_name: acme/app, tag: v1", "docker.io/acme/app:v1"),
        ("image_name: acme/app, tag: '${{CF_SHORT_REVISION}}'", "docker.io/acme/app"),
        ("image_name: '${{REPO}}/app'", "${{REPO}}/app"),
    ],
)
def test_output(settings_, expected):
    assert read(step(f"type: build, {settings_}")).outputs == [expected]


def test_variable_of_the_pipeline():
    text = "spec: {variables: [{key: V, value: '1'}], steps: {s: {image: 'x:${{V}}'}}}"
    assert read(text).pulled == ["docker.io/library/x:1"]


def test_variable_that_is_not_set_says_so():
    assert read(step("image: 'x:${{V}}'")).unresolved == [
        ("x:${{V}}", "V is not set in codefresh.yml; set it as a variable of the pipeline")
    ]


@pytest.mark.parametrize(
    ("settings_", "target"),
    [
        ("build_arguments: [V=1]", "Dockerfile"),
        ("build_arguments: [V=1], dockerfile: app.Dockerfile", "app.Dockerfile"),
        ("build_arguments: [V=1], working_directory: ./sub", "sub/Dockerfile"),
        ("build_arguments: [V=1], working_directory: '${{clone}}'", "Dockerfile"),
    ],
)
def test_build_gives_its_arguments_to_the_dockerfile(settings_, target):
    assert read(step(f"type: build, {settings_}")).bindings == [(target, "dockerfile", {"V": "1"})]


def test_dockerfile_that_is_written_in_the_step():
    (item,) = read(
        "steps:\n  b:\n    type: build\n    dockerfile:\n      content: |\n        FROM x:1\n"
    ).embedded
    assert (str(item.text), item.formats) == ("FROM x:1\n", ("dockerfile",))


_PARTS = st.sampled_from(
    ["steps:\n", "  s:\n", "    image: ", "x:1", "${{", "}}", "${{V}}", "    type: build\n",
     "    image_name: ", "    commands: [", "docker run ", "]", "\n", "&a ", "*a", "é", "{", "}",
     "\udc80"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS).map("".join) | st.text())
def test_any_text_is_read_and_pieces_stand_where_they_say(text):
    for item in read(text).items:
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
