"""Variables that reach Compose files from the commands that read them."""

import pytest

from planner.scan import scan

COMPOSE = "services:\n  cache:\n    image: redis:${V}\n"


def found(root, **files):
    (root / "deploy").mkdir()
    (root / "deploy" / "compose.yml").write_text(COMPOSE)
    for name, text in files.items():
        (root / name.replace("__", ".")).write_text(text)
    inventory = scan([root])
    return [str(each.reference) for each in inventory.occurrences], [
        each.text for each in inventory.unresolved
    ]


@pytest.mark.parametrize(
    "script",
    [
        "V=7 docker compose -f deploy/compose.yml up",
        "v=7\nV=$v docker-compose -f deploy/compose.yml up",
        "export V=7\ndocker compose -f deploy/compose.yml up",
        "cd deploy && V=7 podman compose up",
    ],
)
def test_variable_of_the_environment_of_the_command(tmp_path, script):
    assert found(tmp_path, up__sh=script) == (["docker.io/library/redis:7"], [])


def test_variable_that_is_not_exported_does_not_reach_compose(tmp_path):
    assert found(tmp_path, up__sh="V=7\ndocker compose -f deploy/compose.yml up") == ([], ["redis:${V}"])


def test_variable_of_a_recipe(tmp_path):
    text = "V ?= 7\nup:\n\tV=$(V) docker compose -f deploy/compose.yml up\n"
    assert found(tmp_path, Makefile=text) == (["docker.io/library/redis:7"], [])


def test_value_that_is_known_only_when_the_script_runs_is_none(tmp_path):
    assert found(tmp_path, up__sh="V=$1 docker compose -f deploy/compose.yml up") == ([], ["redis:${V}"])


def test_variables_of_a_file_that_an_include_names(tmp_path):
    including = "include:\n  - path: deploy/compose.yml\n    env_file: deploy/redis.env\nservices: {}\n"
    (tmp_path / "compose.yml").write_text(including)
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "compose.yml").write_text(COMPOSE)
    (tmp_path / "deploy" / "redis.env").write_text("V=7\n")
    assert [str(each.reference) for each in scan([tmp_path]).occurrences] == ["docker.io/library/redis:7"]
