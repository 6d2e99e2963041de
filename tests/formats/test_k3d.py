"""k3d: images of clusters and registries."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.inventory import Unresolved
from planner.scan import scan


def found(text):
    return extracted("k3d", f"apiVersion: k3d.io/v1alpha5\nkind: Simple\n{text}\n", "k3d.yaml")


def test_image_of_nodes():
    assert found("image: rancher/k3s:v1.28.8-k3s1").roles == [
        ("docker.io/rancher/k3s:v1.28.8-k3s1", "workload")
    ]


def test_image_of_the_registry():
    assert found("registries: {create: {image: 'registry:2'}}").roles == [
        ("docker.io/library/registry:2", "service")
    ]


@pytest.mark.parametrize("channel", ["+stable", "+v1.28", "latest"])
def test_a_channel_is_told(channel):
    assert [text for text, _ in found(f"image: '{channel}'").unresolved] == [channel]


def test_mirrors_are_no_images():
    assert found("registries: {config: 'mirrors: {docker.io: {endpoint: [https://m]}}'}").occurrences == []


SERVER = (
    "Simple",
    "docker.io/rancher/k3s is pulled, in a version that the installed k3d decides:"
    " set image, or --image beside --config, to move it",
)


@pytest.mark.parametrize(("text", "told"), [("servers: 1", [SERVER]), ("image: a/b:1", [])])
def test_cluster_without_an_image_gets_that_of_k3d(text, told):
    assert found(text).unresolved == told


def test_configuration_of_a_registry_is_no_cluster():
    assert extracted("k3d", "apiVersion: k3d.io/v1alpha5\nkind: Registry\n", "k3d.yaml").found == []


@pytest.mark.parametrize(("option", "told"), [("-i a/b:1", 0), ("--image=a/b:1", 0), ("--agents 3", 1)])
def test_command_that_uses_the_file_may_have_the_image(tmp_path, option, told):
    (tmp_path / "k3d.yaml").write_text("apiVersion: k3d.io/v1alpha5\nkind: Simple\n")
    (tmp_path / "run.sh").write_text(f"k3d cluster create -c k3d.yaml {option}\n")
    reasons = [item.reason for item in scan([tmp_path]).found if isinstance(item, Unresolved)]
    assert reasons == [SERVER[1]] * told


def test_a_file_for_nodes_is_a_file():
    text = 'files: [{source: "a: 1\\nb: 2", destination: /x/pod.yaml}, {source: ./b.yaml, destination: /b}]'
    assert [item.name for item in found(text).embedded] == ["pod.yaml"]


@given(
    st.lists(
        st.sampled_from(
            ["image: ", "+", "a:1", "\n", "  ", "registries:\n", "create:\n", "files:\n", "- ", "{", "'"]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    for item in found("".join(tokens)).items:
        assert getattr(item, "start", 0) >= 0
