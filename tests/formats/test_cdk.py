"""AWS CDK, cdk8s and CDKTF: the images that constructs are given."""

import pytest
from extracted import extracted


@pytest.mark.parametrize(
    ("path", "text", "role"),
    [
        ("a.ts", "task.addContainer('a', {image: ecs.ContainerImage.fromRegistry('redis:7')})", "workload"),
        ("a.py", 'ecs.ContainerImage.from_registry("redis:" + V)\nV = "7"', "workload"),
        ("A.java", 'ContainerImage.fromRegistry("redis:7")', "workload"),
        ("A.cs", 'ContainerImage.FromRegistry("redis:7")', "workload"),
        ("a.go", 'awsecs.ContainerImage_FromRegistry(jsii.String("redis:7"), nil)', "workload"),
        ("a.ts", "cdk.DockerImage.fromRegistry('redis:7')", "step"),
        ("a.ts", "codebuild.LinuxBuildImage.fromDockerRegistry('redis:7')", "step"),
        (
            "a.ts",
            "new CfnTaskDefinition(this, 'a', {containerDefinitions: [{image: 'redis:7'}]})",
            "workload",
        ),
        ("a.ts", "new kplus.Deployment(this, 'a', {containers: [{image: 'redis:7'}]})", "workload"),
        ("a.ts", "pod.addContainer({image: 'redis:7'})", "workload"),
        ("a.ts", "'@cdktf/provider-docker'; new Image(this, 'a', {name: 'redis:7'})", "workload"),
    ],
)
def test_image_of_a_construct(path, text, role):
    assert extracted("cdk", text, path).roles == [("docker.io/library/redis:7", role)]


@pytest.mark.parametrize(
    "text",
    [
        "task.addContainer('a', {image: ecs.ContainerImage.fromAsset('./a')})",
        "new Image(this, 'a', {name: 'redis:7'})",
        "const label = {image: 'redis:7'}",
        "function f(image: string) { return ecs.ContainerImage.fromRegistry(image); }",
    ],
)
def test_what_is_not_pulled_is_no_image(text):
    found = extracted("cdk", text, "a.ts")
    assert (found.pulled, found.unresolved) == ([], [])
