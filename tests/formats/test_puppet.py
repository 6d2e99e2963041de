"""Puppet: the images of resources, and of the data that modules look up."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

TOKENS = (
    "docker::image ",
    "docker::run ",
    "{ ",
    "'a'",
    ": ",
    "image",
    " => ",
    "$x",
    " = ",
    '"${x}:1"',
    ",",
    ";",
    "}",
)


def found(text, path="manifests/init.pp"):
    return extracted("puppet", text, path)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("docker::image { 'nginx': }", [("docker.io/library/nginx", "script")]),
        ("docker::image { 'nginx': image_tag => '1' }", [("docker.io/library/nginx:1", "script")]),
        ("docker::image { 'web': image => 'a/b:1' }", [("docker.io/a/b:1", "script")]),
        ("::docker::run { 'web': image => 'a/b:1' }", [("docker.io/a/b:1", "workload")]),
        ("podman::container { 'web': image => 'a/b:1' }", [("docker.io/a/b:1", "workload")]),
        ("docker::run { 'web': command => 'nginx' }", []),
        ("docker::image { 'nginx': ensure => absent }", []),
        ("# docker::image { 'nginx': }", []),
        ("include docker::image", []),
    ],
)
def test_resource(text, roles):
    assert found(text).roles == roles


def test_every_title_is_an_image():
    text = "docker::image { ['a/b', 'a/c']: image_tag => '1' }"
    assert found(text).pulled == ["docker.io/a/b:1", "docker.io/a/c:1"]


def test_resources_of_a_block_end_with_semicolons():
    text = "docker::image { default: ensure => latest; 'a/b': image_tag => '1'; 'a/c': ; }"
    assert found(text).pulled == ["docker.io/a/b:1", "docker.io/a/c"]


def test_digest_wins_over_the_tag():
    digest = "sha256:" + "0" * 64
    text = f"docker::image {{ 'a/b': image_tag => '1', image_digest => '{digest}' }}"
    assert found(text).pulled == [f"docker.io/a/b@{digest}"]


def test_variables_of_variables_are_filled_in():
    text = "class x(String $v = '1') { $i = \"a/b:${v}\"\n docker::run { 'x': image => $i } }"
    assert found(text).pulled == ["docker.io/a/b:1"]


def test_parameter_without_a_default_is_unresolved():
    text = "class x(String $v) { docker::run { 'x': image => \"a/b:${v}\" } }"
    assert [spelled for spelled, _ in found(text).unresolved] == ["a/b:${v}"]


def test_what_is_built_is_an_output():
    assert found("docker::image { 'a/b': docker_dir => '/x' }").outputs == ["docker.io/a/b"]


@pytest.mark.parametrize(
    ("text", "pulled"),
    [
        ("docker::images:\n  nginx:\n    image_tag: '1'\n", ["docker.io/library/nginx:1"]),
        ("docker::run_instance::instance:\n  web:\n    image: a/b:1\n", ["docker.io/a/b:1"]),
        ("docker::version: '26'\nother::x:\n  web:\n    image: a/b:1\n", []),
    ],
)
def test_data(text, pulled):
    assert found(text, "data/common.yaml").pulled == pulled


@given(st.lists(st.sampled_from(TOKENS), max_size=30), st.sampled_from(["a.pp", "data/a.yaml"]))
def test_any_text_is_read(parts, path):
    text = "".join(parts)
    assert all(0 <= item.start <= len(text) for item in found(text, path).items)
