import json

import pytest
from exporting import (
    COPIES,
    EVERYTHING,
    FRONT,
    GITHUB,
    HOSTILE,
    MADE,
    READER,
    REMOTE,
    SECRET,
    api,
    grant,
    made,
    plan,
    setups,
    text,
    texts,
)  # fmt: skip
from hcl_reading import parsed, repositories, resources, seconds
from hypothesis import given
from msgspec.structs import replace

from planner.exports._hcl import Attribute, Block, hcl, quoted
from planner.exports._hcl import as_json as blocks_as_json
from planner.model.plan import CreateRepository
from planner.model.repository import SERVICE_AGENT, Cleanup, Mode, Setup, Target

MEMBER = "google_artifact_registry_repository_iam_member"
SECRET_MEMBER = "google_secret_manager_secret_iam_member"


def read(document, **options):
    return parsed(text("terraform", document, **options))


def api_json(document):
    """What Terraform would send to the API for each repository, defaults left out."""
    found = repositories(read(document))
    for said in found.values():
        if not said.get("cleanupPolicyDryRun", True):
            del said["cleanupPolicyDryRun"]
    return found


@pytest.mark.parametrize("action", MADE, ids=lambda action: action.target.repository)
def test_terraform_and_the_api_make_the_same_repository(action):
    assert api_json(EVERYTHING)[action.target.resource] == api(action)


@given(setups)
def test_terraform_and_the_api_make_the_same_repository_of_any_setup(setup):
    for target in (REMOTE, COPIES, FRONT):
        upstreams = (COPIES, REMOTE) if target is FRONT else ()
        action = replace(made(target, upstreams=upstreams), setup=setup)
        assert api_json(plan(action))[target.resource] == api(action)


def test_every_setting_comes_out():
    """The comparison with the API would not see what is missing in both."""
    said = text("terraform")
    setups_ = [action.setup for action in MADE]
    for setup in setups_:
        values = [setup.kms_key, *setup.labels, *setup.labels.values()]
        values += [setup.credentials.username, setup.credentials.secret] if setup.credentials else []
        values += setup.cleanup.keep if setup.cleanup else ()
        assert [value for value in values if value and quoted(value) not in said] == []
    for line in ("immutable_tags = true", 'older_than = "2592000s"', "cleanup_policy_dry_run = true"):
        assert line in said
    assert said.count('enablement_config = "DISABLED"') == sum(not setup.scanning for setup in setups_)


def test_digests_that_are_too_many_for_a_policy_are_kept_by_several():
    digests = tuple(f"sha256:{number:064x}" for number in range(600))
    action = replace(made(COPIES), setup=Setup(cleanup=Cleanup(60, keep=digests)))
    policies = api_json(plan(action))[COPIES.resource]["cleanupPolicies"]
    kept = [policies[f"hub2ar-keep-{n}"]["condition"]["versionNamePrefixes"] for n in (1, 2, 3)]
    assert [each for part in kept for each in part] == list(digests)


def test_days_and_seconds_are_the_same_duration():
    assert seconds("30d") == seconds("2592000s")


@given(texts)
def test_text_stays_a_text(value):
    document = hcl([Block("x", (Attribute("a", value), Attribute("m", {value: value})), reason=value)])
    assert parsed(document) == {"x": [{"a": value, "m": {value: value}}]}


@pytest.mark.parametrize("value", ["${a}", "%{ if a }", "$${a}", "%%{a}", "a${"])
def test_no_text_begins_an_expression(value):
    begun = value.replace("${", "$${").replace("%{", "%%{")
    assert quoted(value) == f'"{begun}"'
    assert json.loads(blocks_as_json([Block("x", (Attribute("a", value),))], ""))["x"] == {"a": begun}


@given(texts)
def test_grant_is_read_back(member):
    if member == SERVICE_AGENT:
        return
    body = resources(read(plan(made(FRONT), grant(FRONT, member, role=member))), MEMBER)
    assert [(each["member"], each["role"]) for each in body.values()] == [(member, member)]


def test_grant_goes_to_the_repository_that_is_made():
    (body,) = resources(read(plan(made(FRONT), grant(FRONT, "allUsers"))), MEMBER).values()
    assert body == {
        "project": "${google_artifact_registry_repository.docker_hub.project}",
        "location": "${google_artifact_registry_repository.docker_hub.location}",
        "repository": "${google_artifact_registry_repository.docker_hub.name}",
        "role": READER,
        "member": "allUsers",
    }


def test_grant_on_a_repository_that_is_not_made_here_names_it():
    (body,) = resources(read(plan(grant(FRONT, "allUsers"))), MEMBER).values()
    assert (body["project"], body["location"], body["repository"]) == ("acme", "europe", "docker-hub")


def test_service_agent_has_the_number_of_its_project_and_its_repository_waits_for_the_grant():
    tree = read(EVERYTHING)
    (label,) = resources(tree, SECRET_MEMBER)
    body = resources(tree, SECRET_MEMBER)[label]
    number = "${data.google_project.acme.number}"
    assert (
        body["member"] == f"serviceAccount:service-{number}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    )
    assert (body["project"], body["secret_id"]) == ("vault", "hub-password")
    assert {"google_project": {"acme": {"project_id": "acme"}}} in tree["data"]
    repository = resources(tree, "google_artifact_registry_repository")["docker_hub_remote"]
    assert repository["depends_on"] == [f"${{{SECRET_MEMBER}.{label}}}"]


def test_no_version_of_a_secret_is_read_and_no_secret_is_made():
    written = text("terraform")
    assert "google_secret_manager_secret_version" not in written
    assert f"{SECRET}/versions/3" in written


def test_upstream_policies_have_the_priorities_of_the_api():
    policies = repositories(read(EVERYTHING))[FRONT.resource]["virtualRepositoryConfig"]["upstreamPolicies"]
    assert policies == [
        {"id": "docker-hub-copies", "repository": COPIES.resource, "priority": 100},
        {"id": "docker-hub-remote", "repository": REMOTE.resource, "priority": 90},
    ]


def test_perimeter_is_opened_by_the_beta_provider():
    tree = read(EVERYTHING)
    (body,) = resources(tree, "google_artifact_registry_vpcsc_config").values()
    assert body == {
        "provider": "google-beta",
        "project": "acme",
        "location": "europe",
        "vpcsc_policy": "ALLOW",
    }
    assert set(tree["terraform"][0]["required_providers"][0]) == {"google", "google-beta"}


def test_beta_provider_is_asked_for_only_where_it_is_needed():
    assert set(read(plan(made(GITHUB)))["terraform"][0]["required_providers"][0]) == {"google"}


def test_iam_is_additive():
    written = text("terraform")
    assert "_iam_policy" not in written
    assert "_iam_binding" not in written


def test_repositories_of_one_name_in_two_places_are_two_resources():
    targets = [Target("acme", place, "hub", Mode.STANDARD) for place in ("us", "europe", "eu-rope")]
    document = plan(*(CreateRepository(target, "holds copies") for target in (*targets, targets[0])))
    assert set(repositories(read(document))) == {target.resource for target in targets}


def test_json_says_what_hcl_says():
    tree, document = read(EVERYTHING), json.loads(text("terraform", syntax="json"))
    for kind, labelled in document["resource"].items():
        assert set(resources(tree, kind)) == set(labelled)
    said = document["resource"]["google_artifact_registry_repository"]["docker_hub_copies"]
    assert said["cleanup_policies"][0]["condition"]["older_than"] == "2592000s"
    repository = document["resource"]["google_artifact_registry_repository"]["docker_hub"]
    upstream = repository["virtual_repository_config"]["upstream_policies"][0]["repository"]
    assert upstream == "${google_artifact_registry_repository.docker_hub_copies.id}"


@pytest.mark.parametrize("syntax", ["hcl", "json"])
def test_reason_ends_no_comment(syntax):
    document = plan(
        CreateRepository(COPIES, 'a\n}\nresource "x" "y" {}\r\x85', setup=Setup(cleanup=Cleanup(60)))
    )
    written = text("terraform", document, syntax=syntax)
    kinds = json.loads(written)["resource"] if syntax == "json" else resources(parsed(written), "x")
    assert "x" not in kinds
    assert '"y"' not in kinds


@pytest.mark.parametrize("name", HOSTILE)
def test_resource_name_is_one_that_terraform_takes(name):
    document = plan(CreateRepository(Target(name, "europe", name, Mode.STANDARD), "holds copies"))
    (label,) = resources(read(document), "google_artifact_registry_repository")
    assert label.replace("_", "a").isalnum()
    assert not label[0].isdigit()
