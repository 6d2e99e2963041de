"""Programs that drive Docker through its libraries."""

import pytest
from extracted import extracted


def found(text, path="run.py", **given):
    return extracted("docker_sdk", text, path, **given)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "run.py",
            'import docker\nclient = docker.from_env()\nclient.containers.run("nginx:1", detach=True)\n',
        ),
        ("run.py", 'import docker\nclient.images.pull("nginx", tag="1")\n'),
        ("A.java", 'import com.github.dockerjava.api.X;\nclient.pullImageCmd("nginx:1").exec(r);\n'),
    ],
)
def test_image_that_is_run_or_pulled(path, text):
    assert found(text, path).pulled == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize(
    "text", ['import docker\n# client.containers.run("nginx:1")\n', 'print("containers.run")\n']
)
def test_other_texts_name_nothing(text):
    assert found(text).found == []
