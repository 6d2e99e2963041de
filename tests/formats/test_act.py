"""act and runners: images behind labels."""

import pytest
from extracted import extracted


@pytest.mark.parametrize(
    "text",
    [
        "-P ubuntu-latest=a/b:1\n",
        "--platform ubuntu-latest=a/b:1\n",
        "--bind\n  -P  x=a/b:1  \n",
        "-P=x=a/b:1\n",
    ],
)
def test_image_of_a_platform(text):
    assert extracted("act", text, ".actrc").roles == [("docker.io/a/b:1", "step")]


@pytest.mark.parametrize("text", ["-P x=-self-hosted\n", "# -P x=a/b\n", "--container-options -P\n"])
def test_what_is_no_image(text):
    assert extracted("act", text, ".actrc").pulled == []


@pytest.mark.parametrize(
    "text", ["runner: {labels: ['x:docker://a/b:1', 'y:host']}\n", '{"labels": ["x:docker://a/b:1"]}']
)
def test_image_of_a_label(text):
    assert extracted("act", text, "config.yaml").roles == [("docker.io/a/b:1", "step")]
