"""Google's application default credentials, and to whom their token goes."""

import asyncio
import json

import pytest
from aiohttp import web
from msgspec import structs

from planner.errors import ConfigError, Unauthorized
from planner.model.availability import Status
from planner.model.reference import Reference
from planner.registries._auth import Access, Authorizer, GoogleDefault
from planner.registries._transport import Transport
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.google_credentials import IMPERSONATE, kind, unusable
from planner.registries.keychain import Keychain
from planner.registries.oci import connect

SECRET = "hidden-s3cret"


@pytest.fixture(autouse=True)
def _nobody_is_logged_in(monkeypatch, tmp_path):
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", *IMPERSONATE):
        monkeypatch.delenv(name, raising=False)
    for name in ("CLOUDSDK_CONFIG", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")


AR = Access("europe-docker.pkg.dev", "p/r/i", ("repository:p/r/i:pull",))


@pytest.fixture
def service_account(tmp_path, monkeypatch):
    """Make a key of a service account, whose tokens a stand-in gives, the application default credentials."""
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048).private_bytes(
        s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()
    )

    def use(token_uri: str) -> None:
        account = {
            "type": "service_account",
            "client_email": "a@p.iam.gserviceaccount.com",
            "token_uri": token_uri,
        }
        path = tmp_path / "adc.json"
        path.write_text(json.dumps({**account, "project_id": "p", "private_key": key.decode()}))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))

    return use


def google_tokens():
    given = 0

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal given
        given += 1
        return web.json_response(
            {"access_token": f"ya29.{given}", "expires_in": 3600, "token_type": "Bearer"}
        )

    return answer


def test_google_s_hosts_take_the_access_token_as_it_is(serve, waits, service_account, tmp_path):
    async def headers() -> list[str]:
        async with serve(google_tokens()) as tokens:
            service_account(f"{tokens.url}/token")
            auth = Authorizer(Transport(waits.policy), Endpoints(), Keychain({"HOME": str(tmp_path)}))
            return [await auth.header(AR), await auth.header(structs.replace(AR, registry="mirror.gcr.io"))]

    assert asyncio.run(headers()) == ["Bearer ya29.1", ""]


def test_google_s_token_is_refreshed_when_it_was_refused(serve, service_account):
    async def tokens() -> list[str]:
        async with serve(google_tokens()) as server:
            service_account(f"{server.url}/token")
            google = GoogleDefault()
            return [await google.token(), await google.token(), await google.token(rejected="ya29.1")]

    assert asyncio.run(tokens()) == ["ya29.1", "ya29.1", "ya29.2"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "https://proxy.example", "https://pkg.dev.example"])
def test_stand_in_for_google_s_host_gets_no_google_token(waits, tmp_path, monkeypatch, url):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent")  # looking it up would raise
    endpoints = Endpoints({AR.registry: Endpoint(url)})
    auth = Authorizer(Transport(waits.policy), endpoints, Keychain({"HOME": str(tmp_path)}))
    assert asyncio.run(auth.header(AR)) == ""


def test_no_google_credentials_means_none(monkeypatch, tmp_path):
    for name, value in {
        "NO_GCE_CHECK": "true",
        "CLOUDSDK_CONFIG": str(tmp_path),
        "HOME": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    assert asyncio.run(GoogleDefault().token()) == ""


def test_missing_key_file_is_a_setting_to_mend(monkeypatch):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent")
    with pytest.raises(ConfigError, match="/nonexistent"):
        asyncio.run(GoogleDefault().token())


def test_google_s_refusal_says_what_to_do(serve, service_account):
    async def refuse(request: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({"error": "invalid_grant"}, status=400)

    async def token() -> None:
        async with serve(refuse) as server:
            service_account(f"{server.url}/token")
            await GoogleDefault().token()

    with pytest.raises(Unauthorized) as caught:
        asyncio.run(token())
    assert "gcloud auth application-default login" in caught.value.hint


@pytest.mark.parametrize("name", IMPERSONATE)
def test_service_account_is_acted_for(service_account, serve, monkeypatch, name):
    """The metadata of google-auth says where: its endpoint is not to be chosen, so none is asked here."""
    from google.auth import impersonated_credentials

    from planner.registries.google_credentials import credentials

    service_account("http://127.0.0.1:9/token")
    monkeypatch.setenv(name, "first@p.iam.gserviceaccount.com, mover@p.iam.gserviceaccount.com")
    found = credentials()
    assert isinstance(found, impersonated_credentials.Credentials)
    assert found.service_account_email == "mover@p.iam.gserviceaccount.com"


def test_nobody_cannot_act_for_a_service_account(monkeypatch):
    monkeypatch.setenv(IMPERSONATE[0], "mover@p.iam.gserviceaccount.com")
    with pytest.raises(ConfigError, match=r"to act for mover@p\.iam"):
        asyncio.run(GoogleDefault().token())


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "5", "null", '{"type": "service_account"}', '{"type": "external_account"}', '{"type": 5}',
     '{"type": "authorized_user", "refresh_token": "hidden-s3cret"}',
     '{"type": "impersonated_service_account"}',
     '{"type": "service_account", "private_key": "hidden-s3cret", "client_email": "x", "token_uri": "y"}'],
)  # fmt: skip
def test_file_that_is_no_credential_is_one_error_without_its_content(monkeypatch, tmp_path, content):
    path = tmp_path / "adc.json"
    path.write_text(content)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    with pytest.raises((ConfigError, Unauthorized)) as caught:
        asyncio.run(GoogleDefault().token())
    assert SECRET not in repr(caught.value) + caught.value.hint
    assert kind(path)


def test_credentials_that_google_refuses_say_nothing_about_the_image(serve, service_account, waits, tmp_path):
    """And they are tried once, not for every image."""

    async def refuse(request: web.BaseRequest) -> web.StreamResponse:
        return web.json_response(
            {"error": "invalid_grant", "error_description": "Token has been revoked."}, status=400
        )

    async def asked():
        async with serve(refuse) as server:
            service_account(f"{server.url}/token")
            keychain = Keychain({"HOME": str(tmp_path)})
            async with connect(policy=waits.policy, keychain=keychain) as registries:
                references = [Reference.parse(f"gcr.io/p/a:{number}") for number in range(3)]
                return [await registries.head(each) for each in references], len(server.seen)

    probes, tried = asyncio.run(asked())
    assert ({probe.status for probe in probes}, tried) == ({Status.UNREACHABLE}, 1)
    assert "cannot be used: invalid_grant: Token has been revoked." in probes[2].detail


def test_token_that_is_good_is_had_without_another_thread(serve, service_account, monkeypatch):
    async def tokens() -> list[str]:
        async with serve(google_tokens()) as server:
            service_account(f"{server.url}/token")
            google = GoogleDefault()
            first = await google.token()
            monkeypatch.setattr(asyncio, "to_thread", None)
            return [first, await google.token()]

    assert asyncio.run(tokens()) == ["ya29.1", "ya29.1"]


def test_credentials_that_give_a_token_are_usable(serve, service_account):
    async def ask() -> str:
        async with serve(google_tokens()) as google:
            service_account(google.url)
            return await asyncio.to_thread(unusable, 5.0)

    assert asyncio.run(ask()) == ""


def test_credentials_that_google_refuses_are_told_without_a_secret(serve, service_account):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.json_response({"error": "invalid_grant", "error_description": "expired"}, status=400)

    async def ask() -> str:
        async with serve(answer) as google:
            service_account(google.url)
            return await asyncio.to_thread(unusable, 5.0)

    assert "invalid_grant" in asyncio.run(ask())
