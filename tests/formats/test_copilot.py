"""AWS Copilot: the image of a service, its sidecars, and arguments of its build."""

import pytest
from extracted import extracted


def found(text, path="copilot/web/manifest.yml", **given):
    return extracted("copilot", text, path, **given)


def test_image_that_is_not_built():
    text = "name: a\ntype: Backend Service\nimage:\n  location: nginx:1\n"
    assert found(text).pulled == ["docker.io/library/nginx:1"]


def test_sidecar():
    text = "name: a\ntype: Backend Service\nsidecars:\n  e: {image: 'envoyproxy/envoy:v1', port: 1}\n"
    assert found(text).pulled == ["docker.io/envoyproxy/envoy:v1"]


def test_arguments_of_the_build_go_to_the_dockerfile():
    text = "name: a\ntype: Backend Service\nimage:\n  build: {dockerfile: api/Dockerfile, args: {V: '1'}}\n"
    assert ("api/Dockerfile", "dockerfile", {"V": "1"}) in found(text).bindings


@pytest.mark.parametrize("text", ["image: nginx\n", "name: a\nimage: {port: 80}\n"])
def test_text_without_an_image(text):
    assert found(text).pulled == []


def test_image_of_more_variables_than_any_reference_is_told():
    text = "name: a\ntype: Backend Service\nimage:\n  location: " + "$a" * 1001 + "\n"
    (item,) = extracted("copilot", text, "copilot/a/manifest.yml").items
    assert item.problem == "longer than any reference"
