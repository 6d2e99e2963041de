"""What has to be done beside the edits: access, rules, settings; and which destinations are there."""

from datetime import UTC, datetime

import pytest

from planner.model.inventory import Confidence, Inventory, Occurrence, Pattern, Role, Syntax
from planner.model.job import Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan, Rewrite, key
from planner.model.reference import Reference
from planner.rewriting import access, confirmed, coupled

THERE = Reference.parse("us-docker.pkg.dev/acme/hub/library/nginx:1")


def item(role, format_, text="nginx:1", path="f"):
    return Occurrence(path, 1, 1, format_, role, Reference.parse(text), text, Confidence.CERTAIN)


def inventory(*found):
    return Inventory((), found, {})


@pytest.mark.parametrize(
    ("role", "format_", "said"),
    [
        (Role.STEP, "github_actions", "workload_identity_provider"),
        (Role.STEP, "circleci", "auth: {username: _json_key"),
        (Role.STEP, "gitlab_ci", "DOCKER_AUTH_CONFIG"),
        (Role.STEP, "cloud_build", "its service account needs roles/artifactregistry.reader"),
        (Role.WORKLOAD, "kubernetes", "the service account of the nodes"),
        (Role.WORKLOAD, "cluster_api", "the service account of the nodes"),
        (Role.WORKLOAD, "terraform", "service agent"),
        (Role.BASE, "dockerfile", "gcloud auth configure-docker us-docker.pkg.dev"),
    ],
)
def test_who_has_to_be_let_in_depends_on_the_place(role, format_, said):
    [note] = access.notes(inventory(item(role, format_)), {0: THERE})
    assert said in note
    assert note.endswith("(f:1)")


def test_nothing_is_said_of_what_stays():
    assert list(access.notes(inventory(item(Role.BASE, "dockerfile")), {})) == []


def test_places_are_told_a_few_at_a_time():
    found = [item(Role.BASE, "dockerfile", path=f"{number}") for number in range(5)]
    [note] = access.notes(inventory(*found), dict.fromkeys(range(5), THERE))
    assert note.endswith("(0:1, 1:1, 2:1 and 2 more files)")


@pytest.mark.parametrize("text", ["docker.io/library/*", "library/*", "index.docker.io/*"])
def test_pattern_for_docker_hub_is_told(text):
    pattern = Pattern("p", 3, 1, "image_policy", Syntax.GLOB, text)
    [note] = coupled.notes(inventory(item(Role.BASE, "x"), pattern), {0: THERE})
    assert note.startswith(f"p:3: the glob '{text}' does not match what was moved: write 'us-docker.pkg.dev/")


@pytest.mark.parametrize(
    ("syntax", "text", "written"),
    [
        (Syntax.GLOB, "docker.io/library/*", "us-docker.pkg.dev/acme/hub/library/*"),
        (Syntax.GLOB, "library/*", "us-docker.pkg.dev/acme/hub/library/*"),
        (Syntax.PREFIX, "index.docker.io/", "us-docker.pkg.dev/acme/hub/"),
        (Syntax.REGEX, r"^docker\.io/library/.+$", r"^us-docker\.pkg\.dev/acme/hub/library/.+$"),
    ],
)
def test_pattern_is_told_with_what_matches_the_same_images_now(syntax, text, written):
    pattern = Pattern("p", 3, 1, "image_policy", syntax, text)
    [note] = coupled.notes(inventory(item(Role.BASE, "x"), pattern), {0: THERE})
    assert note.endswith(f": write {written!r} beside it")


@pytest.mark.parametrize("text", ["*", "ghcr.io/acme/*", "registry.example.com:5000/*"])
def test_pattern_for_everything_or_for_others_is_not(text):
    pattern = Pattern("p", 3, 1, "image_policy", Syntax.GLOB, text)
    assert list(coupled.notes(inventory(item(Role.BASE, "x"), pattern), {0: THERE})) == []


def test_rule_that_stays_is_told():
    found = inventory(item(Role.BASE, "x"), item(Role.RULE, "renovate", "nginx", "renovate.json"))
    [note] = coupled.notes(found, {0: THERE})
    name = "us-docker.pkg.dev/acme/hub/library/nginx"
    said = f"a rule names 'nginx', which is {name} elsewhere now: write that beside it"
    assert note == f"renovate.json:1: {said}"
    assert list(coupled.notes(found, {0: THERE, 1: THERE})) == []


def test_charts_of_bitnami_have_to_be_told():
    found = inventory(item(Role.WORKLOAD, "helm_values", "bitnami/redis:7", "values.yaml"))
    [note] = coupled.notes(found, {0: Reference.parse("us-docker.pkg.dev/acme/hub/bitnami/redis:7")})
    assert note == (
        "values.yaml:1: charts of Bitnami refuse images from elsewhere: add to these values"
        " `global: {security: {allowInsecureImages: true}}`"
    )


JOB = Warm(Reference.parse("nginx:1"), THERE, None, "")


def rewrite(text, there):
    return Rewrite("f", 1, 1, text, Reference.parse(text), there, (), "")


def plan(*actions):
    return Plan((), actions, (), "", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("result", "sure"), [(Result.DONE, True), (Result.PRESENT, True), (Result.FAILED, False)]
)
def test_outcome_confirms_what_ended_well(result, sure):
    moved = rewrite("docker.io/library/nginx:1", THERE)
    document = plan(JOB, moved)
    there = confirmed.arrived(document, [Outcome(key(JOB), "warm", "x", result)])
    assert (confirmed.doubtful(document, [moved], there) == []) == sure


def test_answer_of_the_destination_confirms_a_rewrite_too():
    moved = rewrite("nginx:1", THERE)
    assert confirmed.doubtful(plan(JOB, moved), [moved], frozenset(), frozenset({THERE})) == []


def test_what_no_transfer_brings_needs_no_confirmation():
    assert confirmed.doubtful(plan(JOB), [rewrite("redis", THERE)], frozenset()) == []
