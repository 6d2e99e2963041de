"""Flux: releases, repositories of charts, artifacts, kustomizations and scans, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.flux import extract
from planner.model.source import SourceFile

SOURCE, HELM, KUSTOMIZE = (
    "source.toolkit.fluxcd.io/v1",
    "helm.toolkit.fluxcd.io/v2",
    "kustomize.toolkit.fluxcd.io/v1",
)
CHART = "{chart: {spec: {chart: redis, version: %s, sourceRef: {kind: HelmRepository, name: r}}}}"


def read(*objects, path="clusters/prod/a.yaml", **more):
    return extracted("flux", "\n---\n".join(objects), path, **more)


def of(version, kind, spec, name="r"):
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


REPOSITORY = of(SOURCE, "HelmRepository", "{type: oci, url: 'oci://registry-1.docker.io/bitnamicharts'}")


def test_chart_of_a_release_lies_in_its_repository():
    assert read(REPOSITORY, of(HELM, "HelmRelease", CHART % "19.0.1")).roles == [
        ("docker.io/bitnamicharts/redis:19.0.1", "chart")
    ]


def test_chart_object():
    spec = "{chart: redis, version: 19.0.1, sourceRef: {kind: HelmRepository, name: r}}"
    assert read(REPOSITORY, of(SOURCE, "HelmChart", spec)).pulled == ["docker.io/bitnamicharts/redis:19.0.1"]


@pytest.mark.parametrize("version", ["'>=19.0.0'", "19.x", "19"])
def test_range_of_versions_is_told(version):
    found = read(REPOSITORY, of(HELM, "HelmRelease", CHART % version))
    assert [text for text, _ in found.unresolved] == [
        f"registry-1.docker.io/bitnamicharts/redis:{version.strip(chr(39))}"
    ]


def test_chart_without_a_version_has_no_tag():
    spec = "{chart: {spec: {chart: redis, sourceRef: {kind: HelmRepository, name: r}}}}"
    assert read(REPOSITORY, of(HELM, "HelmRelease", spec)).pulled == ["docker.io/bitnamicharts/redis"]


@pytest.mark.parametrize(
    "repository",
    [
        "",
        of(SOURCE, "HelmRepository", "{url: 'https://charts.example.com'}"),
        of(SOURCE, "GitRepository", "{url: x}"),
    ],
)
def test_chart_from_elsewhere_is_no_image(repository):
    assert read(repository, of(HELM, "HelmRelease", CHART % "1.2.3")).found == []


def test_repository_is_told_to_all_other_files():
    assert read(REPOSITORY).bindings == [
        ("**", "flux", {"HelmRepository r": "oci://registry-1.docker.io/bitnamicharts"})
    ]


def test_chart_lies_in_the_repository_of_another_file():
    given_ = {"HelmRepository r": "oci://ghcr.io/a"}
    assert read(of(HELM, "HelmRelease", CHART % "1.2.3"), **given_).pulled == ["ghcr.io/a/redis:1.2.3"]


@pytest.mark.parametrize(
    ("reference", "artifact"),
    [
        ("{tag: v1}", "docker.io/a/b:v1"),
        (f"{{digest: 'sha256:{'ab' * 32}', tag: v1}}", f"docker.io/a/b@sha256:{'ab' * 32}"),
        ("{}", "docker.io/a/b"),
    ],
)
def test_artifact(reference, artifact):
    spec = f"{{url: 'oci://docker.io/a/b', ref: {reference}}}"
    assert read(of(SOURCE, "OCIRepository", spec)).roles == [(artifact, "chart")]


def test_range_of_an_artifact_is_told():
    spec = "{url: 'oci://docker.io/a/b', ref: {semver: '>= 1.0.0', tag: v1}}"
    assert [text for text, _ in read(of(SOURCE, "OCIRepository", spec)).unresolved] == [
        "docker.io/a/b:>= 1.0.0"
    ]


@pytest.mark.parametrize(
    ("kind", "version", "spec"),
    [
        ("HelmRelease", HELM, "{values: {image: {repository: a/b, tag: '1'}}}"),
        ("HelmRelease", HELM, "{postRenderers: [{kustomize: {images: [{name: x, newName: 'a/b:1'}]}}]}"),
        ("Kustomization", KUSTOMIZE, "{images: [{name: x, newName: a/b, newTag: '1'}]}"),
        ("Kustomization", KUSTOMIZE, "{patches: [{patch: \"kind: X\\nimage: 'a/b:1'\\n\"}]}"),
        ("Kustomization", KUSTOMIZE, "{patchesStrategicMerge: [{kind: X, spec: {image: 'a/b:1'}}]}"),
    ],
)  # fmt: skip
def test_image(kind, version, spec):
    assert read(of(version, kind, spec)).pulled == ["docker.io/a/b:1"]


def test_marker_beside_an_image_changes_nothing():
    text = of(HELM, "HelmRelease", '\n  values:\n    image: a/b:1 # {"$imagepolicy": "flux-system:b"}')
    assert read(text).pulled == ["docker.io/a/b:1"]


def test_scanned_repository_is_told():
    text = of("image.toolkit.fluxcd.io/v1", "ImageRepository", "{image: docker.io/a/b}")
    assert [spelled for spelled, _ in read(text).unresolved] == ["docker.io/a/b"]


def test_default_of_a_substitution():
    version = "'${redis_version:=19.0.1}'"
    assert read(REPOSITORY, of(HELM, "HelmRelease", CHART % version)).pulled == [
        "docker.io/bitnamicharts/redis:19.0.1"
    ]


def test_substitution_reaches_the_manifests_below_the_path():
    text = of(KUSTOMIZE, "Kustomization", "{path: ./apps/prod, postBuild: {substitute: {tag: '2'}}}")
    assert [each for each in read(text).bindings if each[1] == "kubernetes"] == [
        ("apps/prod/**", "kubernetes", {"tag": "2"})
    ]


def test_path_outside_of_the_tree_is_given_nothing():
    text = of(KUSTOMIZE, "Kustomization", "{path: ../apps, postBuild: {substitute: {tag: '2'}}}")
    assert read(text).bindings == []


def test_template_of_a_chart_keeps_its_charts_and_leaves_its_values():
    chart = "{spec: {chart: a, version: 1.2.3, sourceRef: {kind: HelmRepository, name: r}}}"
    spec = f"{{values: {{image: '{{{{ .Values.image }}}}'}}, chart: {chart}}}"
    found = read(REPOSITORY, of(HELM, "HelmRelease", spec), path="chart/templates/r.yaml")
    assert found.roles == [("docker.io/bitnamicharts/a:1.2.3", "chart")]


TOKENS = (
    "apiVersion: source.toolkit.fluxcd.io/v1\n",
    "apiVersion: helm.toolkit.fluxcd.io/v2\n",
    "kind: HelmRepository\n",
    "kind: HelmRelease\n",
    "kind: OCIRepository\n",
    "metadata: {name: r}\n",
    "spec:\n",
    "  url: oci://",
    "  chart: {spec: {chart: x, sourceRef: {kind: HelmRepository, name: r}, version: ",
    "}}",
    "  values: {image: ",
    "  ref: {tag: ",
    "${x:=",
    "}",
    "x",
    "/",
    "\n",
    "---\n",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    for item in extract(SourceFile("a.yaml", text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_hostile_text_is_read_in_a_moment():
    read(REPOSITORY, of(HELM, "HelmRelease", CHART % ("'" + "${x:=" * 50_000 + "'")))
    read("\n---\n".join([REPOSITORY] * 2000))
