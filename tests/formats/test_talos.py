"""Talos: images of machines and clusters."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st


def found(text):
    return extracted("talos", text, "controlplane.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "machine: {install: {image: 'a/b:1'}}",
        "machine: {install: {extensions: [{image: 'a/b:1'}]}}",
        "machine: {kubelet: {image: 'a/b:1'}}",
        "machine: {pods: [{apiVersion: v1, kind: Pod, spec: {containers: [{image: 'a/b:1'}]}}]}",
        *(f"cluster: {{{part}: {{image: 'a/b:1'}}}}"
          for part in ("apiServer", "controllerManager", "scheduler", "proxy", "etcd", "coreDNS")),
        "input: {baseInstaller: {imageRef: 'a/b:1'}}",
        "input: {systemExtensions: [{imageRef: 'a/b:1'}]}",
        "talosVersion: 1\nnodes: [{talosImageURL: a/b}]",
    ],
)  # fmt: skip
def test_images_of_a_machine(text):
    assert found(text).pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        "machine: {image: 'ubuntu-2204:2024.01.1'}",
        "machine: {registries: {mirrors: {docker.io: {endpoints: ['https://m']}}}}",
        "apiVersion: v1\nkind: X\nmachine: {install: {image: 'a/b:1'}}",
        "cluster: {image: a}",
    ],
)
def test_what_is_no_image_of_a_machine(text):
    assert found(text).found == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("cluster: {inlineManifests: [{name: cilium, contents: 'a'}]}", "cilium.yaml"),
        ("machine: {files: [{path: /var/x.sh, content: 'a'}]}", "x.sh"),
    ],
)
def test_files_that_are_written_in_place(text, name):
    assert [item.name for item in found(text).embedded] == [name]


def test_patches_of_talhelper_are_configurations():
    item = found('controlPlane: {patches: ["machine:\\n  kubelet: {image: a}", "@./patch.yaml"]}')
    assert [each.formats for each in item.embedded] == [("talos",)]


@given(
    st.lists(
        st.sampled_from(
            [
                "machine:\n",
                "cluster:\n",
                "  install:\n",
                "    image: ",
                "a:1",
                "\n",
                "- ",
                "{",
                "'",
                "&a ",
                "*a",
            ]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    for item in found("".join(tokens)).items:
        assert getattr(item, "start", 0) >= 0
