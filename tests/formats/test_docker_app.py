"""Docker App: what its parameters give to its Compose file."""

import pytest
from extracted import extracted

VALUES = "web: {port: 80}\nversion: '1.0'\n"
GIVEN = {"web.port": "80", "version": "1.0"}


@pytest.mark.parametrize("name", ["parameters.yml", "settings.yaml"])
def test_parameters_are_for_the_compose_file_beside_them(name):
    found = extracted("docker_app", VALUES, f"x/a.dockerapp/{name}").bindings
    assert found == [("x/a.dockerapp/", "compose", GIVEN)]


def test_third_document_of_a_single_file_is_for_itself():
    text = f"name: a\n---\nservices: {{}}\n---\n{VALUES}"
    assert extracted("docker_app", text, "a.dockerapp").bindings == [("a.dockerapp", "compose", GIVEN)]


def test_parameter_of_a_section_is_filled_in():
    text = "services: {a: {image: 'x/y:${web.tag}'}}"
    found = extracted("compose", text, "a.dockerapp/docker-compose.yml", **{"web.tag": "1"})
    assert found.pulled == ["docker.io/x/y:1"]


def test_file_without_parameters_gives_nothing():
    assert extracted("docker_app", "name: a\n---\nservices: {}\n", "a.dockerapp").bindings == []
