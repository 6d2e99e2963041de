"""ARM templates: containers, web apps, Batch, expressions, files of parameters."""

import json

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.formats._base import Candidate
from planner.formats._patterns import matcher
from planner.formats.arm_template import FORMAT, extract
from planner.model.source import SourceFile

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/{}.json#"


def template(resources, parameters=None, variables=None):
    return json.dumps(
        {
            "$schema": SCHEMA.format("deploymentTemplate"),
            "parameters": {name: {"defaultValue": value} for name, value in (parameters or {}).items()},
            "variables": variables or {},
            "resources": resources,
        },
        indent=1,
    )


def found(*arguments, **given_):
    return extracted("arm_template", template(*arguments), "azuredeploy.json", **given_)


def container(image):
    return [{"properties": {"containers": [{"name": "a", "properties": {"image": image, "ports": []}}]}}]


def test_path_that_is_read():
    assert matcher(FORMAT.patterns).search("infra/azuredeploy.json")


@pytest.mark.parametrize(
    ("image", "pulled"),
    [
        ("nginx:1", ["docker.io/library/nginx:1"]),
        ("[parameters('web')]", ["docker.io/acme/web:1"]),
        ("[Parameters('WEB')]", ["docker.io/acme/web:1"]),
        ("[variables('full')]", ["docker.io/acme/web:2"]),
        ("[concat('acme/', 'web', ':', variables('tag'))]", ["docker.io/acme/web:2"]),
        ("[format('{0}/web:{1}', 'acme', variables('tag'))]", ["docker.io/acme/web:2"]),
        (
            "[if(equals(parameters('x'), 'y'), 'a:1', 'b:1')]",
            ["docker.io/library/a:1", "docker.io/library/b:1"],
        ),
        (
            "[if(parameters('x'), 'a:1', concat(reference('acr').loginServer, '/b'))]",
            ["docker.io/library/a:1"],
        ),
    ],
)
def test_image_of_a_container(image, pulled):
    read = found(
        container(image),
        {"web": "acme/web:1"},
        {"tag": "2", "full": "[concat('acme/web:', variables('tag'))]"},
    )
    assert (read.pulled, read.unresolved) == (pulled, [])


@pytest.mark.parametrize(
    "image", ["[parameters('web')]", "[reference('x').image]", "[concat('a', variables('y'))]"]
)
def test_image_that_is_not_known_is_told(image):
    ((_, reason),) = found(container(image), {}, {}).unresolved
    assert reason.endswith("is known only when it is deployed")


def test_variable_that_is_made_of_itself_has_no_value():
    assert found(container("[variables('a')]"), {}, {"a": "[variables('a')]"}).pulled == []


def test_value_that_a_file_of_parameters_gives_wins():
    read = found(container("[parameters('web')]"), {"web": "a:1"}, web="a:2")
    assert read.pulled == ["docker.io/library/a:2"]


def test_web_apps():
    sites = ["DOCKER|nginx:1", "[concat('DOCKER|', parameters('web'))]", "PHP|8.2", "[parameters('none')]"]
    resources = [{"properties": {"siteConfig": {"linuxFxVersion": site}}} for site in sites]
    read = found(resources, {"web": "acme/web:1"})
    assert (read.pulled, read.unresolved) == (["docker.io/library/nginx:1", "docker.io/acme/web:1"], [])


def test_pools_of_batch():
    pool = {"containerConfiguration": {"containerImageNames": ["python:3.12", "[parameters('web')]"]}}
    assert found([pool], {"web": "a/b:1"}).pulled == ["docker.io/library/python:3.12", "docker.io/a/b:1"]


def test_disks_of_machines_are_none():
    machine = {"imageReference": {"sku": "22.04"}, "image": "ubuntu", "imageName": "win2022"}
    assert (found([machine]).pulled, found([machine]).unresolved) == ([], [])


def test_other_documents_name_nothing():
    text = json.dumps({"resources": container("nginx:1")})
    assert extracted("arm_template", text, "azuredeploy.json").found == []


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("azuredeploy.parameters.json", "azuredeploy"),
        ("main.parameters.dev.json", "main"),
        ("web.params.json", "web"),
    ],
)
def test_file_of_parameters_is_for_the_template_beside_it(name, stem):
    text = json.dumps(
        {"$schema": SCHEMA.format("deploymentParameters"), "parameters": {"tag": {"value": "2"}}}
    )
    assert extracted("arm_template", text, f"infra/{name}").bindings == [
        (f"infra/{stem}.json", "arm_template", {"tag": "2"}),
        (f"infra/{stem}.bicep", "bicep", {"tag": "2"}),
    ]


def test_file_of_parameters_without_a_name_is_for_the_usual_ones():
    text = json.dumps(
        {"$schema": SCHEMA.format("deploymentParameters"), "parameters": {"tag": {"value": "2"}}}
    )
    targets = [target for target, _, _ in extracted("arm_template", text, "infra/parameters.json").bindings]
    assert {"infra/azuredeploy.json", "infra/main.bicep"} <= set(targets)


EXPRESSIONS = st.text(st.sampled_from("[]('),{}0a:?.|x "), max_size=40)


@given(EXPRESSIONS, EXPRESSIONS)
@settings(max_examples=200, deadline=None)
def test_any_expression_is_read_and_every_place_is_true(image, variable):
    source = SourceFile("azuredeploy.json", template(container(f"[{image}]"), {}, {"x": f"[{variable}]"}))
    for item in extract(source, {}):
        if isinstance(item, Candidate):
            for run in item.value.runs:
                assert run.start < 0 or source.text[run.start : run.start + len(run.text)] == run.text
