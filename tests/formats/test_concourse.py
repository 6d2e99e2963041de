"""Concourse: resource types, resources, tasks and variables."""

import pytest
from extracted import extracted


def concourse(text):
    return extracted("concourse", text, "ci/pipeline.yml")


def resource(source, jobs="[]"):
    return concourse(f"resources: [{{name: r, type: registry-image, source: {{{source}}}}}]\njobs: {jobs}\n")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("repository: a/b", "docker.io/a/b"),
        ("repository: a/b, tag: 1.10", "docker.io/a/b:1.10"),
        ("repository: r.example/a, tag: '2'", "r.example/a:2"),
        (
            "repository: a, aws_region: eu-west-1, aws_account_id: '12'",
            "12.dkr.ecr.eu-west-1.amazonaws.com/a",
        ),
    ],
)
def test_image_is_put_together(source, expected):
    assert resource(source).pulled == [expected]


def test_registry_of_an_account_that_is_not_told_is_not_known():
    assert resource("repository: a/b, aws_region: eu-west-1").pulled == []


@pytest.mark.parametrize("put", ["put: r", "put: other, resource: r"])
def test_resource_that_is_put_is_built_here(put):
    found = resource("repository: a/b", f"[{{plan: [{{get: r}}, {{{put}}}]}}]")
    assert (found.pulled, found.outputs) == ([], ["docker.io/a/b"])


def test_resource_of_another_type_is_no_image():
    assert concourse("resources: [{name: r, type: git, source: {repository: a/b}}]\n").pulled == []


def test_resource_of_a_type_that_brings_images_is_one():
    text = (
        "resource_types: [{name: t, type: registry-image, source: {repository: x/registry-image-resource}}]\n"
        "resources: [{name: r, type: t, source: {repository: a/b}}]\n"
    )
    assert concourse(text).pulled == ["docker.io/x/registry-image-resource", "docker.io/a/b"]


def test_version_pins_the_image_of_a_task():
    digest = "sha256:" + "a" * 64
    source = "type: registry-image, source: {repository: a/b}"
    text = f"image_resource: {{{source}, version: {{digest: '{digest}'}}}}\n"
    assert concourse(text).pulled == [f"docker.io/a/b@{digest}"]


def test_variable_of_across_has_every_value():
    text = (
        "jobs: [{plan: [{across: [{var: v, values: ['1', '2']}], task: t, config: {image_resource: "
        "{type: registry-image, source: {repository: a/b, tag: ((.:v))}}}}]}]\n"
    )
    assert concourse(text).pulled == ["docker.io/a/b:1", "docker.io/a/b:2"]


def test_variable_of_the_pipeline_is_not_known():
    assert [text for text, _ in resource("repository: ((name)), tag: '1'").unresolved] == ["((name)):1"]


@pytest.mark.parametrize("option", ["-c", "-ec", "-ceu"])
def test_script_of_a_task_is_read(option):
    text = (
        "image_resource: {source: {repository: a/b}}\n"
        f"run: {{path: sh, args: [{option}, docker pull redis]}}\n"
    )
    assert concourse(text).pulled == ["docker.io/a/b", "docker.io/library/redis"]


@pytest.mark.parametrize("context", ["src/web", "."])
def test_path_of_a_build_begins_with_an_input(context):
    text = (
        "image_resource: {source: {repository: concourse/oci-build-task}}\n"
        f"params: {{CONTEXT: {context}, DOCKERFILE: src/web/D, BUILD_ARG_V: '1'}}\n"
    )
    assert concourse(text).bindings == [("web/D", "dockerfile", {"V": "1"})]


# Pipelines that set others


def test_variables_go_to_the_pipeline_that_is_set():
    text = """
jobs:
- name: set
  plan:
  - set_pipeline: web
    file: ci/pipelines/web.yml
    vars: {image: a/b, tag: 1.2, secret: ((secret)), many: [c]}
    instance_vars: {branch: main}
# image_resource repository
"""
    assert concourse(text).bindings == [
        ("pipelines/web.yml", "concourse", {"image": "a/b", "tag": "1.2", "branch": "main"})
    ]


@pytest.mark.parametrize("file", ["web.yml", "ci/((name)).yml"])
def test_pipeline_that_is_not_known_is_given_nothing(file):
    text = f"jobs:\n- plan:\n  - {{set_pipeline: web, file: {file}, vars: {{image: a/b}}}}\n"
    assert concourse(text).bindings == []


def test_variables_of_a_pipeline_that_another_sets():
    source = "{repository: ((image)), tag: ((tag))}"
    text = f"resources: [{{name: r, type: registry-image, source: {source}}}]\njobs: []\n"
    read = extracted("concourse", text, "ci/pipeline.yml", image="a/b", tag="1.2")
    assert (read.pulled, read.unresolved) == (["docker.io/a/b:1.2"], [])
