"""Buddy: actions with an image and its tag."""

from extracted import extracted


def action(fields):
    return extracted("buddy", f"- pipeline: p\n  actions:\n  - {{{fields}}}\n", "buddy.yml")


def test_image_and_tag_stand_apart():
    found = action("type: BUILD, docker_image_name: library/node, docker_image_tag: 20")
    assert found.roles == [("docker.io/library/node:20", "step")]


def test_registry_stands_before_the_name():
    found = action("type: BUILD, registry: 'https://r.example', docker_image_name: a/b, docker_image_tag: x")
    assert found.pulled == ["r.example/a/b:x"]


def test_image_that_an_action_builds_is_pushed():
    assert action("type: DOCKERFILE, docker_image_name: a/b, docker_image_tag: x").outputs == [
        "docker.io/a/b:x"
    ]


def test_commands_are_read():
    found = action("type: BUILD, execute_commands: [docker pull redis]")
    assert found.pulled == ["docker.io/library/redis"]


def test_variable_of_the_pipeline_is_filled_in():
    text = (
        "- variables: [{key: V, value: '3'}]\n  actions: [{docker_image_name: a/b, docker_image_tag: $V}]\n"
    )
    assert extracted("buddy", text, "buddy.yml").pulled == ["docker.io/a/b:3"]
