"""Fly.io: the `[build]` section."""

import pytest
from extracted import extracted


def fly(text):
    return extracted("fly", text, "app/fly.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[build]\nimage = "a/b:1"\n', [("docker.io/a/b:1", "workload")]),
        ("[build]\nbuilder = 'a/b:1' # or c\n", [("docker.io/a/b:1", "base")]),
        ('build.image = "a/b:1"\n', [("docker.io/a/b:1", "workload")]),
        ('[build]\nbuildpacks = ["gcr.io/a/b", "a/registered"]\n', [("gcr.io/a/b", "base")]),
        ('[env]\nimage = "a/b:1"\n', []),
        ('image = "a/b:1"\n[build]\n', []),
    ],
)
def test_place_of_an_image(text, expected):
    assert fly(text).roles == expected


def test_arguments_reach_the_dockerfile():
    text = '[build]\ndockerfile = "D"\n[build.args]\nV = "1"\n'
    assert fly(text).bindings == [("app/D", "dockerfile", {"V": "1"})]
