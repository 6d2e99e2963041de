"""Unit files: commands, their variables, and lines that go on."""

import pytest
from extracted import extracted


def found(text):
    return extracted("systemd", text, "web.service")


@pytest.mark.parametrize(
    "setting",
    [
        "ExecStart=/usr/bin/docker run --rm x:1",
        "ExecStartPre=-/usr/bin/docker pull x:1",
        "ExecStopPost=+podman run x:1",
        "ExecStart=/usr/bin/docker run \\\n  # a comment\n  --rm \\\n  x:1 a",
        "ExecStart=/bin/sh -c 'docker run x:1'",
        "ExecStart=@/usr/bin/docker docker run x:1",
        "ExecReload = /usr/bin/docker pull x:1",
        "Environment=V=1\nExecStart=/usr/bin/docker run x:${V}",
        'Environment="A=--rm -it" V=1\nExecStart=/usr/bin/docker run $A x:$V',
        "ExecStart=/usr/bin/docker run --name %n x:1",
    ],
)
def test_image_of_a_command(setting):
    assert found(f"[Unit]\nDescription=x\n[Service]\n{setting}\n").pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    "text",
    [
        "[Service]\nExecStart=/usr/bin/docker exec x ls\n",
        "[Service]\n#ExecStart=/usr/bin/docker run x\n; ExecStart=/usr/bin/docker run x\n",
        "[D-BUS Service]\nExec=/usr/bin/docker run x\n",
        "[Unit]\nDescription=docker run x\n",
    ],
)
def test_no_image(text):
    assert found(text).items == ()


@pytest.mark.parametrize(
    ("value", "word"),
    [("x:%i", "%i is filled in when systemd loads"), ("x:$V", "V is not set in web.service")],
)
def test_what_is_not_known_says_why(value, word):
    ((spelled, reason),) = found(f"[Service]\nExecStart=/usr/bin/docker run {value}\n").unresolved
    assert spelled == value
    assert word in reason
