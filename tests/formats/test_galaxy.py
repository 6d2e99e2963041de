"""Galaxy: containers of tools."""

import pytest
from extracted import extracted


def found(text, path="tools/a.xml", **given):
    return extracted("galaxy", text, path, **given)


def tool(container):
    return f"<tool id='a'>\n <requirements>\n  {container}\n </requirements>\n</tool>\n"


def test_container_of_a_tool():
    assert found(tool('<container type="docker">nginx:1</container>')).pulled == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize(
    "container",
    [
        '<container type="singularity">library://a</container>',
        '<!-- <container type="docker">a</container>-->',
    ],
)
def test_what_is_no_image(container):
    assert found(tool(container)).pulled == []
