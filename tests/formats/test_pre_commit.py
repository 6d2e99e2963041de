"""pre-commit: hooks in images, and hooks that are commands."""

import pytest
from extracted import extracted


def hook(language, entry):
    text = f"repos:\n- repo: local\n  hooks:\n  - id: a\n    language: {language}\n    entry: {entry}\n"
    return extracted("pre_commit", text, ".pre-commit-config.yaml")


@pytest.mark.parametrize(
    "entry",
    [
        "x:1",
        "x:1 lint --fix",
        "--entrypoint /bin/x x:1 -a",
        '"-e A=b x:1"',
        "--network=none --user 0:0 'x:1' y:2",
    ],
)
def test_image_of_a_hook_follows_its_options(entry):
    assert hook("docker_image", entry).roles == [("docker.io/library/x:1", "step")]


@pytest.mark.parametrize("language", ["system", "script", "unsupported"])
def test_command_of_a_hook_is_read(language):
    assert hook(language, "docker run --rm x:1").pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    ("language", "entry"), [("docker", "x:1"), ("python", "x:1"), ("docker_image", "''")]
)
def test_no_image(language, entry):
    assert hook(language, entry).items == ()


def test_hooks_that_a_repository_offers_are_read():
    text = "- id: a\n  language: docker_image\n  entry: x:1\n"
    assert extracted("pre_commit", text, ".pre-commit-hooks.yaml").pulled == ["docker.io/library/x:1"]
