"""heroku.yml: values for Dockerfiles."""

import pytest
from extracted import extracted


@pytest.mark.parametrize("docker", ["{web: d/Dockerfile}", "{web: {dockerfile: d/Dockerfile, target: x}}"])
def test_values_reach_the_dockerfile(docker):
    text = f"build: {{docker: {docker}, config: {{V: '1'}}}}\n"
    assert extracted("heroku", text, "heroku.yml").bindings == [("d/Dockerfile", "dockerfile", {"V": "1"})]


def test_process_is_no_image():
    text = "build: {docker: {web: Dockerfile}}\nrun: {worker: {image: web}}\n"
    assert extracted("heroku", text, "heroku.yml").found == []
