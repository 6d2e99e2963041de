"""DDEV: images that a project sets, and hooks."""

import pytest
from extracted import extracted


def ddev(text):
    return extracted("ddev", text, ".ddev/config.yaml")


@pytest.mark.parametrize("key", ["webimage", "dbimage", "dbaimage"])
def test_image_that_is_set(key):
    assert ddev(f"{key}: a/b:1\n").roles == [("docker.io/a/b:1", "service")]


def test_hook_on_the_host_is_read():
    text = "hooks: {post-start: [{exec: docker pull a}, {exec-host: docker pull b}]}\n"
    assert ddev(text).pulled == ["docker.io/library/b"]


def test_type_of_the_database_is_no_image():
    assert ddev("database: {type: mariadb, version: '10.11'}\nwebimage: ''\n").pulled == []
