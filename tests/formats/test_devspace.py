"""DevSpace: variables, development containers, values of charts."""

import pytest
from extracted import extracted


def devspace(text):
    return extracted("devspace", text, "devspace.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "dev: {x: {devImage: 'a/b:1'}}\n",
        "dev: {x: {containers: {y: {devImage: 'a/b:1'}}}}\n",
        "dev: {replacePods: [{replaceImage: 'a/b:1'}]}\n",
        "deployments: {x: {helm: {values: {containers: [{image: 'a/b:1'}]}}}}\n",
        "deployments: [{name: x, helm: {values: {image: {repository: a/b, tag: '1'}}}}]\n",
        "profiles: [{name: p, merge: {dev: {x: {devImage: 'a/b:1'}}}}]\n",
    ],
)
def test_place_of_an_image(text):
    assert devspace(text).roles == [("docker.io/a/b:1", "workload")]


@pytest.mark.parametrize("variables", ["{V: '3'}", "{V: {default: '3'}}", "[{name: V, value: '3'}]"])
def test_variable_is_filled_in(variables):
    assert devspace(f"vars: {variables}\ndev: {{x: {{devImage: 'a:${{V}}'}}}}\n").pulled == [
        "docker.io/library/a:3"
    ]


def test_image_that_is_built_is_an_output():
    found = devspace("images: {x: {image: a/b}}\ndev: {x: {imageSelector: a/b}}\n")
    assert (found.pulled, found.outputs) == ([], ["docker.io/a/b"])


def test_name_of_a_built_image_is_passed_over():
    text = "deployments: {x: {helm: {values: {containers: [{image: '${runtime.images.x}'}]}}}}\n"
    assert devspace(text).items == ()


def test_arguments_reach_the_dockerfile():
    text = "images: {x: {image: a, dockerfile: d/D, buildArgs: {V: '1'}}}\n"
    assert devspace(text).bindings == [("d/D", "dockerfile", {"V": "1"})]


def test_script_of_a_pipeline_is_read():
    assert devspace("pipelines: {p: docker pull redis}\n").pulled == ["docker.io/library/redis"]
