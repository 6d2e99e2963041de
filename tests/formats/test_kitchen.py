"""Test Kitchen: images of platforms, and those that drivers take by themselves."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._patterns import matcher
from planner.formats.kitchen import FORMAT


def found(text):
    return extracted("kitchen", text, ".kitchen.yml")


@pytest.mark.parametrize(
    "text",
    [
        "driver: {name: docker}\nplatforms: [{name: x, driver: {image: 'a/b:1'}}]",
        "driver_plugin: docker\nplatforms: [{name: x, driver_config: {image: 'a/b:1'}}]",
        "driver: {name: docker, image: 'a/b:1'}\nplatforms: [{name: ubuntu-22.04}]",
        "driver: {name: docker, image: x}\nplatforms: []\nsuites: [{name: s, driver: {image: 'a/b:1'}}]",
        "driver: {name: vagrant}\nplatforms: [{name: x, driver: {name: podman, image: 'a/b:1'}}]",
    ],
)
def test_image_of_a_platform(text):
    assert "docker.io/a/b:1" in found(text).pulled


@pytest.mark.parametrize(
    ("platform", "reference"),
    [("ubuntu-22.04", "docker.io/library/ubuntu:22.04"), ("centos-7.4", "docker.io/library/centos:centos7")],
)
def test_a_platform_names_its_image(platform, reference):
    item = found(f"driver: {{name: docker}}\nplatforms: [{{name: {platform}}}]\n")
    assert item.roles == [(reference, "implicit")]


def test_dokken_takes_chef_from_an_image():
    assert found("driver: {name: dokken}\n").roles == [("docker.io/chef/chef:latest", "implicit")]


@pytest.mark.parametrize(
    ("settings", "reference"),
    [
        ("chef_version: 17", "docker.io/chef/chef:17"),
        ("chef_image: cincproject/cinc, chef_version: stable", "docker.io/cincproject/cinc:latest"),
    ],
)
def test_the_image_of_chef_can_be_set(settings, reference):
    assert found(f"driver: {{name: dokken, {settings}}}\n").pulled == [reference]


@pytest.mark.parametrize(
    ("written", "reference"),
    [
        ("<%= ENV['X'] || 'a:1' %>", "a:1"),
        ("<%= ENV.fetch('X', 'a:1') %>", "a:1"),
        ("a:<%= ENV['X'] || '1' %>", "a:1"),
    ],
)
def test_defaults_in_ruby(written, reference):
    text = f"driver: {{name: docker}}\nplatforms:\n- name: x\n  driver:\n    image: {written}\n"
    assert found(text).pulled == [f"docker.io/library/{reference}"]


def test_ruby_is_told():
    text = "driver: {name: docker}\nplatforms:\n- name: x\n  driver:\n    image: <%= ENV['X'] %>\n"
    assert [text for text, _ in found(text).unresolved] == ["<%= ENV['X'] %>"]


def test_virtual_machines_have_disks():
    assert (
        found("driver: {name: vagrant}\nplatforms: [{name: ubuntu-22.04, driver: {image: a}}]\n").found == []
    )


@pytest.mark.parametrize(
    "path", [".kitchen.yml", "kitchen.yml", "kitchen.dokken.yml", ".kitchen.docker.yaml"]
)
def test_names_of_files(path):
    assert matcher(FORMAT.patterns).search(path)


_TOKENS = [
    "driver: ",
    "{name: dokken",
    ", chef_version: ",
    "<%= ",
    "ENV['X']",
    " || 'a'",
    " %>",
    "}",
    "\n",
    "platforms: [",
    "]",
]


@given(st.lists(st.sampled_from(_TOKENS), max_size=25))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    text = "".join(tokens)
    for item in found(text).items:
        assert 0 <= item.start <= len(text)
