import celpy
import pytest
import yaml
from celpy import celtypes
from exporting import EVERYTHING, HOSTILE, files, plan, refusals, text, texts
from guarding import ALLOWED, EMPTY, PLACES, REFUSED, images, pod, refused
from hypothesis import given

from planner.errors import NoInput
from planner.exports._cel import text as cel_text
from planner.exports._guard import literal
from planner.model.job import Warm
from planner.model.plan import CreateRepository, Keep
from planner.model.reference import Reference
from planner.model.repository import Mode, Target

ENVIRONMENT = celpy.Environment()


def join(values, separator):
    return celtypes.StringType(separator.join(values))


class Policy:
    """The policy as Kyverno evaluates it: https://kyverno.io/docs/policy-types/validating-policy/."""

    def __init__(self, document=EVERYTHING, **options):
        self.document = yaml.safe_load(text("kyverno", document, **options))
        spec = self.document["spec"]
        self.variables = [(each["name"], self.program(each["expression"])) for each in spec["variables"]]
        (validation,) = spec["validations"]
        self.valid = self.program(validation["expression"])
        self.message = self.program(validation["messageExpression"])

    @staticmethod
    def program(expression):
        return ENVIRONMENT.program(ENVIRONMENT.compile(expression), functions={"join": join})

    def refuses(self, resource):
        """The message for a resource, empty where it is admitted."""
        activation = {"object": celpy.json_to_cel(resource), "variables": celtypes.MapType({})}
        for name, program in self.variables:
            activation["variables"][celtypes.StringType(name)] = program.evaluate(activation)
        return "" if self.valid.evaluate(activation) else str(self.message.evaluate(activation))


@pytest.fixture(scope="module")
def policy():
    return Policy()


def test_policy_is_one_that_kyverno_takes(policy):
    assert refusals("kyverno", policy.document) == []


@pytest.mark.parametrize("image", REFUSED)
def test_image_that_was_moved_is_refused(policy, image):
    assert policy.refuses(pod("gcr.io/a/b", image)).startswith(
        f"{image}: images of Docker Hub and ghcr.io come from"
    )


@pytest.mark.parametrize("image", ALLOWED)
def test_image_that_was_not_moved_is_admitted(policy, image):
    assert policy.refuses(pod(image)) == ""


@given(images)
def test_image_is_refused_as_the_grammar_of_references_has_it(image):
    assert bool(POLICY.refuses(pod(image))) == refused(image)


POLICY = Policy()


@pytest.mark.parametrize("resource", PLACES, ids=lambda resource: sorted(resource["spec"])[-1])
def test_every_place_of_a_pod_is_looked_at(policy, resource):
    assert policy.refuses(resource).startswith("nginx: ")


def test_pod_without_an_image_is_admitted(policy):
    assert policy.refuses(EMPTY) == ""


def test_message_says_where_images_are_instead(policy):
    message = policy.refuses(pod("nginx", "grafana/grafana:11.0"))
    fronts = "europe-docker.pkg.dev/acme/docker-hub or europe-docker.pkg.dev/acme/ghcr-io"
    assert message == f"nginx, grafana/grafana:11.0: images of Docker Hub and ghcr.io come from {fronts}"


def test_it_reports_unless_it_is_told_to_refuse():
    assert Policy().document["spec"]["validationActions"] == ["Audit"]
    assert Policy(enforce=True).document["spec"]["validationActions"] == ["Deny"]


def test_it_is_for_pods_alone_so_that_kyverno_makes_rules_for_their_controllers(policy):
    (rule,) = policy.document["spec"]["matchConstraints"]["resourceRules"]
    assert rule["resources"] == ["pods"]


def test_plan_that_moves_nothing_has_no_guard():
    with pytest.raises(NoInput, match="moves no image"):
        files("kyverno", plan())


def moved(registry):
    remote = Target("acme", "us", "hub", Mode.REMOTE)
    return plan(CreateRepository(remote, "a proxy", registry=registry))


@pytest.mark.parametrize("registry", [each for each in HOSTILE if each])
def test_registry_is_a_text_and_no_expression(registry):
    policy = Policy(moved(registry))
    assert policy.refuses(pod(f"{registry}/a")).startswith(f"{registry}/a: ")
    assert policy.refuses(pod("gcr.io/a")) == ""


@given(texts)
def test_cel_reads_a_text_back(value):
    assert Policy.program(cel_text(value)).evaluate({}) == value


@given(texts, texts)
def test_literal_matches_what_it_was_made_of_and_nothing_else(value, other):
    expression = f"a.matches({cel_text(f'^{literal(value)}$')})"
    for one in (value, other):
        matched = Policy.program(expression).evaluate({"a": celtypes.StringType(one)})
        assert bool(matched) == (one == value)


def test_kept_digest_is_admitted_with_and_without_a_tag():
    digest = "sha256:" + "c" * 64
    source = Reference.parse("nginx:1")
    warm = Warm(source, Reference.parse("us-docker.pkg.dev/a/b/library/nginx:1"), None, "public")
    policy = Policy(plan(warm, Keep(Reference.parse(f"nginx@{digest}"), ("a:1",), "kept")))
    assert [policy.refuses(pod(image)) for image in (f"nginx@{digest}", f"docker.io/nginx:1@{digest}")] == [
        "",
        "",
    ]
    assert policy.refuses(pod("nginx@sha256:" + "d" * 64)) != ""


def test_kept_image_without_a_tag_is_latest():
    warm = Warm(Reference.parse("a/b:1"), Reference.parse("us-docker.pkg.dev/a/b/a/b:1"), None, "public")
    policy = Policy(plan(warm, Keep(Reference.parse("nginx"), ("a:1",), "kept")))
    assert policy.refuses(pod("nginx", "nginx:latest")) == ""
    assert policy.refuses(pod("nginx:1")) != ""
