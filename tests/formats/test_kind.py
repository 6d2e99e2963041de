"""kind: images of nodes."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

HEAD = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n"


def found(text):
    return extracted("kind", HEAD + text, "kind.yaml")


def test_image_of_a_node():
    assert found("nodes: [{role: worker, image: 'kindest/node:v1.29.2'}]").roles == [
        ("docker.io/kindest/node:v1.29.2", "workload")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "nodes: [{role: worker}]",
        'containerdConfigPatches: [\'[plugins."x".registry.mirrors."docker.io"]\\nendpoint = ["https://m"]\']',
        "kubeadmConfigPatches: ['imageRepository: registry.example.com/k8s']",
        "nodes: [{kubeadmConfigPatches: ['kind: ClusterConfiguration\\nimageRepository: a.io/b']}]",
    ],
)
def test_what_is_no_image(text):
    assert found(text).found == []


def test_a_template_is_told():
    assert [text for text, _ in found("nodes: [{image: 'kindest/node:${V}'}]").unresolved] == [
        "kindest/node:${V}"
    ]


def test_other_clusters_are_none():
    text = "kind: Cluster\napiVersion: example.com/v1\nnodes: [{image: a}] # kind.x-k8s.io/\n"
    assert extracted("kind", text, "x.yaml").found == []


@given(
    st.lists(
        st.sampled_from(["nodes:\n", "- ", "image: ", "a:1", "\n", "  ", "{", "}", "[", "'", "&a ", "*a"])
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    for item in found("".join(tokens)).items:
        assert item.start >= 0
