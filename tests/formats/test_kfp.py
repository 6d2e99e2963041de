"""Kubeflow Pipelines: the images of components."""

import pytest
from extracted import extracted


def found(text, path="pipeline.py", **given):
    return extracted("kfp", text, path, **given)


@pytest.mark.parametrize(
    "text",
    [
        'from kfp import dsl\n@dsl.component(base_image="nginx:1")\ndef a(): pass\n',
        "from kfp import dsl\n"
        '@dsl.container_component\ndef a():\n    return dsl.ContainerSpec(image="nginx:1")\n',
    ],
)
def test_image_of_a_component(text):
    assert found(text).pulled == ["docker.io/library/nginx:1"]


def test_comment_names_nothing():
    assert found('from kfp import dsl\n# @dsl.component(base_image="nginx:1")\n').pulled == []
