"""tox: commands, substitutions, and the containers of tox-docker."""

import pytest
from extracted import extracted


def found(text, path="tox.ini"):
    return extracted("tox", text, path)


@pytest.mark.parametrize(
    "text",
    [
        "[testenv]\ncommands = docker run x:1\n",
        "[testenv:a]\ncommands_pre =\n    # why\n    -docker run x:1\n",
        "[testenv]\ncommands =\n  docker run \\\n    x:1\n",
        "[testenv]\ncommands =\n  unix: docker run x:1\n",
        "[testenv]\ncommands =\n  docker run x:{env:V:1}\n",
        "[testenv]\ncommands =\n  docker run {[v]i}\n[v]\ni = x:1\n",
        "[testenv]\ncommands =\n  docker run {posargs:x:1}\n",
        "[docker:db]\nimage = x:1\n[testenv]\ndocker = db\n",
    ],
)
def test_image(text):
    assert found(text).pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    "text",
    [
        "[testenv]\ndeps = docker\ncommands = pytest x:1\n",
        "[testenv]\ndescription = docker run x\n",
        "[docker:db]\ndockerfile = x\n",
        "[testenv]\ncommands =\n  ; docker run x\n",
    ],
)
def test_no_image(text):
    assert found(text).items == ()


def test_container_of_the_plug_in_is_for_tests():
    assert found("[docker:db]\nimage = x:1\n").roles == [("docker.io/library/x:1", "test")]


def test_text_in_pyproject_is_read():
    text = '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\ncommands = docker run x:1\n"""\n'
    assert found(text, "pyproject.toml").pulled == ["docker.io/library/x:1"]


def test_what_is_not_known_says_why():
    ((text, reason),) = found("[testenv]\ncommands = docker run {env:I}\n").unresolved
    assert (text, "I is not set in tox.ini" in reason) == ("{env:I}", True)


def test_reading_very_many_blanks_ends():
    found("docker" + " " * 300_000)
