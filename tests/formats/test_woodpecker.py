"""Woodpecker: steps by list or by name, and the matrix."""

import pytest
from extracted import extracted


def woodpecker(text, path=".woodpecker/test.yml"):
    return extracted("woodpecker", text, path)


@pytest.mark.parametrize("section", ["steps", "pipeline", "clone"])
def test_steps_stand_in_a_list_or_by_name(section):
    expected = ["docker.io/library/a"]
    assert woodpecker(f"{section}: {{x: {{image: a}}}}\n").pulled == expected
    assert woodpecker(f"{section}: [{{name: x, image: a}}]\n").pulled == expected


def test_lists_of_a_matrix_are_combined():
    text = "matrix: {A: [x, y], B: ['1', '2']}\nsteps: [{image: '${A}:${B}'}]\n"
    expected = {f"docker.io/library/{name}:{tag}" for name in "xy" for tag in "12"}
    assert set(woodpecker(text).pulled) == expected


def test_jobs_that_a_matrix_includes_are_not_combined():
    text = "matrix: {include: [{A: x, B: '1'}, {A: y, B: '2'}]}\nsteps: [{image: '${A}:${B}'}]\n"
    assert woodpecker(text).pulled == ["docker.io/library/x:1", "docker.io/library/y:2"]


def test_anchor_is_read_where_it_is_used():
    text = "variables:\n  - &go golang:1.23\nsteps:\n  t:\n    image: *go\n"
    assert woodpecker(text).occurrences[0].line == 2


def test_several_repositories_are_pushed():
    text = "steps: [{image: woodpeckerci/plugin-docker-buildx, settings: {repo: 'a/b,ghcr.io/a/b'}}]\n"
    assert woodpecker(text).outputs == ["docker.io/a/b", "ghcr.io/a/b"]


def test_dockerfile_lies_below_the_folder_of_the_repository():
    text = "steps: [{image: x/docker, settings: {dockerfile: a/D, build_args: {V: '1'}}}]\n"
    path = "sub/.woodpecker/deep/build.yml"
    assert woodpecker(text, path).bindings == [("sub/a/D", "dockerfile", {"V": "1"})]
