"""Lando: services of several kinds."""

import pytest
from extracted import extracted


def service(fields):
    return extracted("lando", f"recipe: lamp\nservices:\n  x: {{{fields}}}\n", ".lando.yml")


@pytest.mark.parametrize(
    "fields",
    [
        "type: compose, services: {image: 'a/b:1'}",
        "type: 'php:8.3', overrides: {image: 'a/b:1'}",
        "api: 4, image: 'a/b:1'",
    ],
)
def test_image_of_a_service(fields):
    assert service(fields).roles == [("docker.io/a/b:1", "service")]


@pytest.mark.parametrize(
    "fields", ["type: 'mysql:8'", "api: 4, image: ./Dockerfile", "api: 4, image: a/Dockerfile"]
)
def test_what_is_no_image(fields):
    assert service(fields).pulled == []


def test_dockerfile_that_stands_in_the_file():
    found = service('api: 4, image: "FROM a\\nRUN b\\n"').embedded
    assert [str(each.text) for each in found] == ["FROM a\nRUN b\n"]
