"""kind: images of nodes."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.inventory import Unresolved
from planner.scan import scan

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
        'containerdConfigPatches: [\'[plugins."x".registry.mirrors."docker.io"]\\nendpoint = ["https://m"]\']',
        "kubeadmConfigPatches: ['imageRepository: registry.example.com/k8s']",
        "nodes: [{kubeadmConfigPatches: ['kind: ClusterConfiguration\\nimageRepository: a.io/b']}]",
    ],
)
def test_what_is_no_image(text):
    assert found(text).occurrences == []


NODE = (
    "Cluster",
    "docker.io/kindest/node is pulled, in a version that the installed kind decides:"
    " set nodes[].image, or --image beside --config, to move it",
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nodes: []",
        "nodes: [{role: worker}]",
        "nodes: [{image: 'a/b:1'}, {role: worker, image: ''}]",
        "networking: {ipFamily: ipv6}",
    ],
)
def test_node_without_an_image_gets_that_of_kind(text):
    assert found(text).unresolved == [NODE]


@pytest.mark.parametrize(
    "text", ["nodes: [{image: 'a/b:1'}]", "nodes: [&n {image: 'a/b:1'}, {<<: *n, role: worker}]"]
)
def test_nodes_that_all_have_an_image_get_that(text):
    assert found(text).unresolved == []


USE = 'kind create cluster --name "$N" --config {}'


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (USE.format("e2e/kind.yaml"), True),
        (USE.format("e2e/kind.yaml --image a/b:1"), False),
        (USE.format("e2e/kind.yaml \\\n  --image=a/b:1"), False),
        (USE.format("e2e/other.yaml --image a/b:1"), True),
        (USE.format('"$CONFIG" --image a/b:1'), False),
        (USE.format("kind.yaml $OPTIONS"), False),
        (USE.format("kind.yaml; run --image a/b:1"), True),
        ("steps: [{uses: helm/kind-action, with:\n    {\n    config: e2e/kind.yaml\n    }}]", True),
        ("with:\n  node_image: a/b:1\n  config: e2e/kind.yaml\n", False),
    ],
)
def test_command_that_uses_the_file_may_have_the_image(tmp_path, script, told):
    (tmp_path / "kind.yaml").write_text(HEAD)
    (tmp_path / "run.sh").write_text(script)
    (tmp_path / "step.yaml").write_text(script)
    reasons = [item.reason for item in scan([tmp_path]).found if isinstance(item, Unresolved)]
    assert [reason for reason in reasons if reason == NODE[1]] == [NODE[1]] * told


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
        assert getattr(item, "start", 0) >= 0
