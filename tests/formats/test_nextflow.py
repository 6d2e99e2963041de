"""Nextflow: containers of processes and of configurations."""

import pytest
from extracted import extracted


def found(text, path="main.nf", **given):
    return extracted("nextflow", text, path, **given)


@pytest.mark.parametrize(
    "text",
    [
        "process A {\n container 'nginx:1'\n}\n",
        'process A {\n container "nginx:1"\n}\n',
        "process.container = 'nginx:1'\n",
        "process {\n withName: A {\n container = 'nginx:1'\n }\n}\n",
    ],
)
def test_container(text):
    assert found(text).pulled == ["docker.io/library/nginx:1"]


def test_both_branches_count_and_a_download_is_none():
    text = "process A {\n container \"${ x ? 'https://h/a:1' : 'quay.io/a/b:1' }\"\n}\n"
    assert found(text).pulled == ["quay.io/a/b:1"]


@pytest.mark.parametrize("text", ["// container 'nginx:1'\n", "manifest { name = 'a/b' }\n"])
def test_text_that_names_no_container(text):
    assert found(text).pulled == []


def test_parameter_is_filled_in():
    text = "params.version = '1'\nprocess { container = \"nginx:${params.version}\" }\n"
    assert found(text, "nextflow.config").pulled == ["docker.io/library/nginx:1"]


def test_parameter_of_any_name_that_holds_an_image_is_filled_in():
    text = "params { bwa = 'a/bwa:0.7' }\nprocess { container = params.bwa }\n"
    assert found(text, "nextflow.config").pulled == ["docker.io/a/bwa:0.7"]


@pytest.mark.parametrize("text", ["container {\n", "container:\n", "a=", "{container: "])
def test_reading_a_hostile_text_ends(text):
    found("container\n" + text * (100_000 // len(text)))  # one whose time grows with the square never ends
