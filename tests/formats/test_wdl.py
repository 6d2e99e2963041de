"""WDL: the image a task runs in."""

import pytest
from extracted import extracted


def found(text, path="a.wdl", **given):
    return extracted("wdl", text, path, **given)


def task(runtime, inputs=""):
    return f"version 1.0\ntask a {{\n input {{\n{inputs}\n }}\n runtime {{\n  {runtime}\n }}\n}}\n"


@pytest.mark.parametrize("key", ["docker", "container"])
def test_literal(key):
    assert found(task(f'{key}: "nginx:1"')).pulled == ["docker.io/library/nginx:1"]


def test_default_of_an_input_is_filled_in():
    text = task('docker: "nginx:~{v}"', '  String v = "1"')
    assert found(text).pulled == ["docker.io/library/nginx:1"]


def test_comment_names_nothing():
    assert found(task('# docker: "nginx:1"')).pulled == []


def test_key_without_a_value_takes_none_from_the_next():
    text = 'task a {\n  runtime {\n    container:\n    docker: "ubuntu:22.04"\n  }\n}\n'
    assert found(text).pulled == ["docker.io/library/ubuntu:22.04"]
