"""OpenShift: image streams, builds, templates."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st


def found(text):
    return extracted("openshift", text, "openshift.yaml")


def stream(spec):
    return found(f"apiVersion: image.openshift.io/v1\nkind: ImageStream\nspec: {spec}\n")


def build(spec):
    return found(f"apiVersion: build.openshift.io/v1\nkind: BuildConfig\nspec: {spec}\n")


def template(objects, parameters="[{name: V, value: '1.27'}]"):
    return found(
        "apiVersion: template.openshift.io/v1\nkind: Template\n"
        f"parameters: {parameters}\nobjects: {objects}\n"
    )


@pytest.mark.parametrize(
    ("kind", "references"),
    [("DockerImage", ["docker.io/library/node:20"]), ("ImageStreamTag", []), ("ImageStreamImage", [])],
)
def test_only_a_docker_image_is_imported(kind, references):
    assert stream(f"{{tags: [{{name: a, from: {{kind: {kind}, name: 'node:20'}}}}]}}").pulled == references


def test_a_repository_without_tag_is_told():
    assert [text for text, _ in stream("{dockerImageRepository: docker.io/a/b}").unresolved] == [
        "docker.io/a/b"
    ]


def test_a_repository_with_a_tag_is_an_image():
    assert stream("{dockerImageRepository: 'a/b:1'}").pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize("strategy", ["dockerStrategy", "sourceStrategy", "customStrategy"])
def test_what_a_build_starts_from(strategy):
    spec = f"{{strategy: {{{strategy}: {{from: {{kind: DockerImage, name: 'python:3'}}}}}}}}"
    assert build(spec).roles == [("docker.io/library/python:3", "base")]


def test_what_a_build_copies_from():
    spec = "{source: {images: [{from: {kind: DockerImage, name: 'tools:1'}, paths: []}]}}"
    assert build(spec).roles == [("docker.io/library/tools:1", "copy-from")]


def test_what_a_build_pushes_is_an_output():
    assert build("{output: {to: {kind: DockerImage, name: 'acme/app:1'}}}").outputs == [
        "docker.io/acme/app:1"
    ]


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("{source: {dockerfile: 'FROM node:20'}}", "Dockerfile"),
        ("{strategy: {jenkinsPipelineStrategy: {jenkinsfile: 'node {}'}}}", "Jenkinsfile"),
    ],
)
def test_files_that_are_written_in_place(spec, name):
    assert [item.name for item in build(spec).embedded] == [name]


@pytest.mark.parametrize("group", ["apps.openshift.io/v1", "v1"])
def test_deployment_config(group):
    spec = "{template: {spec: {containers: [{image: a}]}}}"
    assert found(f"apiVersion: {group}\nkind: DeploymentConfig\nspec: {spec}\n").pulled == [
        "docker.io/library/a"
    ]


def test_an_image_that_a_trigger_puts_in_is_not_pulled():
    text = (
        "apiVersion: apps.openshift.io/v1\nkind: DeploymentConfig\nspec:\n"
        "  triggers: [{imageChangeParams: {containerNames: [web], from: {kind: ImageStreamTag}}}]\n"
        "  template: {spec: {containers: [{name: web, image: web}, {name: proxy, image: a}]}}\n"
    )
    assert found(text).pulled == ["docker.io/library/a"]


@pytest.mark.parametrize("path", ["containers[0].image", 'containers[?(@.name==\\"web\\")].image'])
def test_an_annotation_of_a_deployment_is_a_trigger(path):
    text = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  annotations:\n"
        f"""    image.openshift.io/triggers: '[{{"fieldPath": "spec.template.spec.{path}"}}]'\n"""
        "spec: {template: {spec: {containers: [{name: web, image: web}, {name: proxy, image: a}]}}}\n"
    )
    assert extracted("kubernetes", text, "x.yaml").pulled == ["docker.io/library/a"]


@pytest.mark.parametrize("blank", ["' '", "''"])
def test_a_blank_image_is_none(blank):
    spec = f"{{template: {{spec: {{containers: [{{name: a, image: {blank}}}]}}}}}}"
    assert found(f"apiVersion: v1\nkind: DeploymentConfig\nspec: {spec}\n").found == []


def test_the_image_that_a_trigger_saw_last_is_a_report():
    text = (
        "apiVersion: apps.openshift.io/v1\nkind: DeploymentConfig\n"
        "spec: {triggers: [{imageChangeParams: {lastTriggeredImage: 'r.svc:5000/a/b:1'}}]}\n"
    )
    assert found(text).pulled == []


@pytest.mark.parametrize("written", ["nginx:${V}", "nginx:${{V}}"])
def test_parameters_are_filled_in(written):
    pod = f"[{{apiVersion: v1, kind: Pod, spec: {{containers: [{{name: a, image: '{written}'}}]}}}}]"
    assert template(pod).pulled == ["docker.io/library/nginx:1.27"]


def test_parameters_reach_a_dockerfile():
    spec = "{source: {dockerfile: 'FROM a:${V}'}}"
    build_config = f"[{{apiVersion: build.openshift.io/v1, kind: BuildConfig, spec: {spec}}}]"
    assert [str(item.text) for item in template(build_config).embedded] == ["FROM a:1.27"]


def test_a_parameter_without_value_is_told():
    pod = "[{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: 'nginx:${W}'}]}}]"
    assert [text for text, _ in template(pod, "[{name: W, required: true}]").unresolved] == ["nginx:${W}"]


def test_a_parameter_counts_where_nothing_else_shows_it():
    assert template("[]", "[{name: WEB_IMAGE, value: 'a/b:1'}]").pulled == ["docker.io/a/b:1"]


def test_files_of_a_template_are_files():
    objects = "[{apiVersion: v1, kind: ConfigMap, data: {run.sh: docker pull a}}]"
    assert [item.name for item in template(objects).embedded] == ["run.sh"]


def test_what_is_mirrored():
    text = (
        "apiVersion: mirror.openshift.io/v1alpha2\nkind: ImageSetConfiguration\nmirror:\n"
        "  additionalImages: [{name: 'a/b:1'}]\n  operators: [{catalog: 'c/d:2'}]\n"
        "  blockedImages: [{name: x/y}]\n"
    )
    assert found(text).pulled == ["docker.io/a/b:1", "docker.io/c/d:2"]


def test_other_objects_are_left_to_kubernetes():
    assert found("apiVersion: v1\nkind: Pod\nspec: {containers: [{image: a}]}\n# Template\n").pulled == []


_TOKENS = [
    "apiVersion: v1\n", "kind: Template\n", "kind: ImageStream\n", "objects:\n", "- ",
    "parameters: ", "${", "}",
    "image: a:1\n", "from: {kind: DockerImage, name: a}\n", "spec:\n", "[", "]", "{", "\n", "&a ",
    "*a", "|\n",
    "  ",
]  # fmt: skip


@given(st.lists(st.sampled_from(_TOKENS), max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(tokens):
    text = "".join(tokens)
    for item in found(text).items:
        assert 0 <= getattr(item, "start", 0) <= len(text)
