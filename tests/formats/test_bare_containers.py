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
        "command: [sh]\nimage: a/b:1\n", "image: a/b:1\n", "a: {image: 'a/b:1', name: x}\n",
    ],
)  # fmt: skip
def test_container_or_setting_in_a_text_of_an_object_is_read(text):
    assert in_config(text) == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        "images:\n  a/b:1: {cmd: [x]}\n",
        "name: x\nimage: logo\n",
        "image: a/b\n",
        "a: {image: 'b.png', name: x}\n",
    ],
)
def test_other_text_of_an_object_is_not(text):
    assert in_config(text) == []


POD = "metadata: {labels: {a: b}}\nspec:\n  containers:\n  - {name: jnlp}\n  - {name: db, image: 'redis:7'}\n"


def test_pod_without_a_kind_is_read():
    assert listed(POD) == ["docker.io/library/redis:7"]


def test_patch_of_what_makes_pods_is_read():
    text = "spec:\n  template:\n    spec:\n      initContainers:\n      - {name: a, image: b/c:1}\n"
    assert listed(text) == ["docker.io/b/c:1"]


@pytest.mark.parametrize(
    "text",
    [
        "spec:\n  containers:\n  - {image: 'redis:7'}\n",
        "spec:\n  containers:\n  - {name: logo, image: logo.png}\n",
        "kind: Other\nspec:\n  containers:\n  - {name: db, image: 'redis:7'}\n",
    ],
)
def test_what_is_no_pod_is_not_read(text):
    assert listed(text) == []
