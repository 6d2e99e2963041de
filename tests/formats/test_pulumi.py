"""Pulumi: the images of containers in five languages."""

import pytest
from extracted import extracted


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("index.ts", 'new k8s.core.v1.Pod("a", {spec: {containers: [{name: "a", image: "redis:7"}]}})'),
        ("index.ts", 'const c = { containers: [{ image: `redis:${v}` }] }; const v = "7"'),
        ("index.ts", 'new awsx.ecs.Service("a", {taskDefinitionArgs: {container: {image: "redis:7"}}})'),
        ("index.ts", 'x({containerDefinitions: JSON.stringify([{image: "redis:7"}])})'),
        ("index.ts", 'new docker.RemoteImage("a", {name: "redis:7"})'),
        ("index.ts", 'new docker.Container("a", {image: "redis:7"})'),
        ("index.ts", 'f({values: {image: {repository: "redis", tag: "7"}}})'),
        ("__main__.py", 'ContainerArgs(name="a", image="redis:7")'),
        ("__main__.py", 'PodSpecArgs(containers=[{"name": "a", "image": "redis:7"}])'),
        ("main.go", 'corev1.ContainerArgs{Image: pulumi.String("redis:7")}'),
        (
            "main.go",
            'docker.NewRemoteImage(ctx, "a", &docker.RemoteImageArgs{Name: pulumi.String("redis:7")})',
        ),
        ("Stack.cs", 'new ContainerArgs { Image = "redis:7" }'),
    ],
)
def test_image_of_a_container(path, text):
    assert extracted("pulumi", text, path).roles == [("docker.io/library/redis:7", "workload")]


@pytest.mark.parametrize(
    "text",
    [
        'new gcp.compute.Instance("a", {bootDisk: {initializeParams: {image: "debian-cloud/debian-12"}}})',
        'new hcloud.Server("a", {image: "ubuntu-22.04"})',
        'const labels = {image: "redis:7"}',
        "x({containers: [{image: app.imageName}]})",
        'x({containers: [{image: build("redis:7")}]})',
    ],
)
def test_what_is_no_container_has_no_image(text):
    found = extracted("pulumi", text, "index.ts")
    assert (found.pulled, found.unresolved) == ([], [])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("index.ts", 'new docker.Image("a", {imageName: "ghcr.io/a/b:1", build: "."})'),
        ("__main__.py", 'docker.Image("a", image_name="ghcr.io/a/b:1")'),
    ],
)
def test_image_that_is_built_is_an_output(path, text):
    assert extracted("pulumi", text, path).outputs == ["ghcr.io/a/b:1"]


def test_part_that_is_not_known_is_told():
    text = "x({containers: [{image: pulumi.interpolate`redis:${version}`}]})"
    assert [each for each, _ in extracted("pulumi", text, "index.ts").unresolved] == ["redis:${version}"]
