"""Prow: jobs and what decorates them."""

import pytest
from extracted import extracted

SPEC = "{name: j, spec: {containers: [{image: a/b}]}}"


@pytest.mark.parametrize(
    "text",
    [
        f"presubmits: {{o/r: [{SPEC}]}}\n",
        f"presubmits: [{SPEC}]\n",
        f"postsubmits: {{o/r: [{SPEC}]}}\n",
        f"periodics: [{SPEC}]\n",
        "periodics: [{spec: {initContainers: [{image: a/b}]}}]\n",
    ],
)
def test_container_of_a_job(text):
    assert extracted("prow", text, "config/jobs/x.yaml").roles == [("docker.io/a/b", "step")]


def test_utilities_are_images():
    text = "plank: {default_decoration_configs: {'*': {utility_images: {sidecar: 'gcr.io/p/s:1'}}}}\n"
    assert extracted("prow", text, "config.yaml").pulled == ["gcr.io/p/s:1"]


def test_script_of_a_container_is_read():
    text = "periodics: [{spec: {containers: [{image: a/b, command: [sh, -c], args: [docker run redis]}]}}]\n"
    assert extracted("prow", text, "x.yaml").pulled == ["docker.io/a/b", "docker.io/library/redis"]


def test_destination_of_kaniko_is_pushed():
    text = "periodics: [{spec: {containers: [{image: k/e, args: ['--destination=a/b:1']}]}}]\n"
    assert extracted("prow", text, "x.yaml").outputs == ["docker.io/a/b:1"]


def test_containers_outside_of_jobs_are_others():
    text = "spec: {containers: [{image: a}]}\nnote: presubmits\n"
    assert extracted("prow", text, "x.yaml").pulled == []
