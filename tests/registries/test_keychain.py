"""Credentials from docker's and podman's files, and from helpers."""

import asyncio
import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.errors import ConfigError
from planner.registries._credential import Credential
from planner.registries.keychain import Keychain

SECRET = "pa:ss-w0rd"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., Credential | None]:
    """Look a host up with this config.json, and this `docker-credential-test`, which has it as `$host`."""

    def look_up(
        config: Any, host: str = "r.example", repository: str = "", helper: str = ""
    ) -> Credential | None:
        (tmp_path / "config.json").write_text(config if isinstance(config, str) else json.dumps(config))
        if helper:
            program = tmp_path / "docker-credential-test"
            program.write_text(f'#!/bin/sh\nread host\necho "$1 $host" >> {tmp_path}/asked\n{helper}\n')
            program.chmod(0o755)
        environment = {
            "DOCKER_CONFIG": str(tmp_path),
            "HOME": str(tmp_path),
            "PATH": f"{tmp_path}:/usr/bin:/bin",
        }
        return asyncio.run(Keychain(environment).find(host, repository))

    return look_up


@pytest.mark.parametrize(
    "entry",
    [
        {"auth": encoded(f"me:{SECRET}")},
        {"username": "me", "password": SECRET},
        {"auth": encoded(f"me:{SECRET}\0\0"), "email": "x"},
    ],
)
def test_file_holds_user_and_password(found, entry):
    assert found({"auths": {"r.example": entry}}) == Credential("me", SECRET)


@pytest.mark.parametrize(
    "key", ["r.example", "https://r.example", "https://r.example/v1/", "http://r.example/v2/"]
)
def test_host_is_found_under_any_spelling_of_its_key(found, key):
    assert found({"auths": {key: {"auth": encoded(f"me:{SECRET}")}}})


@pytest.mark.parametrize("key", ["https://index.docker.io/v1/", "docker.io", "registry-1.docker.io"])
def test_docker_hub_has_a_key_of_its_own(found, key):
    assert found({"auths": {key: {"auth": encoded(f"me:{SECRET}")}}}, "docker.io")


def test_identity_token_is_not_a_password(found):
    entry = {"auth": encoded("me:"), "identitytoken": SECRET}
    assert found({"auths": {"r.example": entry}}) == Credential("me", SECRET, is_refresh_token=True)


@pytest.mark.parametrize(
    "config", ["{}", "", {"auths": {}}, {"auths": {"r.example": {}}}, {"auths": {"other": {}}}]
)
def test_nothing_is_kept(found, config):
    assert found(config) is None


def test_longest_path_wins(found):
    auths = {name: {"auth": encoded(f"{name}:x")} for name in ("r.example", "r.example/a", "r.example/a/b")}
    users = [found({"auths": auths}, "r.example", path) for path in ("a/b/c", "a/x", "z")]
    assert [user and user.user for user in users] == ["r.example/a/b", "r.example/a", "r.example"]


def test_podman_s_file_is_read(tmp_path):
    place = tmp_path / "containers" / "auth.json"
    place.parent.mkdir()
    place.write_text(json.dumps({"auths": {"docker.io": {"auth": encoded("me:x")}}}))
    keychain = Keychain({"HOME": str(tmp_path / "none"), "XDG_RUNTIME_DIR": str(tmp_path)})
    assert asyncio.run(keychain.find("docker.io")) == Credential("me", "x")


GIVES = f"""echo '{{"ServerURL":"x","Username":"me","Secret":"{SECRET}"}}'"""


@pytest.mark.parametrize("config", [{"credHelpers": {"r.example": "test"}}, {"credsStore": "test"}])
def test_helper_is_asked(found, config):
    assert found(config, helper=GIVES) == Credential("me", SECRET)


def test_helper_is_asked_for_docker_hub_by_its_key(found, tmp_path):
    found({"credsStore": "test"}, "docker.io", helper=GIVES)
    assert (tmp_path / "asked").read_text() == "get https://index.docker.io/v1/\n"


def test_helper_is_asked_once_for_a_host(found, tmp_path):
    found({"credsStore": "test"}, helper=GIVES)
    (tmp_path / "asked").unlink()

    async def three() -> None:
        keychain = Keychain({"DOCKER_CONFIG": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin"})
        await asyncio.gather(*(keychain.find("r.example", name) for name in "abc"))

    asyncio.run(three())
    assert (tmp_path / "asked").read_text().count("\n") == 1


def test_refused_credential_is_asked_for_again(found, tmp_path):
    found({"credsStore": "test"}, helper=GIVES)
    (tmp_path / "asked").unlink()

    async def twice() -> None:
        keychain = Keychain({"DOCKER_CONFIG": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin"})
        credential = await keychain.find("r.example")
        assert credential
        keychain.forget(credential)
        await keychain.find("r.example")

    asyncio.run(twice())
    assert (tmp_path / "asked").read_text().count("\n") == 2


def test_token_of_a_helper_is_a_refresh_token(found):
    helper = """echo '{"Username":"<token>","Secret":"t"}'"""
    assert found({"credsStore": "test"}, helper=helper) == Credential("<token>", "t", is_refresh_token=True)


def test_store_without_an_entry_leaves_the_file(found):
    config = {"credsStore": "test", "auths": {"r.example": {"auth": encoded("me:x")}}}
    helper = "echo credentials not found in native keychain; exit 1"
    assert found(config, helper=helper) == Credential("me", "x")


@pytest.mark.parametrize(
    ("config", "helper", "reason"),
    [
        ({"credsStore": "missing"}, "", "docker-credential-missing cannot be run"),
        ({"credsStore": "test"}, "echo cannot reach the keyring; exit 1", "cannot reach the keyring"),
        ({"credsStore": "test"}, f"echo {SECRET}", "not JSON"),
        (f'{{"auths": {{"r.example": {{"auth": "{SECRET}', "", "cannot be read"),
        ({"auths": {"r.example": {"auth": SECRET}}}, "", "not valid base64"),
        ({"auths": {"r.example": {"auth": [SECRET]}}}, "", "cannot be read"),
    ],
)
def test_what_is_set_up_wrongly_is_said_without_the_secret(found, config, helper, reason):
    with pytest.raises(ConfigError, match=reason) as caught:
        found(config, helper=helper)
    assert SECRET not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_secret_is_not_printed():
    assert SECRET not in repr(Credential("me", SECRET))


def test_helper_that_gave_no_answer_is_not_asked_for_other_hosts(tmp_path):
    asked = tmp_path / "asked"
    helper = tmp_path / "docker-credential-slow"
    helper.write_text(f"#!/bin/sh\ncat >> {asked}\nexec sleep 60\n")
    helper.chmod(0o755)
    (tmp_path / "config.json").write_text('{"credsStore": "slow"}')
    environment = {"DOCKER_CONFIG": str(tmp_path), "HOME": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin"}

    async def find() -> list[str]:
        keychain, said = Keychain(environment, patience=0.5), []
        for host in ("a.example", "b.example", "a.example"):
            with pytest.raises(ConfigError) as caught:
                await keychain.find(host)
            said.append(caught.value.message)
        return said

    assert set(asyncio.run(find())) == {"docker-credential-slow gives no answer for a.example in 0.5 s"}
    assert asked.read_text() == "a.example"
