"""CapRover: definitions and one-click apps."""

import pytest
from extracted import extracted


def captain(text, path="captain-definition"):
    return extracted("captain_definition", text, path)


def test_image_that_is_deployed():
    found = captain('{"schemaVersion": 2, "imageName": "a/b:1"}')
    assert found.roles == [("docker.io/a/b:1", "workload")]


@pytest.mark.parametrize(
    ("template", "image"),
    [("node/20", "node:20-alpine"), ("php/8.3", "php:8.3-apache"), ("python-django/3", "python:3-alpine")],
)
def test_template_stands_for_an_image(template, image):
    found = captain(f'{{"schemaVersion": 2, "templateId": "{template}"}}')
    assert found.roles == [(f"docker.io/library/{image}", "implicit")]


def test_lines_are_a_dockerfile():
    found = captain('{"schemaVersion": 2, "dockerfileLines": ["FROM a", "RUN b"]}').embedded
    assert [(str(each.text), each.formats) for each in found] == [("FROM a\nRUN b\n", ("dockerfile",))]


def test_variable_of_a_one_click_app_has_its_default():
    text = (
        "captainVersion: 4\nservices: {$$cap_appname: {image: 'a/b:$$cap_v'}}\n"
        "caproverOneClickApp: {variables: [{id: $$cap_v, defaultValue: '3'}]}\n"
    )
    assert captain(text, "apps/x.yml").pulled == ["docker.io/a/b:3"]


def test_manifest_of_something_else_is_passed_over():
    assert captain('{"schemaversion": 2, "imageName": "a/b:1"}', "x.json").pulled == []
