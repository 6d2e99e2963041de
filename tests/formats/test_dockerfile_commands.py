"""Commands of a Dockerfile: what building and running the image pulls, and files in here-documents."""

import pytest
from extracted import extracted


def found(text, path="Dockerfile", **given):
    return extracted("dockerfile_commands", text, path, **given)


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nRUN docker pull x:1",
        "FROM a\nRUN --mount=type=cache,target=/c \\\n # why\n skopeo copy \\\n docker://x:1 oci:x",
        'FROM a\nRUN ["docker", "pull", "x:1"]',
        'FROM a\nCMD ["docker", "run", "x:1"]',
        "FROM a\nENTRYPOINT exec docker run x:1",
        "FROM a\nHEALTHCHECK --interval=5s CMD docker run x:1",
        "FROM a\nONBUILD RUN crane export x:1 -",
        "FROM a\nRUN <<EOF\ndocker pull x:1\nEOF",
        "FROM a\nRUN <<EOF\n#!/bin/bash -e\ndocker pull x:1\nEOF",
        "FROM a\nRUN <<-EOF bash\n\tdocker pull x:1\n\tEOF",
        "FROM a\nRUN cat > y <<EOF && docker pull x:1\nnothing\nEOF",
        "# escape=`\nFROM a\nRUN docker `\n  pull x:1",
    ],
)
def test_command_names_an_image(text):
    assert found(text).roles == [("docker.io/library/x:1", "script")]


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\n# RUN docker pull x",
        'FROM a\nLABEL usage="docker run x"',
        "FROM a\nRUN apt-get install -y docker docker.io",
        'FROM a\nRUN echo "docker run x"',
        "FROM a\nRUN <<EOF\n#!/usr/bin/env python3\ndocker pull x\nEOF",
        "FROM a\nHEALTHCHECK NONE",
        "FROM a\nCOPY <<EOF /src/Dockerfile\nFROM x\nEOF",
        "FROM a\nRUN cat > Dockerfile <<EOF\nFROM x\nEOF",
    ],
)
def test_no_image(text):
    assert found(text).items == ()


@pytest.mark.parametrize(
    "setting",
    ["ARG V=1", "ENV V=1", 'ENV U=2 V="1"', "ENV V 1", "ARG V=2\nENV V=1"],
)
def test_settings_of_the_file_are_known(setting):
    assert found(f"FROM a\n{setting}\nRUN docker pull x:$V").pulled == ["docker.io/library/x:1"]


def test_argument_that_another_file_gives_takes_the_place_of_its_default():
    assert found("FROM a\nARG V=1\nRUN docker pull x:$V", V="2").pulled == ["docker.io/library/x:2"]


def test_setting_with_a_command_in_it_runs_nothing():
    assert found("FROM a\nENV V=$(docker run x) W=`docker run y` Z=;docker\nRUN docker version").items == ()


def test_here_document_that_is_copied_is_the_file_of_its_name():
    (file,) = found("FROM a\nCOPY --chmod=644 <<EOF /etc/app/compose.yml\nimage: x\nEOF").items
    assert (file.name, str(file.text)) == ("compose.yml", "image: x\n")


def test_another_kind_of_file_has_no_commands():
    assert found("# Dockerfiles\n\nRUN docker pull x", "Dockerfile.md").items == ()


def test_image_that_a_command_builds_is_an_output():
    assert found("FROM a\nCMD docker build -t x . && docker run x").outputs == ["docker.io/library/x"]
