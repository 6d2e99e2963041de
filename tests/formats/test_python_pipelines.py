"""Frameworks of pipelines in Python: Prefect, Flyte, Metaflow, Modal."""

import pytest
from extracted import extracted


def found(text, path="flow.py", **given):
    return extracted("python_pipelines", text, path, **given)


@pytest.mark.parametrize(
    "text",
    [
        'from flytekit import ImageSpec\nImageSpec(base_image="nginx:1")\n',
        'from metaflow import kubernetes, step\n@kubernetes(image="nginx:1")\n@step\ndef a(self): pass\n',
        'import modal\nimage = modal.Image.from_registry("nginx:1")\n',
    ],
)
def test_image_of_a_step(text):
    assert found(text).pulled == ["docker.io/library/nginx:1"]


def test_comment_names_nothing():
    assert found('import modal\n# modal.Image.from_registry("nginx:1")\n').pulled == []
