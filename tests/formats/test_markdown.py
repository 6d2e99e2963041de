"""Documentation: what code in prose names."""

import json

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate

TOKENS = (
    "```",
    "~~~",
    "bash",
    "\n",
    "> ",
    "    ",
    "`",
    "$ ",
    "docker run ",
    "a/b:1",
    "\\\n",
    "FROM ",
    "image: ",
    ".. code::",
)


def found(text, path="README.md"):
    return extracted("markdown", text, path)


def fenced(language, *lines):
    return "\n".join([f"```{language}", *lines, "```", ""])


@pytest.mark.parametrize(
    "text",
    [
        "Run `docker run a/b:1` now.",
        fenced("bash", "docker run a/b:1"),
        fenced("", "docker run a/b:1"),
        fenced("console", "$ docker run \\", ">   a/b:1", "docker run printed:1"),
        "~~~sh\ndocker run a/b:1\n~~~\n",
        "> ```sh\n> docker run a/b:1\n> ```\n",
        "1. Start:\n\n   ```sh\n   docker run a/b:1\n   ```\n",
        "Start:\n\n    docker run a/b:1\n",
        fenced("dockerfile", "FROM a/b:1"),
        fenced("bash", "docker run a/b:1").removesuffix("```\n"),
    ],
)
def test_code_is_documentation(text):
    assert found(text).roles == [("docker.io/a/b:1", "documentation")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.rst", ".. code-block:: bash\n\n   docker run a/b:1\n"),
        ("a.rst", "Start::\n\n   docker run a/b:1\n"),
        ("a.adoc", "[source,bash]\n----\ndocker run a/b:1\n----\n"),
    ],
)
def test_other_languages_of_prose(path, text):
    assert found(text, path).roles == [("docker.io/a/b:1", "documentation")]


@pytest.mark.parametrize(
    ("language", "line", "name"),
    [
        ("yaml", "services:\n  web:\n    image: a/b:1", "compose.yaml"),
        ("yaml", "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: a/b:1}]}", "example.yaml"),
        ("ini", "[Container]\nImage=a/b:1", "example.container"),
        ("hcl", 'resource "docker_image" "x" {\n  name = "a/b:1"\n}', "example.tf"),
    ],
)
def test_block_is_a_file_that_its_content_tells(language, line, name):
    (item,) = found(fenced(language, line)).embedded
    assert (item.name, item.role.value) == (name, "documentation")


@pytest.mark.parametrize(
    "text",
    [
        "The image: a/b:1 is docker run by us. FROM a/b:1 on.",
        "The name is `a/b:1`.",
        fenced("python", "docker run a/b:1"),
        fenced("bash", "docker run <image>:<tag>"),
        fenced("bash", "docker run your-name/your-image:1"),
        fenced("bash", 'docker run "$IMAGE"'),
        fenced("bash", "docker build -t a/b:1 .", "docker run a/b:1"),
    ],
)
def test_prose_placeholders_and_what_is_built_say_nothing(text):
    assert found(text).found == []


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("markdown", "Run `docker run a/b:1`."),
        ("code", ["import os\n", "!docker run a/b:1\n"]),
        ("code", "%%bash\ndocker run a/b:1\n"),
        ("code", ["!docker run --rm -p 80:80 \\\n", "  -e A=b \\\n", "  a/b:1 start"]),
    ],
)
def test_cell_of_a_notebook(kind, source):
    text = json.dumps({"cells": [{"cell_type": kind, "source": source}]})
    assert found(text, "a.ipynb").roles == [("docker.io/a/b:1", "documentation")]


@given(
    st.lists(st.sampled_from(TOKENS), max_size=30), st.sampled_from(["a.md", "a.rst", "a.adoc", "a.ipynb"])
)
def test_any_text_is_read(parts, path):
    text = "".join(parts)
    candidates = [item for item in found(text, path).items if isinstance(item, Candidate)]
    assert all(0 <= item.start <= len(text) for item in candidates)
