"""Crossplane: packages and what they run."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st


def found(kind, spec, group="pkg.crossplane.io/v1"):
    return extracted("crossplane", f"apiVersion: {group}\nkind: {kind}\nspec: {spec}\n", "x.yaml")


@pytest.mark.parametrize("kind", ["Provider", "Configuration", "Function"])
def test_a_package_with_a_registry(kind):
    assert found(kind, "{package: 'xpkg.upbound.io/a/b:v1'}").roles == [("xpkg.upbound.io/a/b:v1", "chart")]


def test_a_package_without_a_registry_is_told():
    [(text, reason)] = found("Provider", "{package: 'crossplane/provider-aws:v1'}").unresolved
    assert (text, reason.startswith("no registry is named")) == ("crossplane/provider-aws:v1", True)


@pytest.mark.parametrize("key", ["provider", "configuration", "function", "package"])
def test_what_a_package_depends_on(key):
    spec = f"{{dependsOn: [{{{key}: xpkg.upbound.io/a/b, version: v1.2.3}}]}}"
    assert found("Configuration", spec, "meta.pkg.crossplane.io/v1").pulled == ["xpkg.upbound.io/a/b:v1.2.3"]


@pytest.mark.parametrize("version", [">=v1.0.0", "^1.2", "v1.x"])
def test_a_range_is_told(version):
    spec = f"{{dependsOn: [{{provider: xpkg.upbound.io/a/b, version: '{version}'}}]}}"
    [(text, reason)] = found("Configuration", spec, "meta.pkg.crossplane.io/v1").unresolved
    assert (text, reason.startswith(f"version '{version}' is a range")) == ("xpkg.upbound.io/a/b", True)


def test_a_digest_is_a_version():
    digest = "sha256:" + "ab" * 32
    spec = f"{{dependsOn: [{{provider: xpkg.upbound.io/a/b, version: '{digest}'}}]}}"
    assert found("Configuration", spec, "meta.pkg.crossplane.io/v1").pulled == [
        f"xpkg.upbound.io/a/b@{digest}"
    ]


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("ControllerConfig", "{image: 'a/b:1'}"),
        (
            "DeploymentRuntimeConfig",
            "{deploymentTemplate: {spec: {template: {spec: {containers: [{image: 'a/b:1'}]}}}}}",
        ),
    ],
)
def test_what_a_package_is_run_with(kind, spec):
    assert found(kind, spec, "pkg.crossplane.io/v1beta1").roles == [("docker.io/a/b:1", "workload")]


def test_patterns_of_an_image_config_are_no_images():
    spec = "{matchImages: [{type: Prefix, prefix: docker.io/a}]}"
    assert found("ImageConfig", spec, "pkg.crossplane.io/v1beta1").found == []


@given(
    st.lists(
        st.sampled_from(
            ["package: ", "a/b", ":v1", "\n", "  ", "dependsOn:\n", "- provider: x\n", "{", "}", "'"]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    text = "".join(tokens)
    for item in found("Provider", text).items:
        assert item.start >= 0
