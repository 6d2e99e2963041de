"""Mill: base images and names in the configuration of its Docker plugin."""

import pytest
from extracted import extracted


def found(text):
    return extracted("mill", f"object docker extends DockerConfig {{\n{text}\n}}\n", "build.mill")


@pytest.mark.parametrize(
    "text",
    [
        'def baseImage = "a/b:1"',
        'override def baseImage: T[String] = "a/b:1"',
        'def baseImage = T { "a/b:1" }',
        'def baseImage = Task { s"a/b:$v" }\nval v = "1"',
        'def baseImage = "a/b:" + v\nval v = "1"\n',
    ],
)
def test_base_image(text):
    assert found(text).roles == [("docker.io/a/b:1", "base")]


@pytest.mark.parametrize(
    "value", ['List("a/b:1", "a/b:2")', 'T(Seq("a/b:1", "a/b:2"))', 'Seq("a/b:1", "a/b:2")']
)
def test_names_that_are_built(value):
    assert found(f"def tags = {value}").outputs == ["docker.io/a/b:1", "docker.io/a/b:2"]


def test_value_that_is_computed_is_told():
    assert [text for text, _ in found('def baseImage = s"a/b:${version()}"').unresolved] == [
        "a/b:${version()}"
    ]


def test_other_objects_are_left_alone():
    text = 'object x extends DockerConfig {}\nobject y { def baseImage = "a/b:1" }'
    assert extracted("mill", text, "build.sc").items == ()


def test_definition_may_be_where_the_file_ends():
    text = "object docker extends DockerConfig {\ndef baseImage = T {"
    assert extracted("mill", text, "build.mill").found == []
