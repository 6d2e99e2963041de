"""Knative and Cloud Run: services, jobs, event sources and functions, one fact a test."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats.knative import extract
from planner.model.source import SourceFile

POD = "{containers: [{image: 'a/b:1'}]}"


def of(version, kind, spec):
    return extracted("knative", f"apiVersion: {version}\nkind: {kind}\nspec: {spec}\n", "service.yaml")


def function(text):
    return extracted("knative", f"specVersion: 0.36.0\nname: f\nruntime: go\n{text}", "func.yaml")


@pytest.mark.parametrize(
    ("version", "kind", "spec"),
    [
        ("serving.knative.dev/v1", "Service", f"{{template: {{spec: {POD}}}}}"),
        ("serving.knative.dev/v1", "Configuration", f"{{template: {{spec: {POD}}}}}"),
        ("serving.knative.dev/v1", "Revision", POD),
        ("serving.knative.dev/v1", "Service", "{template: {spec: {initContainers: [{image: 'a/b:1'}]}}}"),
        ("run.googleapis.com/v1", "Job", f"{{template: {{spec: {{template: {{spec: {POD}}}}}}}}}"),
        ("sources.knative.dev/v1", "ContainerSource", f"{{template: {{spec: {POD}}}}}"),
        ("sinks.knative.dev/v1alpha1", "JobSink", f"{{job: {{spec: {{template: {{spec: {POD}}}}}}}}}"),
        ("sonataflow.org/v1alpha08", "SonataFlow", "{podTemplate: {container: {image: 'a/b:1'}}}"),
    ],
)
def test_place_of_an_image(version, kind, spec):
    assert of(version, kind, spec).roles == [("docker.io/a/b:1", "workload")]


def test_default_of_a_placeholder():
    assert of("serving.knative.dev/v1", "Revision", "{containers: [{image: 'a/b:${TAG:-1}'}]}").pulled == [
        "docker.io/a/b:1"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "build: {builderImages: {pack: 'a/b:1'}}",
        "builderImages: {s2i: 'a/b:1'}",
        "builders: {default: 'a/b:1'}",
        "builder: a/b:1",
        "build: {baseImage: 'a/b:1'}",
        "build: {buildpacks: ['docker://a/b:1']}",
        "buildpacks: ['docker.io/a/b:1', paketo-buildpacks/go]",
    ],
)
def test_what_builds_a_function_is_pulled(text):
    assert function(text).roles == [("docker.io/a/b:1", "base")]


@pytest.mark.parametrize("kind", ["pack", "s2i", "host"])
def test_kind_of_a_builder_is_no_image(kind):
    assert function(f"build: {{builder: {kind}}}").found == []


@pytest.mark.parametrize("text", ["image: a/b:1", "deploy: {image: 'a/b:1'}"])
def test_function_is_built_under_its_image(text):
    assert function(text).roles == [("docker.io/a/b:1", "output")]


def test_other_file_of_that_name_is_passed_over():
    assert extracted("knative", "image: a/b:1\nbuilder: c/d:1\n", "func.yaml").found == []


TOKENS = (
    "apiVersion: serving.knative.dev/v1\n",
    "kind: Service\n",
    "spec: ",
    "{template: ",
    "{spec: ",
    "{containers: [",
    "{image: ",
    "a",
    "}",
    "]",
    "runtime: go\n",
    "name: f\n",
    "builder: ",
    "build: {builderImages: {a: ",
    "\n",
    "'",
)


@given(
    st.lists(st.sampled_from(TOKENS), max_size=30).map("".join),
    st.sampled_from(["func.yaml", "service.yaml"]),
)
def test_any_text_is_read_without_an_error(text, path):
    for item in extract(SourceFile(path, text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)


def test_hostile_text_is_read_in_a_moment():
    of("serving.knative.dev/v1", "Service", "{template: {spec: {containers: [" + "{image: '${" * 20_000)
    of("serving.knative.dev/v1", "Revision", "{containers: [" + "{image: 'a:1'}, " * 5_000 + "]}")
