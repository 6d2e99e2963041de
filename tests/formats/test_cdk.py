"""AWS CDK: the images of containers."""

import pytest
from extracted import extracted


def found(text, path="stack.ts", **given):
    return extracted("cdk", text, path, **given)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "stack.ts",
            'import * as ecs from "aws-cdk-lib/aws-ecs";\necs.ContainerImage.fromRegistry("nginx:1");\n',
        ),
        ("stack.py", 'from aws_cdk import aws_ecs as ecs\necs.ContainerImage.from_registry("nginx:1")\n'),
    ],
)
def test_image_from_a_registry(path, text):
    assert found(text, path).pulled == ["docker.io/library/nginx:1"]


def test_asset_is_built_and_not_pulled():
    text = 'import * as ecs from "aws-cdk-lib/aws-ecs";\necs.ContainerImage.fromAsset("./image");\n'
    assert found(text).pulled == []
