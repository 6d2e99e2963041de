"""Packer: builders of containers, provisioners, names that are given, templates in HCL and in JSON."""

import json

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats._patterns import matcher
from planner.formats.packer import FORMAT, extract
from planner.model.source import SourceFile

PATH = "images/web.pkr.hcl"
TOKENS = (
    'source "docker" "a" {\n', "}\n", 'image = "a:${var.v}"\n', 'variable "v" { default = "1" }\n',
    "build {\n", "\n", '"', 'provisioner "shell" { inline = ["docker pull ${var.v}"] }\n',
    "locals { a = local.a }\n", "${", "{{user `v`}}",
    '{"builders": [{"type": "docker", "image": "{{user `v`}}"}], "variables": {"v": "{{user `v`}}"}}',
    "{", "[",
)  # fmt: skip


def found(text, path=PATH, **variables):
    return extracted("packer", text, path, **variables)


def template(**fields):
    return found(json.dumps(fields), "web.json")


@pytest.mark.parametrize("path", ["a.pkr.hcl", "a.pkr.json", "a.auto.pkrvars.hcl", "template.json"])
def test_path_that_is_read(path):
    assert matcher(FORMAT.patterns).search(path)


@pytest.mark.parametrize(
    "text",
    [
        'source "docker" "a" { image = "x/y:1" }',
        'source "docker" "a" { image = var.i }\nvariable "i" { default = "x/y:1" }',
        'source "docker" "a" { image = "x/y:${local.t}" }\nlocals { t = "1" }',
        'source "docker" "a" { image = local.i }\nlocal "i" {\n expression = "x/y:1"\n}',
        'build {\n source "docker.a" { image = "x/y:1" }\n}',
        'build {\n source "source.docker.a" { image = "x/y:1" }\n}',
    ],
)
def test_container_is_built_from_an_image(text):
    assert found(text).roles == [("docker.io/x/y:1", "base")]


@pytest.mark.parametrize("builder", ["googlecompute", "azure-arm", "amazon-ebs", "lxd", "openstack"])
def test_image_of_a_machine_is_no_reference(builder):
    assert found(f'source "{builder}" "a" {{\n image = "x/y:1"\n source_image = "z:1"\n}}').found == []


def test_variable_without_default_is_told():
    ((text, reason),) = found('source "docker" "a" { image = "x:${var.v}" }').unresolved
    assert (text, reason.startswith("var.v has no default")) == ("x:${var.v}", True)


def test_variables_of_the_folder_are_known():
    text = 'source "docker" "a" { image = "x/y:${var.v}" }'
    assert found(text, **{"var.v": "1"}).pulled == ["docker.io/x/y:1"]


def test_file_of_values_counts_before_a_default():
    text = 'source "docker" "a" { image = "x/y:${var.v}" }\nvariable "v" { default = "2" }'
    assert found(text, **{"set var.v": "1"}).pulled == ["docker.io/x/y:1"]


@pytest.mark.parametrize(
    ("path", "always"), [("images/a.auto.pkrvars.hcl", True), ("images/a.pkrvars.hcl", False)]
)
def test_file_of_values_gives_them_to_its_folder(path, always):
    (binding,) = found('v = "1"\n', path).items
    values = {name: str(text) for name, text in binding.variables.items()}
    assert (binding.target, values, binding.always) == (
        "images/", {"set var.v": "1"}, always,
    )  # fmt: skip


def test_variables_are_given_to_the_other_files_of_the_folder():
    assert found('variable "v" { default = "1" }\nlocals { w = "2" }\n').bindings == [
        ("images/", "packer", {"var.v": "1", "local.w": "2"})
    ]


def test_dockerfile_that_is_built_has_arguments():
    text = 'source "docker" "a" {\n build {\n path = "D"\n arguments = { V = "1", BASE = "x/y:1" }\n}\n}'
    result = found(text)
    assert result.pulled == ["docker.io/x/y:1"]
    assert result.bindings == [
        (path, "dockerfile", {"V": "1", "BASE": "x/y:1"}) for path in ("images/D", "D")
    ]


@pytest.mark.parametrize(
    "block",
    [
        'provisioner "shell" { inline = ["docker pull x/y:1"] }',
        'provisioner "shell" { inline = ["V=1", "docker pull x/y:$V"] }',
        'provisioner "shell" { inline = ["docker pull x/y:${var.v}"] }',
        'provisioner "shell-local" { command = "docker pull x/y:1" }',
        'post-processor "shell-local" { inline = ["docker run x/y:1"] }',
    ],
)
def test_script_pulls(block):
    text = f'variable "v" {{ default = "1" }}\nbuild {{\n{block}\n}}'
    assert found(text).roles == [("docker.io/x/y:1", "script")]


def test_variable_of_another_file_leaves_the_place_in_the_script():
    text = 'build {\n provisioner "shell" { inline = ["docker pull ${var.i}"] }\n}'
    (item,) = found(text, **{"var.i": "x/y:1"}).occurrences
    assert (item.line, item.text) == (2, "${var.i}")


@pytest.mark.parametrize("kind", ["docker-tag", "docker-import"])
@pytest.mark.parametrize("form", ["{}", "post-processors {{\n{}\n}}"])
def test_name_that_is_given_is_an_output(kind, form):
    block = form.format(f'post-processor "{kind}" {{ repository = "x/y" }}')
    assert found(f"build {{\n{block}\n}}").outputs == ["docker.io/x/y"]


def test_json_syntax_of_hcl():
    text = json.dumps(
        {
            "variable": {"v": {"default": "1"}},
            "source": {"docker": {"a": {"image": "x/y:${var.v}"}}},
            "build": {"provisioner": {"shell": {"inline": ["docker pull a/b:1"]}}},
        }
    )
    assert found(text, "a.pkr.json").pulled == ["docker.io/x/y:1", "docker.io/a/b:1"]


def test_template_of_the_older_kind():
    result = template(
        variables={"base": "x/y", "image": "{{user `base`}}:1"},
        builders=[{"type": "docker", "image": "{{user `image`}}"}, {"type": "amazon-ebs", "image": "none:1"}],
        provisioners=[{"type": "shell", "inline": ["V=2", "docker pull a/b:$V"]}],
    )
    assert result.roles == [("docker.io/x/y:1", "base"), ("docker.io/a/b:2", "script")]


@pytest.mark.parametrize("group", [True, False])
def test_post_processors_of_the_older_kind_name_outputs(group):
    processor = {"type": "docker-tag", "repository": "x/y", "tag": "1"}
    result = template(**{"post-processors": [[processor, "docker-push"] if group else processor]})
    assert result.outputs == ["docker.io/x/y"]


@pytest.mark.parametrize("image", ["{{user `missing`}}", "x:{{timestamp}}", "{{user `loop`}}"])
def test_action_that_is_not_known_is_told(image):
    result = template(variables={"loop": "{{user `loop`}}"}, builders=[{"type": "docker", "image": image}])
    assert [text for text, _ in result.unresolved] == [image]


def test_other_json_is_passed_over():
    assert found('{"docker": {"image": "a:1"}, "x": [}', "package.json").found == []


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(TOKENS), max_size=30).map("".join),
    st.sampled_from(["a.pkr.hcl", "a.pkr.json", "a.json"]),
)
def test_any_text_is_read(text, path):
    for item in extract(SourceFile(path, text), {}):
        assert not isinstance(item, Candidate) or 0 <= item.start <= len(text)
