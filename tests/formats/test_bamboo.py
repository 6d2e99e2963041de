"""Bamboo: where a plan runs, and what its scripts name."""

import pytest
from extracted import extracted


@pytest.mark.parametrize("docker", ["a/b", "{image: a/b}"])
@pytest.mark.parametrize("text", ["docker: {}\n", "Job:\n  docker: {}\n"])
def test_image_of_a_plan_or_a_job(text, docker):
    assert extracted("bamboo", text.format(docker), "bamboo.yml").roles == [("docker.io/a/b", "step")]


def test_variable_of_the_plan_is_filled_in():
    text = "variables: {jdk: '17'}\ndocker: 'maven:3-jdk-${bamboo.jdk}'\n"
    assert extracted("bamboo", text, "bamboo.yml").pulled == ["docker.io/library/maven:3-jdk-17"]


def test_variable_from_outside_is_not_known():
    text = "docker: 'a:${bamboo.tag}'\n"
    assert [text for text, _ in extracted("bamboo", text, "bamboo.yml").unresolved] == ["a:${bamboo.tag}"]


@pytest.mark.parametrize(
    "script", ["[docker pull redis]", "{scripts: [docker pull redis]}", "docker pull redis"]
)
def test_script_is_read(script):
    text = f"Job: {{tasks: [checkout, {{script: {script}}}]}}\n"
    assert extracted("bamboo", text, "bamboo.yml").pulled == ["docker.io/library/redis"]
