"""Bazel: images that rules pull."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

SHA = "sha256:" + "a" * 64


def found(text, path="MODULE.bazel"):
    return extracted("bazel", text, path)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('image = "debian", tag = "12"', "docker.io/library/debian:12"),
        ('image = "debian:12"', "docker.io/library/debian:12"),
        (f'image = "debian:12", digest = "{SHA}"', f"docker.io/library/debian:12@{SHA}"),
        (f'image = "debian", tag = "12", digest = "{SHA}"', f"docker.io/library/debian:12@{SHA}"),
        (f'image = "debian@{SHA}"', f"docker.io/library/debian@{SHA}"),
        ('image = "https://quay.io/a/b", tag = "1"', "quay.io/a/b:1"),
        ('registry = "index.docker.io", repository = "a/b", tag = "1"', "docker.io/a/b:1"),
        ('image = "a/b", tag = "1", digest = None', "docker.io/a/b:1"),
    ],
)
def test_pull_names_an_image_in_one_string_or_in_parts(arguments, expected):
    assert found(f'oci.pull(name = "x", {arguments})').pulled == [expected]


@pytest.mark.parametrize(
    "text",
    [
        'container_pull(registry = "docker.io", repository = "a/b", tag = "1")',
        'native.container_pull(registry = "docker.io", repository = "a/b", tag = "1")',
        '_oci_pull(image = "a/b", tag = "1")',
        'maybe(oci_pull, name = "x", image = "a/b", tag = "1")',
        'load("@rules_oci//oci:pull.bzl", get = "oci_pull")\nget(image = "a/b:1")',
        'o = use_extension("@rules_oci//oci:extensions.bzl", "oci")\no.pull(image = "a/b:1")',
        'A = "a/"\nB = "1"\noci_pull(image = A + "b", tag = B)',
        'oci_pull(image = "a/{}:1".format("b"))',
        'def f(tag = "1"):\n  oci_pull(image = "a/b", tag = tag)',
        'T = {"registry": "docker.io", "repository": "a/b", "tag": "1"}\noci_pull(T)',
    ],
)
def test_rules_by_any_name_and_values_by_constants(text):
    assert found(text, "x.bzl").pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        '# oci.pull(image = "a/b:1")',
        '"""oci.pull(image = "a/b:1")"""',
        "def f(image, tag):\n  oci_pull(image = image, tag = tag)",
        'git.pull(repository = "a/b", tag = "v1")',
        'pull(repository = "a/b", tag = "v1")',
        'oci_image(base = "@debian")',
    ],
)
def test_what_pulls_nothing(text):
    assert not found(text).items


def test_rules_img_pulls_from_docker_hub_unless_told_otherwise():
    text = 'pull = use_repo_rule("@rules_img//img:pull.bzl", "pull")\npull(repository = "a/b", tag = "1")'
    assert found(text).pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('oci_push(image = ":x", repository = "ghcr.io/a/b")', ["ghcr.io/a/b"]),
        ('container_push(registry = "gcr.io", repository = "a", tag = "{V}")', ["gcr.io/a:{V}"]),
        ('oci_load(image = ":x", repo_tags = ["a/b:1", "a/b:2"])', ["docker.io/a/b:1", "docker.io/a/b:2"]),
        (
            'container_bundle(images = {"a/b:1": ":x", "c": "//y"})',
            ["docker.io/a/b:1", "docker.io/library/c"],
        ),
    ],
)
def test_what_is_pushed_or_loaded_is_an_output(text, expected):
    assert found(text, "BUILD").outputs == expected


def test_digest_of_another_file_is_not_known():
    text = 'load(":v.bzl", "DIGEST")\noci_pull(image = "a/b", digest = DIGEST)'
    assert [item[0] for item in found(text, "WORKSPACE").unresolved] == ["a/b@DIGEST"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('platform(exec_properties = {"container-image": "docker://a/b" + ":1"})', "BUILD"),
        ("X = '''properties: {\n name: \"container-image\"\n value: \"docker://a/b:1\"\n}'''", "BUILD"),
        ("build:rbe --remote_default_exec_properties=container-image=docker://a/b:1\n", ".bazelrc"),
        ("build --experimental_docker_image=a/b:1 # c/d:1\n", "ci.bazelrc"),
    ],
)
def test_image_in_which_actions_run(text, path):
    assert found(text, path).roles == [("docker.io/a/b:1", "step")]


PARTS = (
    "oci.pull(", "image = ", '"a/b:1"', ")", "{", "}", ",", "load(", "maybe(", "registries = [", "]", "\n",
    '"container-image": ', "x", "+", '"""', "#", "def f(x):",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS)))
def test_any_text_is_read(parts):
    text = "".join(parts)
    for item in found(text).items:
        assert 0 <= item.start <= len(text)
