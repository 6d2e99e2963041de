import pytest
import yaml
from exporting import (
    COPIES,
    EVERYTHING,
    FRONT,
    GITHUB,
    HOSTILE,
    MADE,
    REMOTE,
    api,
    grant,
    made,
    plan,
    refusals,
    setups,
    text,
    texts,
)  # fmt: skip
from hypothesis import given
from msgspec.structs import replace

from planner.errors import ConfigError
from planner.exports._yaml import Block, document
from planner.model.plan import CreateRepository
from planner.model.repository import Mode, Setup, Target
from planner.model.repository_spec import MADE_BY

NO_FIELD = (
    "disableUpstreamValidation",
    "upstreamCredentials",
    "vulnerabilityScanningConfig",
    "commonRepository",
)

NUMBERS = ("1e3", "0o17", "1_000", "y", "No", "null", "~", "12:30", "2026-11-30", ".5", "=", "<<")


def objects(said=EVERYTHING):
    return [each for each in yaml.safe_load_all(text("config_connector", said)) if each]


def repositories(said):
    """Each repository by its resource name, as the API's JSON."""
    found = {each["metadata"]["name"]: each for each in said if each["kind"] == "ArtifactRegistryRepository"}
    names = {name: resource(each) for name, each in found.items()}
    return {names[name]: sent(each, names) for name, each in found.items()}


def resource(each):
    project, spec = each["metadata"]["annotations"]["cnrm.cloud.google.com/project-id"], each["spec"]
    return f"projects/{project}/locations/{spec['location']}/repositories/{spec['resourceID']}"


def sent(each, names):
    body = {key: value for key, value in each["spec"].items() if key not in ("resourceID", "location")}
    body["labels"] = each["metadata"]["labels"]
    if "kmsKeyRef" in body:
        body["kmsKeyName"] = body.pop("kmsKeyRef")["external"]
    if "cleanupPolicies" in body:
        body["cleanupPolicies"] = {policy["id"]: policy for policy in body["cleanupPolicies"]}
    for policy in body.get("virtualRepositoryConfig", {}).get("upstreamPolicies", []):
        reference = policy.pop("repositoryRef")
        policy["repository"] = names.get(reference.get("name"), reference.get("external"))
    return body


def without(tree, keys):
    return {
        key: without(each, keys) if isinstance(each, dict) else each
        for key, each in tree.items()
        if key not in keys
    }


def test_every_object_is_one_that_config_connector_takes():
    assert [refusal for each in objects() for refusal in refusals("config_connector", each)] == []


def test_objects_and_the_api_make_the_same_repositories_but_for_what_has_no_field():
    found = repositories(objects())
    made_here = [action for action in MADE if action.target != GITHUB]
    assert set(found) == {action.target.resource for action in made_here}
    for action in made_here:
        assert found[action.target.resource] == without(api(action), NO_FIELD)


def test_everything_that_has_a_field_is_said():
    found = repositories(objects())
    said, setup = found[COPIES.resource], made(COPIES).setup
    assert said["labels"] == setup.labels | dict([MADE_BY])
    assert said["kmsKeyName"] == setup.kms_key
    assert said["dockerConfig"] == {"immutableTags": True}
    assert said["cleanupPolicyDryRun"] is True
    assert said["cleanupPolicies"]["hub2ar-delete"]["condition"] == {
        "tagState": "ANY",
        "olderThan": "2592000s",
    }
    keep = said["cleanupPolicies"]["hub2ar-keep-1"]
    assert keep["condition"] == {"tagState": "ANY", "versionNamePrefixes": list(setup.cleanup.keep)}


def test_what_has_no_field_stands_in_a_comment_as_a_command():
    head = text("config_connector").split("---\n")[0]
    assert all(line.startswith("#") for line in head.splitlines())
    assert "gcloud artifacts repositories update docker-hub-remote --project=acme --location=europe" in head
    assert "--remote-username=acme-bot" in head
    assert "--remote-password-secret-version=projects/vault/secrets/hub-password/versions/3" in head
    assert "--disable-vulnerability-scanning" in head
    assert "gcloud artifacts repositories create ghcr-io" in head
    assert "--remote-docker-repo=https://ghcr.io" in head


def test_nothing_is_left_to_be_done_where_every_setting_has_a_field():
    assert (
        "gcloud" not in text("config_connector", plan(replace(made(REMOTE), setup=Setup()))).split("\n", 1)[1]
    )


def test_service_agent_is_named_by_its_identity():
    (identity,) = [each for each in objects() if each["kind"] == "ServiceIdentity"]
    member = next(each["spec"] for each in objects() if "memberFrom" in each["spec"])
    assert member["memberFrom"] == {"serviceIdentityRef": {"name": identity["metadata"]["name"]}}
    assert member["resourceRef"]["external"] == "projects/vault/secrets/hub-password"


def test_members_are_those_of_the_plan():
    members = [each["spec"]["member"] for each in objects() if "member" in each["spec"]]
    assert members == ["serviceAccount:nodes@acme.iam.gserviceaccount.com", "group:dev@acme.example"]


def test_objects_have_names_of_their_own():
    targets = [Target("acme", place, "hub", Mode.STANDARD) for place in ("us", "europe")]
    actions = [CreateRepository(target, "holds copies") for target in targets]
    grants = [
        grant(target, member) for target in targets for member in ("group:a@x.example", "user:a@y.example")
    ]
    names = [(each["kind"], each["metadata"]["name"]) for each in objects(plan(*actions, *grants))]
    assert len(set(names)) == len(names) == 6


def test_label_that_kubernetes_refuses_is_left_to_a_command():
    said = plan(replace(made(COPIES), setup=Setup({"team": "a", "end-": "b", "c": "_d"})))
    (each,) = objects(said)
    assert each["metadata"]["labels"] == {"team": "a"} | dict([MADE_BY])
    assert "--update-labels=managed-by=hub2ar,team=a,end-=b,c=_d" in text("config_connector", said)


@given(setups, texts, texts)
def test_no_text_leaves_its_quotes(setup, reason, member):
    action = replace(made(FRONT, upstreams=(COPIES,)), reason=reason, setup=replace(setup, credentials=None))
    try:
        said = objects(plan(action, grant(FRONT, member)))
    except ConfigError:
        return  # what no command can be given
    assert [each["kind"] for each in said][:1] == ["ArtifactRegistryRepository"]
    assert said[0]["spec"].get("kmsKeyRef", {"external": ""}) == {"external": setup.kms_key}
    assert [each["spec"].get("member", member) for each in said[1:]][:1] in ([member], [])
    assert [refusal for each in said[:1] for refusal in refusals("config_connector", each)] == []


@given(texts, texts)
def test_yaml_gives_back_what_it_was_given(key, value):
    said = document({key: [value, {"a": value}], "other": True, "number": 3})
    assert yaml.safe_load(said) == {key: [value, {"a": value}], "other": True, "number": 3}


@pytest.mark.parametrize("value", NUMBERS)
def test_text_that_some_reader_takes_for_something_else_is_quoted(value):
    assert document([value]) == f'- "{value}"\n'


def test_block_keeps_its_lines():
    assert document({"rego": Block("package a\n\nb := 1\n")}) == "rego: |\n  package a\n\n  b := 1\n"


@pytest.mark.parametrize("reason", HOSTILE)
def test_reason_stays_a_comment(reason):
    assert len(objects(plan(replace(made(COPIES), reason=reason)))) == 1
