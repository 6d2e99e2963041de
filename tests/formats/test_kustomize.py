"""Kustomizations, one fact a test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import NOTHING, Candidate
from planner.formats._patterns import matcher
from planner.formats.kustomize import FORMAT, extract
from planner.model.inventory import Role
from planner.model.source import SourceFile

DIGEST = f"sha256:{'ab' * 32}"


def candidates(text: str) -> list[Candidate]:
    return [
        item
        for item in extract(SourceFile("kustomization.yaml", text), NOTHING)
        if isinstance(item, Candidate)
    ]


def found(text: str) -> list[str]:
    return [str(item.value) for item in candidates(text) if not item.problem]


def problems(text: str) -> dict[str, str]:
    return {item.spelled: item.problem for item in candidates(text) if item.problem}


def places(text: str) -> list[tuple[str, int]]:
    [candidate] = candidates(text)
    return [(run.text, run.start) for run in candidate.value.runs if run.start >= 0]


@pytest.mark.parametrize(
    ("entry", "reference"),
    [
        ("name: nginx, newTag: '1.27'", "nginx:1.27"),
        ("name: nginx, newTag: 1.10", "nginx:1.10"),
        ("name: app, newName: a/b, newTag: v1", "a/b:v1"),
        (f"name: app, newName: a/b, digest: '{DIGEST}'", f"a/b@{DIGEST}"),
        (f"name: app, newName: a/b, newTag: '1@{DIGEST}'", f"a/b:1@{DIGEST}"),
        (f"name: app, newName: a/b, newTag: '1', digest: '{DIGEST}'", f"a/b@{DIGEST}"),
    ],
)
def test_what_is_put_in_place_of_a_name(entry, reference):
    assert found(f"images: [{{{entry}}}]\n") == [reference]


def test_a_name_alone_replaces_nothing():
    assert candidates("images: [{name: nginx}]\n") == []


def test_the_name_is_no_place_to_edit():
    text = "images:\n- name: nginx\n  newTag: '1.27'\n"
    assert places(text) == [("1.27", text.index("1.27"))]


def test_the_new_name_and_the_tag_are():
    text = "images:\n- name: app\n  newName: a/b\n  newTag: v1\n"
    assert places(text) == [("a/b", text.index("a/b")), ("v1", text.index("v1"))]


def test_that_the_name_is_compared_byte_for_byte_is_told():
    [candidate] = candidates("images: [{name: nginx, newTag: '1'}]\n")
    assert "byte for byte" in candidate.trail[0]


def test_a_new_name_without_a_tag_is_told():
    assert list(problems("images: [{name: app, newName: a/b}]\n")) == ["a/b"]


@pytest.mark.parametrize("kind", ["patches", "patchesJson6902"])
def test_image_of_a_json_patch(kind):
    text = (
        f"{kind}:\n- patch: |-\n    - op: replace\n      path: /spec/template/spec/containers/0/image\n"
        "      value: redis:7\n"
    )
    assert places(text) == [("redis:7", text.index("redis"))]


def test_json_patch_on_one_line():
    assert found("""patches: [{patch: '[{"op": "add", "path": "/a/image", "value": "redis:7"}]'}]\n""") == [
        "redis:7"
    ]


def test_container_of_a_json_patch():
    operation = "- op: add\n      path: /spec/containers/-\n      value: {name: a, image: redis:7}\n"
    assert found(f"patches:\n- patch: |\n    {operation}") == ["redis:7"]


def test_argument_of_a_json_patch():
    text = (
        "patches:\n- patch: |\n    - op: add\n      path: /spec/args/-\n      value: --helper-image=redis:7\n"
    )
    assert found(text) == ["redis:7"]


@pytest.mark.parametrize("form", ["patches:\n- patch: |\n", "patchesStrategicMerge:\n- |\n"])
def test_image_of_a_patch_that_is_part_of_an_object(form):
    text = (
        f"{form}    kind: Deployment\n    spec:\n      containers:\n      - name: a\n        image: redis:7\n"
    )
    assert places(text) == [("redis:7", text.index("redis"))]


def test_a_patch_in_a_file_of_its_own_is_not_read_here():
    assert candidates("patches: [{path: image.yaml}]\npatchesStrategicMerge: [image.yaml]\n") == []


def test_a_patch_that_cannot_be_read_is_told():
    [problem] = problems("patches:\n- patch: |\n    image: a: b\n").values()
    assert problem.startswith("in a patch: not valid YAML")


CHART = "helmCharts: [{name: redis, repo: oci://registry-1.docker.io/bitnamicharts, version: %s}]\n"


def test_chart_in_a_registry():
    [candidate] = candidates(CHART % "19.0.1")
    assert (str(candidate.value), candidate.role) == (
        "registry-1.docker.io/bitnamicharts/redis:19.0.1",
        Role.CHART,
    )


def test_build_metadata_of_a_chart_is_spelled_as_helm_tags_it():
    assert found(CHART % "1.0.0+b1") == ["registry-1.docker.io/bitnamicharts/redis:1.0.0_b1"]


def test_a_range_of_chart_versions_is_told():
    assert list(problems(CHART % "^19.0.0")) == ["registry-1.docker.io/bitnamicharts/redis:^19.0.0"]


def test_a_chart_from_elsewhere_is_no_image():
    assert candidates("helmCharts: [{name: a, repo: https://charts.example.com, version: 1.0.0}]\n") == []


def test_values_of_a_chart():
    assert found("helmCharts: [{name: a, valuesInline: {image: {repository: a/b, tag: 1}}}]\n") == ["a/b:1"]


def test_literal_of_a_config_map():
    text = "configMapGenerator: [{name: a, literals: [WEB_IMAGE=redis:7, IMAGE_TAG=1]}]\n"
    assert places(text) == [("redis:7", text.index("redis"))]


REPLACED = """\
configMapGenerator: [{name: a, literals: [web=redis:7, tag=2, other=a/b:1]}]
replacements:
- source: {kind: ConfigMap, name: a, fieldPath: data.web}
  targets: [{fieldPaths: ["spec.template.spec.containers.[name=side].image"]}]
- source: {kind: ConfigMap, name: a, fieldPath: data.tag}
  targets: [{fieldPaths: [spec.containers.0.image], options: {delimiter: ":", index: 1}}]
- source: {kind: ConfigMap, name: a, fieldPath: data.other}
  targets: [{fieldPaths: [metadata.name]}]
- source: nonsense
"""


def test_literal_that_replacements_put_where_an_image_stands():
    assert places(REPLACED) == [("redis:7", REPLACED.index("redis"))]


def test_literal_that_replacements_put_there_is_found_once():
    text = REPLACED.replace("web", "WEB_IMAGE")
    assert found(text) == ["redis:7"]


def test_a_broken_file_is_told_and_read_by_lines():
    text = "a: b: c\nimages:\n- name: x\n  newName: a/b\n  newTag: 1\n"
    assert list(problems(text)) == ["a: b: c", "a/b"]


@pytest.mark.parametrize("path", ["a/kustomization.yaml", "kustomization.yml", "a/Kustomization"])
def test_names_of_files(path):
    assert matcher(FORMAT.patterns).search(path)


def test_list_of_tags_of_the_first_version():
    assert found("imageTags: [{name: nginx, newTag: '1.27'}]\n") == ["nginx:1.27"]


def test_chart_without_a_version_has_no_tag():
    assert found("helmCharts: [{name: b, repo: 'oci://ghcr.io/a'}]\n") == ["ghcr.io/a/b"]


def test_literal_of_a_secret():
    assert found("secretGenerator: [{name: a, literals: [WEB_IMAGE=redis:7]}]\n") == ["redis:7"]


TOKENS = (
    "images:\n",
    "- name: ",
    "  newName: ",
    "  newTag: ",
    "patches:\n",
    "- patch: |\n",
    "    - op: add\n",
    "      path: /a/image\n",
    "      value: ",
    "helmCharts: [{name: a, repo: oci://",
    "}]",
    "a/b",
    "${x:-",
    "}",
    "\n",
)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
def test_any_text_is_read_without_an_error(text):
    assert all(0 <= item.start <= len(text) for item in candidates(text))
