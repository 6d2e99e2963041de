"""Batect: containers with an image, and containers that are built."""

import pytest
from extracted import extracted


def batect(text):
    return extracted("batect", text, "sub/batect.yml")


def test_image_of_a_container():
    assert batect("containers: {a: {image: 'a/b:1'}}\n").roles == [("docker.io/a/b:1", "service")]


def test_image_outside_of_containers_is_none():
    assert batect("tasks: {a: {image: x}}\ncontainers: {}\n").pulled == []


@pytest.mark.parametrize(
    ("written", "value"),
    [("<v", "1"), ("<{v}", "1"), ("${X:-2}", "2"), ("3", "3"), ("a-<{v}", "a-1")],
)
def test_argument_of_a_dockerfile(written, value):
    text = (
        f"config_variables: {{v: {{default: '1'}}}}\n"
        f"containers: {{a: {{build_directory: b, build_args: {{V: '{written}'}}}}}}\n"
    )
    assert batect(text).bindings == [("sub/b/Dockerfile", "dockerfile", {"V": value})]


def test_argument_from_the_environment_is_not_known():
    found = batect("containers: {a: {build_directory: b, build_args: {V: $X}}}\n").bindings
    assert found == [("sub/b/Dockerfile", "dockerfile", {})]
