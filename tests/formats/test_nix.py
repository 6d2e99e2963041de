"""Nix: images that are pulled for builds, that are built, and that machines run."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

DIGEST = "sha256:" + "0" * 64
TOKENS = (
    "pullImage ",
    "{ ",
    "}",
    "imageName",
    " = ",
    '"a:1"',
    "; ",
    "''",
    "${",
    "let ",
    "in ",
    "containers.x.image",
    "[",
)


def found(text, path="default.nix"):
    return extracted("nix", text, path)


def test_pulled_image_has_tag_and_digest():
    text = f'dockerTools.pullImage {{ imageName = "a/b"; finalImageTag = "1"; imageDigest = "{DIGEST}"; }}'
    assert found(text).roles == [(f"docker.io/a/b:1@{DIGEST}", "base")]


@pytest.mark.parametrize("function", ["buildImage", "buildLayeredImage", "streamLayeredImage"])
def test_built_image_is_an_output(function):
    assert found(f'pkgs.dockerTools.{function} {{ name = "a/b"; tag = "1"; }}').outputs == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        '{ virtualisation.oci-containers.containers.web.image = "a/b:1"; }',
        '{ virtualisation.oci-containers.containers = { web = { image = "a/b:1"; }; }; }',
        '{ virtualisation.oci-containers = { containers."my-web" = { image = "a/b:1"; }; }; }',
        '{ services.web.service.image = "a/b:1"; }',
    ],
)
def test_container_is_a_workload(text):
    assert found(text).roles == [("docker.io/a/b:1", "workload")]


@pytest.mark.parametrize("form", ['"a/b:${version}"', '"a/b:" + version'])
def test_binding_is_filled_in(form):
    text = f'let version = "1"; in {{ virtualisation.oci-containers.containers.web.image = {form}; }}'
    assert found(text).pulled == ["docker.io/a/b:1"]


def test_unknown_option_in_an_image_is_unresolved():
    text = '{ virtualisation.oci-containers.containers.web.image = "a/b:${cfg.tag}"; }'
    assert [spelled for spelled, _ in found(text).unresolved] == ["a/b:${cfg.tag}"]


def test_image_from_a_file_is_not_pulled():
    text = '{ virtualisation.oci-containers.containers.web = { image = "a/b:1"; imageFile = x; }; }'
    assert (found(text).pulled, found(text).outputs) == ([], ["docker.io/a/b:1"])


def test_default_of_an_option_that_is_an_image():
    assert found('{ options.web.image = mkOption { default = "a/b:1"; }; }').pulled == ["docker.io/a/b:1"]


def test_command_in_a_string_is_read():
    assert found("{ script = ''\n  ${pkgs.podman}/bin/podman pull a/b:1\n''; }").pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text", ['{ image = "logo.png"; }', '# image = "a/b:1";', '{ isoImage.isoName = "a.iso"; }']
)
def test_other_images_and_comments_name_nothing(text):
    assert found(text).items == ()


def test_pin_in_a_file_of_its_own_is_pulled():
    text = f'{{ imageName = "a/b"; finalImageTag = "1"; imageDigest = "{DIGEST}"; }}'
    assert found(text).roles == [(f"docker.io/a/b:1@{DIGEST}", "base")]


def test_recursive_set_is_read():
    assert found('dockerTools.buildImage rec { name = "a/b"; tag = "1"; }').outputs == ["docker.io/a/b:1"]


@pytest.mark.parametrize("function", ["lib.mkDefault", "mkForce"])
def test_priority_changes_no_value(function):
    text = f'{{ virtualisation.oci-containers.containers.web.image = {function} "a/b:1"; }}'
    assert found(text).pulled == ["docker.io/a/b:1"]


@given(st.lists(st.sampled_from(TOKENS), max_size=30))
def test_any_text_is_read(parts):
    text = "".join(parts)
    assert all(0 <= item.start <= len(text) for item in found(text).items)
