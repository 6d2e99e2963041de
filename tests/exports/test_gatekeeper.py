import json
import re

import pytest
import yaml
from exporting import EVERYTHING, HOSTILE, files, plan, refusals
from guarding import ALLOWED, EMPTY, PLACES, REFUSED, images, pod, refused
from hypothesis import given
from regopy import Interpreter

from planner.exports._guard import literal
from planner.model.plan import CreateRepository
from planner.model.repository import Mode, Target

READ_AS_IT_IS = re.compile(r"[ -!#-\[\]-~]+")  # the interpreter leaves other characters escaped in its input


class Constraint:
    """The constraint as Gatekeeper evaluates it, with an interpreter of Rego."""

    def __init__(self, document=EVERYTHING, **options):
        template, constraint = files("gatekeeper", document, **options)
        self.template, self.constraint = yaml.safe_load(template.text), yaml.safe_load(constraint.text)
        (target,) = self.template["spec"]["targets"]
        (code,) = target["code"]
        self.rules = code["source"]["rego"]

    def refuses(self, resource):
        """The messages for a resource."""
        given_ = {"review": {"object": resource}, "parameters": self.constraint["spec"]["parameters"]}
        rego = Interpreter()  # a new one each time: it takes the escapes out of its input at every query
        rego.add_module("template", self.rules)
        rego.set_input_term(json.dumps(given_))
        answer = json.loads(str(rego.query("data.hub2arimages.violation")))
        return sorted(each["msg"] for each in answer["expressions"][0])


CONSTRAINT = Constraint()


def test_objects_are_ones_that_gatekeeper_takes():
    assert refusals("gatekeeper", CONSTRAINT.template) == []
    assert refusals("gatekeeper", CONSTRAINT.constraint) == []


def test_constraint_is_of_the_kind_that_the_template_defines():
    kind = CONSTRAINT.template["spec"]["crd"]["spec"]["names"]["kind"]
    assert CONSTRAINT.constraint["kind"] == kind
    assert CONSTRAINT.template["metadata"]["name"] == kind.lower()


def test_parameters_are_those_of_the_schema():
    schema = CONSTRAINT.template["spec"]["crd"]["spec"]["validation"]["openAPIV3Schema"]
    assert set(schema["properties"]) == set(CONSTRAINT.constraint["spec"]["parameters"])


@pytest.mark.parametrize("image", REFUSED)
def test_image_that_was_moved_is_refused(image):
    (message,) = CONSTRAINT.refuses(pod("gcr.io/a/b", image))
    assert message.startswith(
        f"{image}: images of Docker Hub and ghcr.io come from europe-docker.pkg.dev/acme/"
    )


@pytest.mark.parametrize("image", ALLOWED)
def test_image_that_was_not_moved_is_admitted(image):
    assert CONSTRAINT.refuses(pod(image)) == []


@given(images)
def test_image_is_refused_as_the_grammar_of_references_has_it(image):
    assert bool(CONSTRAINT.refuses(pod(image))) == refused(image)


@pytest.mark.parametrize("resource", PLACES, ids=lambda resource: sorted(resource["spec"])[-1])
@pytest.mark.parametrize(
    "within",
    [
        lambda each: each,
        lambda each: {"spec": {"template": each}},
        lambda each: {"spec": {"jobTemplate": {"spec": {"template": each}}}},
    ],
    ids=["pod", "deployment", "cronjob"],
)
def test_every_place_of_a_pod_is_looked_at_wherever_the_pod_is_described(resource, within):
    assert len(CONSTRAINT.refuses(within(resource))) == 1


def test_pod_without_an_image_is_admitted():
    assert CONSTRAINT.refuses(EMPTY) == []


def test_it_reports_unless_it_is_told_to_refuse():
    assert CONSTRAINT.constraint["spec"]["enforcementAction"] == "dryrun"
    assert Constraint(enforce=True).constraint["spec"]["enforcementAction"] == "deny"


def proxying(registry):
    remote = Target("acme", "us", "hub", Mode.REMOTE)
    return Constraint(plan(CreateRepository(remote, "a proxy", registry=registry)))


@pytest.mark.parametrize("registry", HOSTILE)
def test_registry_is_a_text_of_the_constraint(registry):
    assert proxying(registry).constraint["spec"]["parameters"]["denied"] == [f"^{literal(registry)}/"]


@pytest.mark.parametrize("registry", [each for each in HOSTILE if READ_AS_IT_IS.fullmatch(each)])
def test_registry_is_no_expression(registry):
    constraint = proxying(registry)
    assert len(constraint.refuses(pod(f"{registry}/a"))) == 1
    assert constraint.refuses(pod("gcr.io/a")) == []
