"""Zuul and Nodepool: the images of pods, and the names that jobs build."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

TOKENS = (
    "providers:\n",
    "- driver: kubernetes\n",
    "  pools:\n",
    "  - labels:\n",
    "    - image: ",
    "a:1\n",
    "{",
    "&a ",
)


def found(text, path="nodepool.yaml"):
    return extracted("zuul", text, path)


def pool(driver, label):
    return f"providers:\n- driver: {driver}\n  pools:\n  - labels:\n    - {{name: x, {label}}}\n"


@pytest.mark.parametrize(
    ("driver", "label", "roles"),
    [
        ("kubernetes", "type: pod, image: 'a/b:1'", [("docker.io/a/b:1", "step")]),
        ("openshift", "type: pod, image: 'a/b:1'", [("docker.io/a/b:1", "step")]),
        ("openshiftpods", "image: 'a/b:1'", [("docker.io/a/b:1", "step")]),
        ("kubernetes", "type: namespace", []),
        ("openstack", "type: pod, image: 'a/b:1'", []),
    ],
)
def test_label(driver, label, roles):
    assert found(pool(driver, label)).roles == roles


@pytest.mark.parametrize("key", ["docker_images", "container_images", "zuul_container_images"])
def test_what_a_job_builds_is_an_output(key):
    text = f"- job:\n    vars:\n      {key}:\n      - context: .\n        repository: a/b\n"
    assert found(text, ".zuul.yaml").outputs == ["docker.io/a/b"]


@pytest.mark.parametrize("repository", ["quay.io/a/b", "a/b"])
def test_registry_stands_before_the_repository_once(repository):
    text = f"- job:\n    vars:\n      container_images: [{{registry: quay.io, repository: {repository}}}]"
    assert found(text, ".zuul.yaml").outputs == ["quay.io/a/b"]


@given(st.lists(st.sampled_from(TOKENS), max_size=30))
def test_any_text_is_read(parts):
    text = "".join(parts)
    assert all(0 <= item.start <= len(text) for item in found(text).items)
