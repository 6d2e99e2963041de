"""GoCD: tasks of pipelines, and agents of a server."""

import pytest
from extracted import extracted


@pytest.mark.parametrize(
    "task",
    [
        "exec: {command: docker, arguments: [run, --rm, 'a/b:1']}",
        "exec: {command: sh, arguments: [-c, 'docker run --rm a/b:1']}",
        "script: docker run --rm a/b:1",
        "exec: {command: /usr/bin/docker, arguments: [pull, 'a/b:1']}",
    ],
)
def test_task_that_names_an_image(task):
    found = extracted("gocd", f"pipelines: {{p: {{tasks: [{{{task}}}]}}}}\n", "p.gocd.yaml")
    assert found.roles == [("docker.io/a/b:1", "script")]


def test_agent_of_a_server():
    text = "<property><key>Image</key>\n<value>a/b:1</value></property><key>Other</key><value>c/d:1</value>"
    assert extracted("gocd", text, "cruise-config.xml").pulled == ["docker.io/a/b:1"]


def test_comment_of_a_server_is_passed_over():
    text = "<!-- <key>Image</key><value>a/b:1</value> -->"
    assert extracted("gocd", text, "cruise-config.xml").pulled == []
