"""Files of credentials: what docker does not read, what stops it, what others may read."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.doctor import google, tokens
from planner.doctor.docker_config import HUB_KEY, ConfigFile, Machine, findings, helper_fails
from planner.model.diagnosis import Severity
from planner.model.source import SourceFile

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECRET = "planted-s3cret"
AUTH = {"auth": base64.b64encode(f"ann:{SECRET}".encode()).decode()}
AR = "europe-docker.pkg.dev"
PROGRAMS = ("docker-credential-gcloud", "docker-credential-desktop")


def found(text, *, registries=(), **facts):
    file = ConfigFile(SourceFile("/home/ann/.docker/config.json", text), **facts)
    return tuple(findings(file, Machine(lambda name: name in PROGRAMS, NOW, registries)))


def told(content, **facts):
    """The rules that a file breaks, with the line of each."""
    return [(each.rule, each.line) for each in found(json.dumps(content, indent=1), **facts)]


def jwt(expires: datetime) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": expires.timestamp()}).encode()).decode()
    return f"e30.{claims.rstrip('=')}.{SECRET}"


def test_what_docker_login_writes_is_right():
    assert told({"auths": {HUB_KEY: AUTH, AR: AUTH}}) == []
    assert told({"auths": {HUB_KEY: {}}, "credsStore": "desktop", "credHelpers": {AR: "gcloud"}}) == []
    assert told({}) == []
    assert found("") == ()


@pytest.mark.parametrize(
    "key",
    [
        "docker.io", "registry-1.docker.io", "https://index.docker.io/v2/", "index.docker.io",
        "https://index.docker.io/v1", "https://registry-1.docker.io/v2/", "hub.docker.com",
    ],
)  # fmt: skip
def test_wrong_key_of_docker_hub_is_found_on_its_line(key):
    assert told({"auths": {"r.example": AUTH, key: AUTH}}) == [("hub-key", 6)]


def test_key_that_is_a_web_page_is_used_by_nobody():
    [one] = found(json.dumps({"auths": {"https://hub.docker.com/": AUTH}}))
    assert (one.rule, one.follows) == ("hub-key", "nobody uses it: no image is pulled from there")


def test_wrong_key_beside_the_right_one_is_told_as_that():
    [one] = found(json.dumps({"auths": {"docker.io": AUTH, HUB_KEY: AUTH}}))
    assert one.follows == "docker does not look at it, for it finds credentials elsewhere"


def test_wrong_key_without_a_secret_is_no_matter():
    assert told({"auths": {"docker.io": {}, "index.docker.io": {"auth": ""}}}) == []


def test_podman_s_own_file_has_docker_hub_under_its_host():
    assert told({"auths": {"docker.io": AUTH}}, of_docker=False) == []


def test_helper_of_docker_hub_has_the_same_key():
    [one] = found(json.dumps({"credHelpers": {"docker.io": "desktop"}}))
    assert (one.rule, one.fix) == ("hub-key", f"write {HUB_KEY!r} for the key")


@pytest.mark.parametrize("key", [f"https://{AR}", f"{AR}/acme/images", f"https://{AR}/v2/"])
def test_helper_is_looked_for_by_the_host_alone(key):
    [one] = found(json.dumps({"credHelpers": {key: "gcloud"}, "credsStore": "desktop"}))
    assert (one.rule, one.fix) == ("helper-key", f"write {AR!r} for the key")
    assert one.follows == "docker asks 'docker-credential-desktop' instead"


def test_helper_that_is_not_installed_is_told_once():
    helpers = {"a.pkg.dev": "gcr", "b.pkg.dev": "gcr"}
    assert told({"credsStore": "osxkeychain", "credHelpers": helpers}) == [
        ("helper-missing", 2),
        ("helper-missing", 4),
    ]


def test_helper_with_its_whole_name_is_told_the_short_one():
    [one] = found(json.dumps({"credsStore": "docker-credential-gcloud"}))
    assert one.fix.startswith("write 'gcloud'")


def test_store_is_asked_instead_of_the_entry():
    assert told({"auths": {AR: AUTH}, "credsStore": "desktop"}) == [("store-first", 3)]
    assert told({"auths": {AR: AUTH}, "credsStore": "desktop", "credHelpers": {AR: ""}}) == []


def test_neighbours_helper_is_not_asked_for_the_registry_in_use():
    content = {"credHelpers": {"us-docker.pkg.dev": "gcloud"}}
    assert told(content, registries=("docker.io", AR)) == [("helper-elsewhere", 3)]
    assert told(content, registries=("docker.io", "us-docker.pkg.dev")) == []
    assert told({**content, "auths": {AR: AUTH}}, registries=(AR,)) == []


def test_passwords_that_others_may_read_are_told():
    assert told({"auths": {HUB_KEY: AUTH}}, open_to="-rw-r--r--") == [("config-open", 2)]
    assert told({"auths": {HUB_KEY: {}}}, open_to="-rw-r--r--") == []


@pytest.mark.parametrize("auth", [SECRET, "%%%", base64.b64encode(b"no colon").decode(), "\u00e9"])
def test_auth_that_is_none_is_found(auth):
    assert told({"auths": {HUB_KEY: {"auth": auth}}}) == [("bad-auth", 3)]


def test_token_is_over_by_its_own_date():
    old, new = jwt(NOW - timedelta(minutes=1)), jwt(NOW + timedelta(minutes=1))
    [one] = found(json.dumps({"auths": {HUB_KEY: {"identitytoken": old}, AR: {"identitytoken": new}}}))
    assert (one.rule, one.problem) == (
        "token-expired", f"the token for {HUB_KEY!r} was good until 2026-11-30 11:59 UTC"
    )  # fmt: skip


def test_google_s_access_token_is_over_after_an_hour():
    auth = {"auth": base64.b64encode(f"oauth2accesstoken:{SECRET}".encode()).decode()}
    assert told({"auths": {AR: auth}}, changed=NOW - timedelta(minutes=59)) == []
    assert told({"auths": {AR: auth}}, changed=NOW - timedelta(minutes=61)) == [("token-expired", 3)]
    assert told({"auths": {AR: AUTH}}, changed=NOW - timedelta(days=9)) == []


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (
            '{\n  "auths": {\n    // mine\n  }\n}',
            3,
            "a comment, which the program that reads this file refuses",
        ),
        ('{\n  "auths": {}\n  "x": 1}', 3, ""),
        ("[]", 1, "an object is expected"),
        (SECRET, 1, ""),
        ('\ufeff{"auths": {}}', 1, "it begins with a byte order mark"),
        ('{"auths": {}, "x": "\udce9"}', 1, "it is not UTF-8"),
        ('{\n "auths": []}', 2, "'auths' is not an object"),
        ('{\n "auths": {\n  "a": "b"}}', 3, "'a' is not an object of texts"),
        ('{\n "auths": {\n  "a": {"auth": 5}}}', 3, "'a' is not an object of texts"),
        ('{\n "credHelpers": {\n  "a": null}}', 3, "'a' is not a text"),
        ('{\n "credsStore": true}', 2, "'credsStore' is not a text"),
    ],
)
def test_file_that_nobody_can_read_is_told_with_its_line(text, line, problem):
    [one] = found(text)
    assert (one.rule, one.severity, one.line) == ("config-file", Severity.PROBLEM, line)
    assert problem in one.problem
    assert SECRET not in repr(one)


def test_failing_helper_is_told_at_the_line_that_names_it():
    content = {"credsStore": "desktop", "credHelpers": {AR: "gcloud"}}
    source = SourceFile("config.json", json.dumps(content, indent=1))
    assert helper_fails(source, "p", AR, "x").line == 4
    assert helper_fails(source, "p", HUB_KEY, "x").line == 2


def test_no_finding_tells_a_secret():
    content = {
        "auths": {
            "docker.io": AUTH, f"https://ann:{SECRET}@{AR}/x": {"identitytoken": jwt(NOW - timedelta(1))},
            "a.example": {"auth": SECRET}, "b.example": {"username": "ann", "password": SECRET},
        },
        "credHelpers": {f"https://ann:{SECRET}@{AR}/x": "gcr"},
        "credsStore": "desktop",
    }  # fmt: skip
    all_of_them = found(json.dumps(content), open_to="-rw-rw-rw-", registries=(AR,))
    assert {each.rule for each in all_of_them} >= {
        "hub-key", "helper-key", "helper-missing", "store-first", "config-open", "bad-auth", "token-expired"
    }  # fmt: skip
    assert SECRET not in repr(all_of_them)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["auths", "auth", "credHelpers", "docker.io"]) | st.text(max_size=5),
            inner, max_size=4,
        )
    ),
    max_leaves=12,
)  # fmt: skip


@given(JSON | st.fixed_dictionaries({"auths": JSON, "credHelpers": JSON, "credsStore": JSON}))
def test_no_json_makes_it_raise_and_every_line_is_in_the_file(content):
    text = json.dumps(content, indent=1)
    lines = text.count("\n") + 1
    assert all(1 <= each.line <= lines for each in found(text, registries=(AR,)))


@given(st.text(max_size=40))
def test_no_text_makes_it_raise(text):
    found(text)
    tokens.expiry(text)
    tokens.expiry(f"a.{text}.c")


def google_rules(**facts):
    file = google.CredentialsFile("/home/ann/adc.json", named=True, **facts)
    return [(each.rule, each.path) for each in google.findings(file)]


def test_variable_that_points_to_nothing_is_found():
    assert google_rules(unreadable="no such file") == [("adc-missing", google.VARIABLE)]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"type": 5}', '{"type": "password"}'])
def test_file_without_google_s_credentials_is_found(text):
    assert google_rules(text=text) == [("adc-file", "/home/ann/adc.json")]


def test_key_that_others_may_read_is_found():
    text = json.dumps({"type": "service_account", "private_key": SECRET})
    assert google_rules(text=text, open_to="-rw-r--r--") == [("adc-open", "/home/ann/adc.json")]
    assert google_rules(text=text) == []
