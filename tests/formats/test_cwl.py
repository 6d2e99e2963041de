"""CWL: what a tool pulls and builds."""

import pytest
from extracted import extracted


def found(text, path="a.cwl", **given):
    return extracted("cwl", text, path, **given)


def tool(requirement):
    head = "cwlVersion: v1.2\nclass: CommandLineTool\n"
    return f"{head}requirements:\n  DockerRequirement:\n    {requirement}\n"


def test_image_that_is_pulled():
    assert found(tool("dockerPull: nginx:1")).roles == [("docker.io/library/nginx:1", "step")]


def test_image_that_is_built_is_an_output():
    assert found(tool("{dockerImageId: a/b, dockerFile: 'FROM x'}")).outputs == ["docker.io/a/b"]


def test_dockerfile_inside_is_read_as_one():
    (inner,) = found(tool("dockerImageId: a/b\n    dockerFile: |\n      FROM x\n      RUN y")).embedded
    assert (str(inner.text).splitlines()[0], inner.formats) == ("FROM x", ("dockerfile",))


@pytest.mark.parametrize("requirement", ["dockerLoad: x.tar", "dockerOutputDirectory: /out"])
def test_other_requirements_name_nothing(requirement):
    assert found(tool(requirement)).pulled == []
