"""The hook of .pre-commit-hooks.yaml, as pre-commit itself installs and runs it."""

import subprocess
import sys

import pytest
from borrowed import copied, environment
from repository import committed, git, write

SETTINGS = '[target]\nproject = "acme"\nrepository = "hub"\n'
HOOKS = "repos:\n  - repo: {path}\n    rev: {revision}\n    hooks:\n      - id: hub2ar\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A place in which the hook is installed once."""
    return tmp_path_factory.mktemp("hook")


@pytest.fixture(scope="module")
def hooks(place):
    """The repository of the hook, and its commit."""
    folder = copied(place / "hub2ar")
    return folder, committed(folder)


@pytest.fixture
def tree(hooks, tmp_path):
    path, revision = hooks
    config = {".pre-commit-config.yaml": HOOKS.format(path=path, revision=revision), "hub2ar.toml": SETTINGS}
    compose = "services:\n  a:\n    image: ${IMAGE}\n"
    committed(
        tmp_path,
        **config,
        Dockerfile="FROM nginx\n",
        **{".env": "IMAGE=ghcr.io/a/b:1\n", "compose.yaml": compose},
    )
    return tmp_path


@pytest.fixture
def precommit(tree, place):
    def run(*arguments):
        command = [sys.executable, "-m", "pre_commit", "run", "--color=never", *arguments]
        done = subprocess.run(
            command, cwd=tree, env=environment(place), capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_commit_of_a_file_that_names_docker_hub_fails_with_what_to_write(tree, precommit):
    write(tree, web__Dockerfile="FROM alpine:3\n")
    git(tree, "add", "-A")
    code, said = precommit()
    assert code == 1, said
    assert "- exit code: 10\n" in said
    assert (
        "web/Dockerfile:1:6: error: docker.io/library/alpine:3 comes from Docker Hub;"
        " write us-docker.pkg.dev/acme/hub/library/alpine:3 [docker-hub]\n"
    ) in said
    assert "nginx" not in said  # its file does not change


def test_value_that_another_file_uses_counts_where_it_is_changed(tree, precommit):
    write(tree, **{".env": "IMAGE=redis:7\n"})
    git(tree, "add", "-A")
    code, said = precommit()
    assert code == 1, said
    assert "compose.yaml:3:12: error: docker.io/library/redis:7 comes from Docker Hub" in said


def test_commit_of_anything_else_passes(tree, precommit):
    write(tree, **{"README.md": "`docker run nginx`\n", "--help": "FROM nginx\n", "a b.txt": "x\n"})
    write(tree, web__Dockerfile="FROM us-docker.pkg.dev/acme/hub/library/alpine:3\n")
    git(tree, "add", "-A")
    code, said = precommit()
    assert (code, "Passed" in said) == (0, True), said
