"""Where a credential would be from, told without asking anybody."""

import asyncio
import base64
import json
from pathlib import Path

import pytest

from planner.errors import ConfigError
from planner.registries.credentials import Kind, Source, source, used
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain

SECRET = "hidden-s3cret"
ENTRY = {"auth": base64.b64encode(f"{SECRET}:{SECRET}".encode()).decode()}
AR = "europe-docker.pkg.dev"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path), "PATH": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}


@pytest.fixture
def config(tmp_path: Path):
    def write(**content: object) -> str:
        path = tmp_path / ".docker" / "config.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content))
        return str(path)

    return write


def test_nobody_is_logged_in(home):
    assert source("docker.io", environment=home) == Source(Kind.NONE)


def test_file_has_it_under_its_key(home, config):
    path = config(auths={"https://index.docker.io/v1/": ENTRY})
    found = source("docker.io", "library/nginx", environment=home)
    assert found == Source(Kind.FILE, path, "https://index.docker.io/v1/")


def test_entry_of_a_repository_is_named(home, config):
    path = config(auths={"r.example": ENTRY, "r.example/team": ENTRY})
    found = [source("r.example", name, environment=home).key for name in ("team/a", "other/a", "")]
    assert (found, path) == (["r.example/team", "r.example", "r.example"], path)


def test_helper_is_named_and_not_run(home, config, tmp_path):
    """There is no such program: running it would raise."""
    path = config(credHelpers={AR: "gcloud"}, credsStore="desktop")
    assert source(AR, environment=home) == Source(Kind.HELPER, "docker-credential-gcloud", AR, named_by=path)
    hub = source("docker.io", environment=home)
    assert hub == Source(Kind.HELPER, "docker-credential-desktop", "https://index.docker.io/v1/", path)


def test_variable_that_holds_the_content_is_named(home):
    found = source(
        "r.example", environment={**home, "DOCKER_AUTH_CONFIG": json.dumps({"auths": {"r.example": ENTRY}})}
    )
    assert found == Source(Kind.VARIABLE, "DOCKER_AUTH_CONFIG", "r.example")


@pytest.mark.parametrize("registry", [AR, "gcr.io", "eu.gcr.io"])
def test_google_s_hosts_take_application_default_credentials(home, registry):
    found = source(registry, environment=home)
    assert found == Source(Kind.GOOGLE, "the metadata server, if there is one", "attached account")


@pytest.mark.parametrize("registry", ["mirror.gcr.io", "pkg.dev.example", "docker.io"])
def test_other_hosts_do_not(home, registry):
    assert source(registry, environment=home).kind is Kind.NONE


@pytest.mark.parametrize("kind", ["authorized_user", "service_account", "external_account"])
def test_google_s_file_is_named_with_what_it_holds(home, tmp_path, kind):
    path = tmp_path / ".config" / "gcloud" / "application_default_credentials.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"type": kind, "refresh_token": SECRET}))
    assert source(AR, environment=home) == Source(Kind.GOOGLE, str(path), kind)


@pytest.mark.parametrize("content", ["{", "[]", '{"type": 5}', ""])
def test_google_s_file_that_is_none_is_no_crash(home, tmp_path, content):
    path = tmp_path / "adc.json"
    path.write_text(content)
    found = source(AR, environment={**home, "GOOGLE_APPLICATION_CREDENTIALS": str(path)})
    assert (found.kind, found.place, found.named_by) == (
        Kind.GOOGLE,
        str(path),
        "GOOGLE_APPLICATION_CREDENTIALS",
    )


@pytest.mark.parametrize(
    "name", ["CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT", "GOOGLE_IMPERSONATE_SERVICE_ACCOUNT"]
)
def test_account_that_is_acted_for_is_named(home, name):
    account = "mover@p.iam.gserviceaccount.com"
    assert source(AR, environment={**home, name: account}).acts_for == account


def test_registry_that_lives_elsewhere_has_the_credential_of_that_place(home, config):
    config(auths={"docker.io": ENTRY, "proxy.example:5000": ENTRY})
    places = Endpoints(
        {"docker.io": Endpoint("https://proxy.example:5000"), AR: Endpoint("https://p.example")}
    )
    assert source("docker.io", endpoints=places, environment=home).key == "proxy.example:5000"
    assert source(AR, endpoints=places, environment=home).kind is Kind.NONE


def test_file_that_cannot_be_read_is_a_setting_to_mend(home, config, tmp_path):
    Path(config()).write_text(SECRET)
    with pytest.raises(ConfigError, match=r"config\.json: the credentials cannot be read") as caught:
        source("docker.io", environment=home)
    assert SECRET not in repr(caught.value)


def test_no_secret_is_told(home, config):
    config(auths={"r.example": {**ENTRY, "identitytoken": SECRET}})
    found = source("r.example", environment=home)
    assert SECRET not in repr(found)


def told(registry: str, environment: dict[str, str], *, asking: bool = True) -> tuple[Kind, str]:
    async def find() -> tuple[Source, str]:
        keychain = Keychain(environment) if asking else None
        return await used(registry, keychain, environment=environment)

    found, problem = asyncio.run(find())
    return found.kind, problem


def test_helper_without_a_credential_is_passed_over_once_it_is_asked(home, config, tmp_path):
    helper = tmp_path / "docker-credential-empty"
    helper.write_text("#!/bin/sh\nread host; echo 'credentials not found in native keychain'; exit 1\n")
    helper.chmod(0o755)
    config(credsStore="empty", auths={"r.example": ENTRY})
    assert told("r.example", home) == (Kind.FILE, "")
    assert told("s.example", home) == (Kind.NONE, "")
    assert told("r.example", home, asking=False) == (Kind.HELPER, "")


def test_helper_that_fails_is_named_with_what_it_says(home, config):
    config(credsStore="nowhere", auths={"r.example": ENTRY})
    kind, problem = told("r.example", home)
    assert (kind, problem) == (
        Kind.HELPER,
        "docker-credential-nowhere cannot be run: no such file or directory",
    )


def test_file_that_cannot_be_read_is_the_problem_of_every_registry(home, config):
    Path(config()).write_text(SECRET)
    kind, problem = told("r.example", home)
    assert (kind, "cannot be read" in problem, SECRET in problem) == (Kind.NONE, True, False)
