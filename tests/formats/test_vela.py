"""Vela: steps, stages, services, plugins of secrets."""

import pytest
from extracted import extracted


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("steps: [{name: a, image: x/y}]\n", "step"),
        ("stages: {a: {steps: [{image: x/y}]}}\n", "step"),
        ("services: [{name: a, image: x/y}]\n", "service"),
        ("secrets: [{name: s}, {origin: {name: a, image: x/y}}]\n", "step"),
    ],
)
def test_place_of_an_image(text, role):
    assert extracted("vela", text, ".vela.yml").roles == [("docker.io/x/y", role)]


def test_template_is_no_step():
    text = "steps: [{name: a, template: {name: t, vars: {image: x}}}]\n"
    assert extracted("vela", text, ".vela.yml").pulled == []


def test_plugin_pushes_to_its_repository():
    text = "steps: [{image: target/vela-kaniko, parameters: {registry: r.example, repo: a/b}}]\n"
    assert extracted("vela", text, ".vela.yml").outputs == ["r.example/a/b"]
