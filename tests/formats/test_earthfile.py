"""Earthly: bases of targets, what their commands pull, what they save."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

TOKENS = (
    "VERSION 0.8\n",
    "x:\n", "    FROM ", "a:1", "$A", "${A:-b}", "\n", " \\\n", "    ARG A=b\n", "BUILD +x --A=c\n",
    "    WITH DOCKER --pull ", "SAVE IMAGE ", "RUN docker pull ", "FOR x IN a b\n",
    '"', "'", "$(", ")", "+", "#",
)  # fmt: skip


def earthfile(text, **given):
    return extracted("earthfile", text, "Earthfile", **given)


@pytest.mark.parametrize(
    "text",
    [
        "FROM a/b:1",
        "FROM --platform=linux/amd64 a/b:1",
        "FROM --platform linux/amd64 a/b:1",
        "FROM --platform=$TARGETPLATFORM a/b:1",
        'FROM "a/b:1"',
        "ARG V=1\nFROM a/b:$V",
        "ARG --global V=1\nx:\n  FROM a/b:${V}",
        "x:\n  LET v = 1\n  FROM a/b:$v",
        "x:\n  FROM a/b:${V:-1}",
        "BUILD +x --V=1\nx:\n  ARG V\n  FROM a/b:$V",
        "y:\n  COPY (+x/out --V=1) .\nx:\n  ARG V\n  FROM a/b:$V",
    ],
)
def test_base_of_a_target(text):
    assert earthfile(text).roles == [("docker.io/a/b:1", "base")]


@pytest.mark.parametrize(
    "text", ["BUILD +x --V=1 --V=2\nx:\n ARG V\n FROM a/b:$V", "FOR v IN 1 2\n FROM a/b:$v\nEND"]
)
def test_every_value_counts(text):
    assert earthfile(text).pulled == ["docker.io/a/b:1", "docker.io/a/b:2"]


@pytest.mark.parametrize(
    "text",
    ["WITH DOCKER --pull a/b:1", "WITH DOCKER \\\n  --compose x.yml \\\n  --pull=a/b:1", "DOCKER PULL a/b:1",
     "RUN docker run a/b:1", "RUN --privileged --mount=type=cache,target=/x docker pull a/b:1"],
)  # fmt: skip
def test_what_commands_pull(text):
    assert earthfile(f"x:\n {text}\n").roles == [("docker.io/a/b:1", "script")]


@pytest.mark.parametrize(
    "text",
    ["FROM +x", "FROM ./a/b+x", "FROM github.com/o/r:v1+x --V=1", "FROM lib+x", "BUILD +x", "COPY +x/y z"],
)
def test_target_is_no_image(text):
    assert (earthfile(text).pulled, earthfile(text).unresolved) == ([], [])


def test_scratch_is_no_image():
    assert earthfile("x:\n  FROM scratch\ny:\n  FROM --platform=linux/amd64 scratch\n").found == []


def test_saved_image_is_an_output():
    found = earthfile("x:\n SAVE IMAGE --push --cache-from=a/b:0 a/b:1 a/b:$V\n")
    assert (found.pulled, found.outputs) == (["docker.io/a/b:0"], ["docker.io/a/b:1", "a/b:$V"])


def test_loaded_image_is_not_pulled():
    assert earthfile("WITH DOCKER --load app=+img\n RUN docker run app:latest\nEND\n").pulled == []


def test_arguments_of_a_dockerfile_are_given_to_it():
    found = earthfile("FROM DOCKERFILE --build-arg V=1 -f a/b.Dockerfile .")
    assert found.bindings == [("a/b.Dockerfile", "dockerfile", {"V": "1"})]


def test_arguments_of_another_earthfile_are_given_to_it():
    assert earthfile("BUILD ./a+x --V=1").bindings == [("a/Earthfile", "earthfile", {"V": "1"})]


def test_given_value_wins():
    assert earthfile("ARG V=1\nFROM a/b:$V", V="2").pulled == ["docker.io/a/b:2"]


def test_what_is_not_set_is_told():
    reason = "V is not set in this file: give it a default, or set it with --V=VALUE"
    assert earthfile("ARG V\nFROM a/b:$V").unresolved == [("a/b:$V", reason)]


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_can_be_read(text):
    assert all(0 <= item.start <= len(text) for item in earthfile(text).items if hasattr(item, "start"))


@pytest.mark.parametrize(
    "opener", ["FROM '", 'FROM "', "$(", "${", "FROM x \\\n", "x:\n FROM a\n", "ARG A=$A$A\n"]
)
def test_reading_a_hostile_text_ends(opener):
    earthfile(opener * (200_000 // len(opener)))  # a reading whose time grows with the square never ends here


@pytest.mark.parametrize("piece", ['"\\', '\\"', "( ", "$(", "'a "])
def test_long_nonsense_behind_an_instruction_is_read_once(piece):
    # Reading what follows each quote to the end would take hours, and the run ends a test after minutes.
    extracted("earthfile", f"VERSION 0.8\na:\n    COPY {piece * 200_000}\n    FROM x:1\n", "Earthfile")
