"""CodeBuild: what the commands of a buildspec pull."""

import pytest
from extracted import extracted


def found(text, path="buildspec.yml", **given):
    return extracted("codebuild", text, path, **given)


def spec(*commands, more=""):
    lines = "".join(f"      - {command}\n" for command in commands)
    return f"version: 0.2\n{more}phases:\n  build:\n    commands:\n{lines}"


def test_command_that_pulls():
    assert found(spec("docker pull nginx:1")).roles == [("docker.io/library/nginx:1", "script")]


def test_variable_of_the_file_is_filled_in():
    more = "env:\n  variables:\n    V: '1'\n"
    assert found(spec("docker run nginx:$V", more=more)).pulled == ["docker.io/library/nginx:1"]


def test_name_that_is_built_is_an_output():
    assert found(spec("docker build -t acme/web .")).outputs == ["docker.io/acme/web"]


@pytest.mark.parametrize("command", ["echo docker pull nginx", "docker logs web", "make image"])
def test_command_that_pulls_nothing(command):
    assert found(spec(command)).pulled == []
