"""just: expressions, parameters and recipes."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st


def found(text):
    return extracted("justfile", text, "justfile")


@pytest.mark.parametrize(
    "text",
    [
        "a:\n  docker pull x:1\n",
        "a:\n    @-docker run \\\n      -e A=b x:1\n",
        "i := 'x:1'\na:\n  docker pull {{i}}\n",
        'i := "x" + ":" + \'1\'\na:\n  docker pull {{ i }}\n',
        "v := '1'\na:\n  docker pull x:{{v}}\n",
        "a i='x:1':\n  docker pull {{i}}\n",
        "a $i='x:1':\n  docker pull $i\n",
        "export I := 'x:1'\na:\n  docker pull $I\n",
        "set export\nI := 'x:1'\na:\n  docker pull $I\n",
        "i := env_var_or_default('I', 'x:1')\na:\n  docker pull {{i}}\n",
        "i := env('I', 'x:1')\na:\n  docker pull {{i}}\n",
        "i := 'x' / 'y'\na:\n  docker pull x:{{ '1' }}\n",
        "d := if os() == 'linux' { 'podman' } else { 'docker' }\na:\n  {{d}} pull x:1\n",
        "a:\n    #!/bin/bash\n    set -e\n    for i in x:1; do docker pull $i; done\n",
        "s := `docker run x:1`\n",
        "a: b (c 'd')\n  docker pull x:1\n",
    ],
)
def test_image_of_a_recipe(text):
    assert set(found(text).pulled) == {"docker.io/library/x:1"}


@pytest.mark.parametrize(
    "text", ["# docker pull x\na:\n  @echo docker pull x\n", "a:\n  docker inspect --format '{{{{.Id}}' x\n"]
)
def test_no_image(text):
    assert found(text).items == ()


def test_what_is_not_known_says_why():
    ((text, reason),) = found("a i:\n  docker pull {{i}}\n").unresolved
    assert (text, "i is not set in justfile" in reason) == ("{{i}}", True)


def test_name_that_is_built_is_an_output():
    assert found("i := 'x:1'\na:\n  docker build -t {{i}} .\n").outputs == ["docker.io/library/x:1"]


_PARTS = st.sampled_from(
    ["a", ":=", ":", "'", '"', "`", "{{", "}}", "\n", "\n  ", "docker run ", "x:1", "if ",
     "{", "}", "+", "/", "env('A', 'b')"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_PARTS, max_size=30).map("".join))
def test_any_text_is_read(text):
    assert all(item.line >= 1 for item in found("a:\n  docker run x\n" + text).found)


def test_recipe_is_read_with_what_another_calls_it_with():
    text = "run image:\n  docker run {{image}}\na: (run 'x:1') (run \"y:1\")\n  ls\n"
    assert found(text).pulled == ["docker.io/library/x:1", "docker.io/library/y:1"]


def test_recipes_of_one_name_for_several_systems_are_all_read_with_what_is_given():
    linux, macos = (
        f"[{os}]\nrun image:\n  {tool} run {{{{image}}}}\n"
        for os, tool in (("linux", "docker"), ("macos", "podman"))
    )
    assert found(f"{linux}{macos}a: (run 'x:1')\n").pulled == ["docker.io/library/x:1"] * 2


def test_the_same_call_counts_once():
    text = "run image:\n  docker run {{image}}\n" + "a: (run 'x:1')\n" * 3
    assert found(text).pulled == ["docker.io/library/x:1"]


def test_more_calls_than_anyone_writes_are_told():
    body = "  docker run {{image}}\n" + "  echo padding\n" * 1000
    calls = "".join(f"a{number}: (run 'x:{number}')\n" for number in range(20))
    (told,) = [reason for _, reason in found(f"run image:\n{body}{calls}").unresolved if "called" in reason]
    assert told == "recipes are called with more arguments than anyone writes: not read from this call on"


@pytest.mark.parametrize("text", ["a", "A_", "a=", "a: (a 'x')\n", "a a:\n docker run {{a}}\n"])
def test_reading_a_hostile_text_ends(text):
    found(text * (200_000 // len(text)))  # a reading whose time grows with the square never ends here
