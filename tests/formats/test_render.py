"""Render: prebuilt images of services."""

import pytest
from extracted import extracted

SERVICES = "services: [{type: web, image: {url: 'a/b:1'}}]"


@pytest.mark.parametrize(
    "text",
    [f"{SERVICES}\n", f"projects: [{{environments: [{{{SERVICES}}}]}}]\n", f"ungrouped: {{{SERVICES}}}\n"],
)
def test_image_of_a_service(text):
    assert extracted("render", text, "render.yaml").roles == [("docker.io/a/b:1", "workload")]


def test_service_that_is_built_has_no_image():
    text = "services: [{type: web, dockerfilePath: ./Dockerfile, repo: {url: x}}]\n"
    assert extracted("render", text, "render.yaml").pulled == []
