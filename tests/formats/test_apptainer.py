"""Apptainer: the images that definition files start from."""

import pytest
from extracted import extracted


def found(text, path="a.def", **given):
    return extracted("apptainer", text, path, **given)


def test_image_of_the_header():
    assert found("Bootstrap: docker\nFrom: nginx:1\n").roles == [("docker.io/library/nginx:1", "base")]


def test_registry_and_namespace_stand_before_the_image():
    text = "Bootstrap: docker\nRegistry: quay.io\nNamespace: a\nFrom: b:1\n"
    assert found(text).pulled == ["quay.io/a/b:1"]


def test_every_stage_has_an_image():
    text = "Bootstrap: docker\nFrom: a:1\n%post\n x\nBootstrap: docker\nFrom: b:1\n"
    assert found(text).pulled == ["docker.io/library/a:1", "docker.io/library/b:1"]


@pytest.mark.parametrize("agent", ["localimage", "library", "shub", "oras", "docker-daemon"])
def test_other_sources_are_not_docker(agent):
    assert found(f"Bootstrap: {agent}\nFrom: nginx:1  # docker\n").pulled == []


def test_default_of_an_argument_is_filled_in():
    text = "Bootstrap: docker\nFrom: nginx:{{ V }}\n%arguments\n V=1\n"
    assert found(text).pulled == ["docker.io/library/nginx:1"]
