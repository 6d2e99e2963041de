"""CasaOS: apps of older stores, and what is run before an app is installed."""

import pytest
from extracted import extracted


def test_image_of_an_app():
    text = '{"title": "x", "icon": "c/d:1", "container": {"image": "a/b:1", "network_model": "bridge"}}'
    assert extracted("casaos", text, "Apps/X/appfile.json").roles == [("docker.io/a/b:1", "workload")]


@pytest.mark.parametrize("key", ["pre-install-cmd", "post-install-cmd"])
def test_commands_around_the_installation_are_read(key):
    text = f"services: {{x: {{image: a/b:1}}}}\nx-casaos:\n  {key}: |\n    docker run --rm c/d:2\n"
    assert extracted("casaos", text, "docker-compose.yml").roles == [("docker.io/c/d:2", "script")]


def test_services_are_left_to_compose():
    text = "services: {x: {image: a/b:1}}\nx-casaos: {main: x, icon: y/z:1}\n"
    assert extracted("casaos", text, "docker-compose.yml").items == ()
