"""Elastic Beanstalk: the images of Dockerrun.aws.json."""

import pytest
from extracted import extracted


def found(text, path="Dockerrun.aws.json", **given):
    return extracted("elastic_beanstalk", text, path, **given)


@pytest.mark.parametrize(
    "text",
    [
        '{"AWSEBDockerrunVersion": "1", "Image": {"Name": "nginx:1"}}',
        '{"AWSEBDockerrunVersion": 2, "containerDefinitions": [{"image": "nginx:1"}]}',
    ],
)
def test_both_versions_are_read(text):
    assert found(text).pulled == ["docker.io/library/nginx:1"]


def test_file_without_an_image_names_nothing():
    assert found('{"AWSEBDockerrunVersion": "1", "Logging": "/var/log"}').found == []
