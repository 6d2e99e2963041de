"""Replacements of Kustomize: values that go from one object to the images of others."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.inventory import Confidence
from planner.scan import scan

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [
  {name: web, image: "docker.io/acme/PLACE:TAG"},
  {name: side, image: "docker.io/acme/side:1"}]}}}
"""
SETTINGS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {web: "docker.io/acme/web:2.1", version: "2.1", list: "a,2.2"}
"""
IMAGE = "spec.template.spec.containers.[name=web].image"


def replacement(source, target):
    return f"- {{source: {{{source}}}, targets: [{{select: {{kind: Deployment}}, {target}}}]}}\n"


WHOLE = replacement("kind: ConfigMap, name: settings, fieldPath: data.web", f"fieldPaths: ['{IMAGE}']")


def tree(folder, replacements, resources="[settings.yaml, web.yaml]", **more):
    files = {
        "kustomization.yaml": f"resources: {resources}\nreplacements:\n{replacements}",
        "settings.yaml": SETTINGS,
        "web.yaml": DEPLOYMENT,
        **more,
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return {(each.path, each.line, str(each.reference)): each for each in scan([folder]).occurrences}


def test_value_of_another_file_is_what_an_image_is_given(tmp_path):
    found = tree(tmp_path, WHOLE)
    given = found["web.yaml", 5, "docker.io/acme/web:2.1"]
    assert (given.role, given.confidence) == ("workload", Confidence.RESOLVED)
    assert given.trail == (
        "data.web=docker.io/acme/web:2.1 (settings.yaml), put in place by kustomization.yaml",
    )
    *parts, whole = given.fragments
    assert ({each.path for each in parts}, whole.part) == ({"settings.yaml"}, "whole")
    for each in parts:
        assert SETTINGS[each.start : each.end] == each.text


def test_value_is_told_where_it_stands(tmp_path):
    value = tree(tmp_path, WHOLE)["settings.yaml", 4, "docker.io/acme/web:2.1"]
    assert value.trail == ("replacements of kustomization.yaml put it where an image stands",)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("fieldPath: data.version", "options: {delimiter: ':', index: 1}", "acme/PLACE:2.1"),
        (
            "fieldPath: data.list, options: {delimiter: ',', index: 1}",
            "options: {delimiter: ':', index: 1}",
            "acme/PLACE:2.2",
        ),
        (
            "fieldPath: data.web, options: {delimiter: ':', index: 1}",
            "options: {delimiter: ':', index: 1}",
            "acme/PLACE:2.1",
        ),
    ],
)
def test_part_of_an_image_is_replaced(tmp_path, source, target, expected):
    deployment = DEPLOYMENT.replace("PLACE", "place")
    text = replacement(f"kind: ConfigMap, name: settings, {source}", f"fieldPaths: ['{IMAGE}'], {target}")
    found = tree(tmp_path, text, **{"web.yaml": deployment})
    assert ("web.yaml", 5, f"docker.io/{expected.lower()}") in found


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("spec.template.spec.containers.0.image", [5]),
        ("spec.template.spec.containers.*.image", [5, 6]),
        ("spec.template.spec.containers.[name=side].image", [6]),
        ("spec.template.spec.containers.[name=none].image", []),
        ("metadata.annotations.version", []),
    ],
)
def test_paths_of_fields(tmp_path, path, expected):
    text = replacement("kind: ConfigMap, name: settings, fieldPath: data.web", f"fieldPaths: ['{path}']")
    found = tree(tmp_path, text)
    assert [
        line for name, line, image in found if name == "web.yaml" and image.endswith("web:2.1")
    ] == expected


@pytest.mark.parametrize(
    "text",
    [
        WHOLE.replace("name: settings", "name: other"),
        WHOLE.replace("kind: Deployment", "kind: StatefulSet"),
        WHOLE.replace("kind: Deployment}", "kind: Deployment}, reject: [{name: web}]"),
        WHOLE.replace("kind: Deployment", "group: batch"),
    ],
)
def test_object_that_is_not_meant_gives_and_takes_nothing(tmp_path, text):
    assert ("web.yaml", 5, "docker.io/acme/web:2.1") not in tree(tmp_path, text)


def test_folder_of_a_base_and_a_file_of_replacements_are_read(tmp_path):
    found = tree(
        tmp_path,
        "",
        **{
            "kustomization.yaml": "resources: [settings.yaml]\n",
            "web.yaml": "",
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": DEPLOYMENT,
            "prod/kustomization.yaml": "resources: [../settings.yaml, ../base]\n"
            "replacements: [{path: r.yaml}]\n",
            "prod/r.yaml": WHOLE,
        },
    )
    assert found["base/web.yaml", 5, "docker.io/acme/web:2.1"].trail[0].endswith("by prod/kustomization.yaml")


def test_literal_of_a_generator_replaces_a_tag(tmp_path):
    found = tree(
        tmp_path,
        "",
        **{
            "kustomization.yaml": "resources: [web.yaml]\n"
            "configMapGenerator: [{name: settings, literals: [version=3]}]\n"
            "replacements:\n"
            + replacement(
                "kind: ConfigMap, name: settings, fieldPath: data.version",
                f"fieldPaths: ['{IMAGE}'], options: {{delimiter: ':', index: 1}}",
            ),
            "web.yaml": DEPLOYMENT.replace("PLACE", "place"),
        },
    )
    (tag,) = (each for each in found["web.yaml", 5, "docker.io/acme/place:3"].fragments if each.part == "tag")
    assert tag.path == "kustomization.yaml"


@pytest.mark.parametrize(("levels", "is_followed"), [(3, True), (8, False)])
def test_path_through_aliases_of_aliases_ends(tmp_path, levels, is_followed):
    layers = "".join(
        f"l{number}: &l{number} [{', '.join([f'*l{number - 1}'] * 9)}]\n" for number in range(1, levels + 1)
    )
    bomb = "apiVersion: v1\nkind: Bomb\nmetadata: {name: b}\nl0: &l0 [{image: a/b:1}]\n" + layers
    path = f"l{levels}{'.*' * (levels + 1)}.image"
    text = replacement("kind: ConfigMap, name: settings, fieldPath: data.web", f"fieldPaths: ['{path}']")
    found = tree(tmp_path, text.replace("Deployment", "Bomb"), **{"web.yaml": bomb})
    assert (("web.yaml", 4, "docker.io/acme/web:2.1") in found) == is_followed


def test_file_that_no_kustomization_asks_of_is_not_read():
    assert extracted("kustomize_replacements", SETTINGS, "a.yaml").items == ()


@pytest.mark.parametrize(
    "resource", ["https://example.com/a.yaml", "../../../etc/a.yaml", "github.com/a/b?ref=v1"]
)
def test_what_lies_outside_the_tree_is_not_asked(resource):
    text = f"resources: ['{resource}']\nreplacements:\n{WHOLE}"
    assert extracted("kustomize", text, "kustomization.yaml").bindings == []


@given(
    st.lists(
        st.sampled_from(
            ["kind: ", "ConfigMap", "data:\n", "  web: ", "a/b:1", "\n", "- ", "{", "[", "'", "*a", "&a "]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    asked = {}
    for target, _, variables in extracted(
        "kustomize", f"resources: [a.yaml]\nreplacements:\n{WHOLE}", "k/kustomization.yaml"
    ).bindings:
        assert target == "k/a.yaml"
        asked |= variables
    text = "kind: ConfigMap\n" + "".join(tokens)
    for item in extracted("kustomize_replacements", text, "k/a.yaml", **asked).items:
        assert getattr(item, "start", 0) >= 0
