import json
import subprocess
import sys
from pathlib import Path

import pytest
from exporting import (
    COPIES,
    EVERYTHING,
    FRONT,
    GITHUB,
    HOSTILE,
    HUB_LOGIN,
    MADE,
    REMOTE,
    api,
    grant,
    made,
    plan,
    setups,
    text,
    texts,
)  # fmt: skip
from fake_gcloud import Gcloud, flags, labels, sent
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from planner.errors import ConfigError
from planner.exports._shell import pairs
from planner.model.plan import CreateRepository, Grant
from planner.model.repository import SERVICE_AGENT, Mode, Target
from planner.model.repository_spec import MADE_BY


@pytest.fixture
def gcloud(tmp_path):
    return Gcloud(tmp_path)


def test_script_asks_for_what_the_api_is_sent(gcloud):
    assert gcloud.run(text("gcloud")) == (0, "")
    found = sent(gcloud)
    for action in MADE:
        assert found[action.target.resource] == api(action)


def test_everything_that_a_repository_is_made_with_is_asked_for(gcloud):
    gcloud.run(text("gcloud"))
    found = sent(gcloud)
    for action in MADE:
        said, setup = found[action.target.resource], action.setup
        assert said["labels"] == setup.labels | dict([MADE_BY])
        assert said.get("kmsKeyName", "") == setup.kms_key
        assert ("dockerConfig" in said) == setup.immutable_tags
        assert ("vulnerabilityScanningConfig" in said) == (not setup.scanning)
        assert ("cleanupPolicies" in said) == (setup.cleanup is not None)
    login = {"username": HUB_LOGIN.username, "passwordSecretVersion": HUB_LOGIN.secret}
    credentials = found[REMOTE.resource]["remoteRepositoryConfig"]["upstreamCredentials"]
    assert credentials == {"usernamePasswordCredentials": login}
    cleanup = found[COPIES.resource]
    assert cleanup["cleanupPolicyDryRun"]
    assert cleanup["cleanupPolicies"]["hub2ar-delete"]["condition"]["olderThan"] == "2592000s"
    assert cleanup["cleanupPolicies"]["hub2ar-keep-1"]["condition"]["versionNamePrefixes"] == list(
        MADE[1].setup.cleanup.keep
    )


def test_second_run_changes_what_may_change_and_creates_nothing(gcloud):
    gcloud.run(text("gcloud"))
    assert gcloud.run(text("gcloud")) == (0, "")
    assert list(gcloud.calls("artifacts", "repositories", "create")) == []
    updated = {words[0]: flags(words) for words, _ in gcloud.calls("artifacts", "repositories", "update")}
    assert set(updated) == {action.target.repository for action in MADE}
    assert updated[REMOTE.repository]["remote-username"] == "acme-bot"
    assert all({"kms-key", "mode", "labels"}.isdisjoint(each) for each in updated.values())


def test_repository_of_another_mode_ends_the_script(gcloud):
    (gcloud.folder / "state").write_text(json.dumps({REMOTE.repository: "STANDARD_REPOSITORY"}))
    code, said = gcloud.run(text("gcloud"))
    assert code == 1
    assert "is a STANDARD_REPOSITORY, and has to be a REMOTE_REPOSITORY" in said
    assert list(gcloud.calls("artifacts", "repositories", "create")) == []


def test_secret_is_granted_before_the_repository_that_needs_it_is_made(gcloud):
    gcloud.run(text("gcloud"))
    order = [words for words, _ in gcloud.calls()]
    secret = next(n for n, words in enumerate(order) if words[0] == "secrets")
    created = next(n for n, words in enumerate(order) if words[:3] == ["artifacts", "repositories", "create"])
    assert secret < created
    ((words, _),) = gcloud.calls("secrets", "add-iam-policy-binding")
    assert words == [
        "hub-password",
        "--project=vault",
        "--member=serviceAccount:service-123@gcp-sa-artifactregistry.iam.gserviceaccount.com",
        "--role=roles/secretmanager.secretAccessor",
        "--condition=None",
    ]


def test_virtual_repository_is_made_after_those_that_it_stands_in_front_of(gcloud):
    gcloud.run(text("gcloud", plan(made(FRONT, upstreams=(COPIES, REMOTE)), made(COPIES), made(REMOTE))))
    assert [words[0] for words, _ in gcloud.calls("artifacts", "repositories", "create")][-1] == "docker-hub"


def test_members_and_perimeters_are_those_of_the_plan(gcloud):
    gcloud.run(text("gcloud"))
    bound = [words for words, _ in gcloud.calls("artifacts", "repositories", "add-iam-policy-binding")]
    grants = [each for each in EVERYTHING.actions if isinstance(each, Grant) and not each.secret]
    assert [(words[0], flags(words)["member"], flags(words)["role"]) for words in bound] == [
        (each.target.repository, each.member, each.role) for each in grants
    ]
    allowed = list(gcloud.calls("artifacts", "vpcsc-config", "allow"))
    assert allowed == [(["--project=acme", "--location=europe"], "")]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(setups, texts, texts)
def test_no_text_leaves_its_word(gcloud, setup, reason, member):
    (gcloud.folder / "state").unlink(missing_ok=True)
    action = replace(made(COPIES), reason=reason, setup=setup)
    try:
        script = text("gcloud", plan(action, grant(COPIES, member)))
    except ConfigError:
        return
    assert gcloud.run(script) == (0, "")
    ((words, _),) = gcloud.calls("artifacts", "repositories", "create")
    assert labels(flags(words)["labels"]) == setup.labels | dict([MADE_BY])
    assert flags(words).get("kms-key", "") == setup.kms_key
    ((words, _),) = gcloud.calls("artifacts", "repositories", "add-iam-policy-binding")
    if member != SERVICE_AGENT:
        assert flags(words)["member"] == member
    said = [json.loads(said) for _, said in gcloud.calls("artifacts", "repositories", "set-cleanup-policies")]
    kept = [each["condition"].get("versionNamePrefixes", []) for each in said[0][1:]] if said else []
    assert kept == ([list(setup.cleanup.keep)] if setup.cleanup and setup.cleanup.keep else [])


@given(texts, texts)
def test_labels_are_taken_apart_where_they_were_put_together(key, value):
    entries = {key: value, "managed-by": "hub2ar"}
    try:
        joined = pairs(entries)
    except ConfigError:
        return
    assert labels(joined) == entries


@pytest.mark.parametrize("name", ["--help", "-q", "a\x00b"])
def test_name_that_no_program_can_be_given_is_refused(name):
    with pytest.raises(ConfigError, match=r"flag|NUL"):
        text("gcloud", plan(CreateRepository(Target("acme", "us", name, Mode.STANDARD), "copies")))


@pytest.mark.parametrize("document", [EVERYTHING, plan(), plan(made(GITHUB, registry="$(id)"))])
def test_shellcheck_finds_nothing(document):
    checker = Path(sys.executable).parent / "shellcheck"
    done = subprocess.run(
        [checker, "--severity=warning", "-"],
        input=text("gcloud", document),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("reason", [each for each in HOSTILE if each])
def test_reason_stays_a_comment(gcloud, reason):
    gcloud.run(text("gcloud", plan(replace(made(COPIES), reason=reason))))
    assert {words[0] for words, _ in gcloud.calls()} == {"artifacts"}
