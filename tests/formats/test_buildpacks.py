"""Buildpacks: projects, builders, packages."""

import pytest
from extracted import extracted


def buildpacks(text):
    return extracted("buildpacks", text, "project.toml").pulled


@pytest.mark.parametrize(
    "text",
    [
        '[io.buildpacks]\nbuilder = "a/b:1"\n',
        '[io.buildpacks]\nbuilder = "docker://a/b:1"\n',
        '[build]\nbuilder = "a/b:1"\n',
        '[stack]\nrun-image = "a/b:1"\n',
        '[stack]\nrun-image-mirrors = ["a/b:1"]\n',
        '[[run.images]]\nimage = "a/b:1"\n',
        '[[buildpacks]]\nuri = "docker://a/b:1"\n',
        '[[dependencies]]\nuri = "docker://a/b:1"\n',
    ],
)
def test_place_of_an_image(text):
    assert buildpacks(text) == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("docker://a/b", ["docker.io/a/b"]),
        ("gcr.io/a/b/c", ["gcr.io/a/b/c"]),
        ("a/b:1", ["docker.io/a/b:1"]),
        ("a/b", []),
        ("a/b@1.2.3", []),
        ("urn:cnb:registry:a/b", []),
        ("from=builder:a/b", []),
        ("./a/b", []),
        ("https://x.example/a/b.cnb", []),
        ("out/a/b.cnb", []),
    ],
)
def test_buildpack_that_is_an_image(uri, expected):
    assert buildpacks(f'[[io.buildpacks.group]]\nuri = "{uri}"\n') == expected


def test_other_tables_are_passed_over():
    assert buildpacks('[project]\nbuilder = "a/b"\n[[io.buildpacks.build.env]]\nvalue = "c/d:1"\n') == []
