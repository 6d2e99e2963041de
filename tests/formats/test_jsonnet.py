"""Jsonnet: fields that hold images."""

import pytest
from extracted import extracted


def found(text, path="a.libsonnet", **given):
    return extracted("jsonnet", text, path, **given)


@pytest.mark.parametrize("text", ["{ image: 'nginx:1' }\n", '{ image:: "nginx:1" }\n'])
def test_field_that_is_called_image(text):
    assert found(text).pulled == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize("text", ["// image: 'nginx:1'\n", "{ imagePullPolicy: 'Always' }\n"])
def test_other_texts_name_nothing(text):
    assert found(text).pulled == []
