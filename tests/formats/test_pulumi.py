"""Pulumi: images that programs run."""

import pytest
from extracted import extracted


def found(text, path="index.ts", **given):
    return extracted("pulumi", text, path, **given)


def test_remote_image():
    text = 'import * as docker from "@pulumi/docker";\nnew docker.RemoteImage("a", { name: "nginx:1" });\n'
    assert found(text).pulled == ["docker.io/library/nginx:1"]


def test_container_of_a_pod():
    text = (
        'import * as k8s from "@pulumi/kubernetes";\n'
        'new k8s.core.v1.Pod("a", { spec: { containers: [{ name: "a", image: "nginx:1" }] } });\n'
    )
    assert found(text).pulled == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize(
    "line", ['// new docker.RemoteImage("a", { name: "nginx:1" })', 'const name = "nginx:1";']
)
def test_other_texts_name_nothing(line):
    assert found(f'import * as docker from "@pulumi/docker"; // image\n{line}\n').pulled == []
