"""CloudFormation: images of tasks, jobs and functions, with parameters filled in."""

import pytest
from extracted import extracted


def found(text, path="template.yaml", **given):
    return extracted("cloudformation", text, path, **given)


def task(image, more=""):
    return (
        f"{more}Resources:\n  T:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n"
        f"      ContainerDefinitions:\n        - {{Name: a, Image: {image}}}\n"
    )


PARAMETERS = "Parameters:\n  Tag: {Type: String, Default: '1'}\n  Free: {Type: String}\n"


@pytest.mark.parametrize(
    "image",
    ["nginx:1", '!Sub "nginx:${Tag}"', '{"Fn::Sub": "nginx:${Tag}"}', '!Join [":", [nginx, !Ref Tag]]'],
)
def test_image_is_what_the_functions_make_of_it(image):
    assert found(task(image, PARAMETERS)).pulled == ["docker.io/library/nginx:1"]


def test_parameter_without_default_is_told_by_name():
    ((_, reason),) = found(task('!Sub "nginx:${Free}"', PARAMETERS)).unresolved
    assert "Free" in reason


def test_image_of_the_service_itself_is_none():
    properties = "{Environment: {Image: aws/codebuild/standard:7.0}}"
    text = f"Resources:\n  B:\n    Type: AWS::CodeBuild::Project\n    Properties: {properties}\n"
    assert found(text).pulled == []


def test_image_of_a_machine_is_none():
    text = "Resources:\n  I:\n    Type: AWS::EC2::Instance\n    Properties: {ImageId: ami-1}\n"
    assert found(text).found == []
