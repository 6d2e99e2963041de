"""mise: commands of tasks."""

import pytest
from extracted import extracted


def found(text):
    return extracted("mise", text, "mise.toml")


@pytest.mark.parametrize(
    "text",
    [
        '[tasks]\na = "docker run x:1"\n',
        '[tasks.a]\nrun = "docker run x:1"\n',
        '[tasks.a]\nrun = ["ls", "docker run x:1"]\n',
        '[tasks."a:b"]\nrun = """\ndocker run \\\n  x:1\n"""\n',
        "[env]\nI = 'x:1'\n[tasks.a]\nrun = 'docker run $I'\n",
        '[hooks]\nenter = "docker pull x:1"\n',
    ],
)
def test_image_of_a_task(text):
    assert found(text).pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    "text",
    [
        '[tasks.a]\ndescription = "docker run x"\n',
        '[settings]\nrun = "docker run x"\n',
        '[tools]\ndocker = "1"\n',
    ],
)
def test_no_image(text):
    assert found(text).items == ()
