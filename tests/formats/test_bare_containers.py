"""Containers without an object around them: lists, and texts of ConfigMaps."""

import pytest
from extracted import extracted

CONFIG = "apiVersion: v1\nkind: ConfigMap\ndata:\n  x: |\n"


def listed(text):
    return extracted("kubernetes", text, "sidecars.yaml").pulled


def in_config(text):
    return extracted(
        "kubernetes", CONFIG + "".join(f"    {line}\n" for line in text.splitlines()), "x.yaml"
    ).pulled


SSH = "- name: ssh\n  image: a/ssh:1\n  volumeMounts: [{name: x, mountPath: /x}]\n"


def test_list_of_containers_is_read():
    assert listed(SSH + "- image: nginx\n  imagePullPolicy: Always\n") == [
        "docker.io/a/ssh:1",
        "docker.io/library/nginx",
    ]


@pytest.mark.parametrize(
    "text",
    [
        SSH + "- name: b\n", SSH + "- {name: b, image: b.png}\n", "x: 1\nsidecars:\n" + SSH,
        "- name: volumeMounts\n  image: bare\n", "- imagePullPolicy: x\n  image: 1 2\n",
    ],
)  # fmt: skip
def test_list_of_anything_else_is_not(text):
    assert listed(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "image: a/b:1\nname: plugin\nports: [{containerPort: 1}]\n", "- name: s3\n  image: a/b:1\n",
        "command: [sh]\nimage: a/b:1\n",
    ],
)  # fmt: skip
def test_container_in_a_text_of_an_object_is_read(text):
    assert in_config(text) == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        "image: a/b:1\n",
        "images:\n  a/b:1: {cmd: [x]}\n",
        "name: x\nimage: logo\n",
        "a: {image: 'a/b:1', name: x}\n",
    ],
)
def test_other_text_of_an_object_is_not(text):
    assert in_config(text) == []
