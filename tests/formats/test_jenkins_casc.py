"""Jenkins Configuration as Code: clouds, their agents, jobs."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

TOKENS = (
    "jenkins:\n",
    "  clouds:\n", "  - docker:\n", "      templates:\n", "      - image: a\n", "  - kubernetes:\n",
    "        yaml: |\n",
    "          spec: {containers: [{image: a}]}\n", "${", "}", "jobs:\n", "- script: |\n",
    "   x\n", "\t", "{", "]",
)  # fmt: skip


def casc(text):
    return extracted("jenkins_casc", text, "jenkins.yaml")


def cloud(kind, settings):
    return f"jenkins:\n  clouds:\n  - {kind}:\n      templates:\n      - {settings}\n"


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("docker", "dockerTemplateBase: {image: 'a/b:1'}"),
        ("kubernetes", "containers: [{name: x, image: 'a/b:1'}]"),
        ("kubernetes", "yaml: |\n          spec:\n            containers:\n            - image: a/b:1"),
        ("kubernetes", "yamls: ['{spec: {initContainers: [{image: \"a/b:1\"}]}}']"),
        ("ecs", "image: a/b:1"),
        ("docker", "dockerTemplateBase: {image: 'a/b:${V:-1}'}"),
    ],
)
def test_image_of_an_agent(kind, settings):
    assert casc(cloud(kind, settings)).roles == [("docker.io/a/b:1", "step")]


def test_variable_of_the_controller_is_not_known():
    found = casc(cloud("docker", "dockerTemplateBase: {image: 'a/b:${V}'}"))
    assert [text for text, _ in found.unresolved] == ["a/b:${V}"]


def test_script_of_a_job_is_read_as_groovy():
    found = casc("jobs:\n- script: |\n    job('x') { }\n")
    assert [item.formats for item in found.embedded] == [("jenkinsfile",)]


def test_configuration_in_the_values_of_a_chart():
    found = casc("controller:\n  JCasC:\n    configScripts:\n      a: |\n        jenkins: {clouds: []}\n")
    assert [item.formats for item in found.embedded] == [("jenkins_casc",)]


@pytest.mark.parametrize(
    "text", ["clouds:\n- docker: {templates: [{image: a}]}\n", "jobs:\n- script: x\nstages: []\n"]
)
def test_files_of_others_are_left_to_them(text):
    assert casc(text).items == ()


@given(st.lists(st.sampled_from(TOKENS), max_size=25).map("".join))
def test_any_text_can_be_read(text):
    assert all(0 <= item.start <= len(text) for item in casc(text).items if hasattr(item, "start"))
