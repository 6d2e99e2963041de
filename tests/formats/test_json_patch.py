"""JSON patches in files of their own."""

import pytest
from extracted import extracted


def patch(text, path="patch.yaml"):
    return extracted("json_patch", text, path)


@pytest.mark.parametrize(
    "text",
    [
        "- {op: replace, path: /spec/containers/0/image, value: 'a/b:1'}",
        "- {op: add, path: /spec/containers/-, value: {name: x, image: 'a/b:1'}}",
        "- {op: add, path: /stages/0/tests, value: [{image: 'a/b:1', entrypoint: [x]}]}",
        '[{"op": "replace", "path": "/spec/baseImage", "value": "a/b:1"}]',
    ],
)
def test_image_that_a_patch_puts_in(text):
    assert patch(text).roles == [("docker.io/a/b:1", "workload")]


@pytest.mark.parametrize(
    "text",
    [
        "- {op: test, path: /spec/containers/0/image, value: 'a/b:1'}",
        "- {op: remove, path: /spec/containers/0/image}",
        "- {op: add, path: /metadata/labels/x, value: 'a/b:1'}",
        "- {op: replace, path: spec/image, value: 'a/b:1'}",
        "{op: replace, path: /spec/image, value: 'a/b:1'}",
        "- {path: /spec/image, value: 'a/b:1'}",
    ],
)
def test_other_lists_and_operations_put_nothing_in(text):
    assert patch(text).found == []


def test_variable_is_told():
    ((text, _),) = patch("- {op: replace, path: /spec/image, value: 'a/b:${TAG}'}").unresolved
    assert text == "a/b:${TAG}"
