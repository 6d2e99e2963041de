"""Okteto: development containers, deploys, builds."""

import pytest
from extracted import extracted


def okteto(text):
    return extracted("okteto", text, "okteto.yml")


@pytest.mark.parametrize(
    "text",
    [
        "name: x\nimage: 'a/b:1'\n",
        "dev: {x: {image: 'a/b:1'}}\n",
        "dev: {x: {services: [{image: 'a/b:1'}]}}\n",
        "deploy: {image: 'a/b:1', commands: [ls]}\n",
        "test: {x: {image: 'a/b:1'}}\n",
        "dev: {x: {image: 'a/b:${V:-1}'}}\n",
    ],
)
def test_place_of_an_image(text):
    assert okteto(text).roles == [("docker.io/a/b:1", "workload")]


def test_image_of_a_build_is_an_output():
    assert okteto("build: {x: {image: r.example/x}}\n").outputs == ["r.example/x"]


def test_name_of_a_built_image_is_passed_over():
    assert okteto("dev: {x: {image: '${OKTETO_BUILD_X_IMAGE}'}}\n").items == ()


@pytest.mark.parametrize("arguments", ["{V: '1'}", "[V=1]"])
def test_arguments_reach_the_dockerfile_of_the_context(arguments):
    text = f"build: {{x: {{context: api, dockerfile: D, args: {arguments}}}}}\n"
    assert okteto(text).bindings == [("api/D", "dockerfile", {"V": "1"})]


@pytest.mark.parametrize(
    "deploy", ["[docker pull redis]", "{commands: [{name: n, command: docker pull redis}]}"]
)
def test_commands_are_read(deploy):
    assert okteto(f"deploy: {deploy}\n").pulled == ["docker.io/library/redis"]
