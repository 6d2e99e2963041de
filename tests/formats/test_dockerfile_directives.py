"""Dockerfile: the image of the frontend."""

import pytest

from planner.formats._base import Candidate
from planner.formats.dockerfile import extract
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text


def candidates(text: str, path: str = "Dockerfile", **given: str) -> list[Candidate]:
    return list(extract(SourceFile(path, text), {n: Text.at(0, v, "compose.yaml") for n, v in given.items()}))


def found(text: str, path: str = "Dockerfile") -> list[str]:
    return [str(each.value) for each in candidates(text, path) if not each.problem]


def problems(text: str, path: str = "Dockerfile") -> list[str]:
    return [each.spelled for each in candidates(text, path) if each.problem]


@pytest.mark.parametrize(
    "text",
    [
        "# syntax=docker/dockerfile:1\nFROM a\n",
        "#syntax = docker/dockerfile:1  \r\nFROM a\r\n",
        "\ufeff# SyNtAx=docker/dockerfile:1\nFROM a\n",
        "#!/usr/bin/env docker\n# syntax=docker/dockerfile:1\nFROM a\n",
        "# check=skip=all\n# escape=`\n# syntax=docker/dockerfile:1 and more\nFROM a\n",
        "// syntax=docker/dockerfile:1\nwhatever\n",
        '{"syntax": "docker/dockerfile:1", "more": [1]}',
    ],
)
def test_syntax_names_the_image_of_the_frontend(text):
    candidate = candidates(text)[0]
    place = text.index("docker/dockerfile:1")
    assert candidate == Candidate(
        Text.at(place, "docker/dockerfile:1"), Role.FRONTEND, place, "docker/dockerfile:1"
    )


@pytest.mark.parametrize(
    "text",
    [
        "# a comment\n# syntax=b\nFROM a\n",
        "\n# syntax=b\nFROM a\n",
        "# unknown=x\n# syntax=b\nFROM a\n",
        " # syntax=b\nFROM a\n",
        "FROM a\n# syntax=b\n",
        "# syntax=\nFROM a\n",
        "# syntax b\nFROM a\n",
    ],
)
def test_what_is_no_syntax_directive(text):
    assert found(text) == ["a"]


def test_repeated_directive_is_a_problem_and_the_first_counts():
    text = "# syntax=b\n# syntax=c\nFROM a\n"
    assert (found(text), problems(text)) == (["b", "a"], ["c"])


def test_build_argument_replaces_the_frontend():
    (frontend, _) = candidates("# syntax=b\nFROM a\n", BUILDKIT_SYNTAX="c:1 more")
    assert (str(frontend.value), frontend.value.runs[0].path) == ("c:1", "compose.yaml")


def test_built_in_frontend_is_not_pulled():
    assert [str(c.value) for c in candidates("# syntax=b\nFROM a\n", BUILDKIT_SYNTAX="dockerfile.v0")] == [
        "a"
    ]


def test_foreign_frontend_may_have_instructions_of_its_own():
    text = "# syntax=edrevo/dockerfile-plus\nFROM a\nINCLUDE+ b\n"
    assert (found(text), problems(text)) == (["edrevo/dockerfile-plus", "a"], [])
