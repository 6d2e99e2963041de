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


def test_object_of_attributes_is_a_guess():
    attributes = 'object {\n cpu: 1,\n docker: "nginx:1"\n }'
    text = f"task a {{\n RuntimeAttr d = {attributes}\n runtime {{ docker: d.docker }}\n}}\n"
    assert [(str(each.reference), each.confidence.value) for each in found(text).occurrences] == [
        ("docker.io/library/nginx:1", "heuristic")
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pipelines/test_inputs/a.json", '{"A.gatk_docker": "a/gatk:1"}'),
        ("a.options.json", '{"default_runtime_attributes": {"docker": "a/gatk:1"}}'),
    ],
)
def test_image_of_a_run_is_read(path, text):
    assert found(text, path).pulled == ["docker.io/a/gatk:1"]
