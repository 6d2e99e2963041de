"""Lefthook: commands of hooks."""

import pytest
from extracted import extracted


def found(text):
    return extracted("lefthook", text, "lefthook.yml")


@pytest.mark.parametrize(
    "text",
    [
        "pre-commit: {commands: {a: {run: docker run x:1}}}",
        "pre-push: {jobs: [{name: a, run: docker run x:1}]}",
        "pre-push: {jobs: [{group: {jobs: [{run: docker run x:1}]}}]}",
        "pre-push: {scripts: {a.sh: {runner: docker run x:1}}}",
    ],
)
def test_image_of_a_command(text):
    assert found(text).pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    "text", ["pre-commit: {commands: {a: {glob: docker run x}}}", "skip_output: [docker]"]
)
def test_no_image(text):
    assert found(text).items == ()


def test_script_that_stands_in_many_places_by_an_alias_is_read_once():
    jobs = "pre-commit: {commands: {a: {run: &r 'docker run x:1'}, b: {run: *r}, c: {run: *r}}}"
    assert found(jobs).pulled == ["docker.io/library/x:1"]
