"""Debian's docker-registry that lets in only who it knows: by password, by token, and behind a cache.

The server of tokens is a stand-in, but the registry checks what it signs: it says whether a token is for this
repository, for this action, and still good.
"""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from listening import listening

from planner.errors import Unauthorized
from planner.model.availability import Probe, Status
from planner.model.job import Copy
from planner.model.outcome import Outcome, Result
from planner.model.reference import Reference
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.manifest import Descriptor, Manifest, digest_of, read
from planner.registries.oci import Registries, connect
from planner.registries.retry import Policy
from planner.transfer import transfer

A, B = Reference.parse("r.example/team/a:1"), Reference.parse("r.example/team/b:1")
PASSWORD = "hidden:pass"
HTPASSWD = (
    "me:$2y$05$gCezFmSSdKkEvlFYjqTnm.rB/o78rnNV4mIexXlvWpmOm8i7JjWZ.\n"  # `htpasswd -Bbn me hidden:pass`
)
BASIC = base64.b64encode(f"me:{PASSWORD}".encode()).decode()
CONFIG = b"{}"


def manifest() -> Manifest:
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest_of(CONFIG), "size": 2}
    kind = "application/vnd.oci.image.manifest.v1+json"
    body = json.dumps({"schemaVersion": 2, "mediaType": kind, "config": config, "layers": []}).encode()
    return read(body, kind, digest_of(body))


async def push(registries: Registries, reference: Reference) -> str:
    async def pieces() -> AsyncIterator[bytes]:
        yield CONFIG

    await registries.upload(reference, Descriptor("", digest_of(CONFIG), 2), pieces)
    return await registries.put_manifest(reference, manifest())


def reaching(url: str, folder: Path, auth: str = BASIC, clock=time.monotonic, source: str = ""):
    """Reach a registry as docker is logged in to it, without `auth` it is not; and a source, if any."""
    entry = {url.partition("://")[2]: {"auth": auth}} if auth else {}
    (folder / "config.json").write_text(json.dumps({"auths": entry}))
    keychain = Keychain({"DOCKER_CONFIG": str(folder), "HOME": str(folder)})
    sources = {"source.example": Endpoint(source)} if source else {}
    endpoints = Endpoints({"r.example": Endpoint(url), **sources})
    return connect(endpoints, keychain=keychain, policy=Policy(clock=clock))


@pytest.fixture
def guarded_by_password(docker_registry, tmp_path) -> str:
    (tmp_path / "htpasswd").write_text(HTPASSWD)
    return docker_registry(extra=f"auth: {{htpasswd: {{realm: r, path: {tmp_path / 'htpasswd'}}}}}\n")


def test_password_lets_in(guarded_by_password, tmp_path):
    async def probe() -> Probe:
        async with reaching(guarded_by_password, tmp_path) as registries:
            await push(registries, A)
            return await registries.head(A)

    found = asyncio.run(probe())
    assert (found.status, found.digest) == (Status.PRESENT, manifest().digest)


@pytest.mark.parametrize(
    ("auth", "status", "said"),
    [
        ("", Status.DENIED, "r.example/team/a:1: 401"),
        (base64.b64encode(b"me:wrong").decode(), Status.UNREACHABLE, "config.json are refused: 401"),
        (base64.b64encode(b"other:x").decode(), Status.UNREACHABLE, "config.json are refused: 401"),
    ],
)
def test_wrong_password_is_not_a_missing_image(guarded_by_password, tmp_path, auth, status, said):
    async def probe() -> Probe:
        async with reaching(guarded_by_password, tmp_path, auth) as registries:
            return await registries.head(A)

    found = asyncio.run(probe())
    assert (found.status, said in found.detail) == (status, True), found.detail


@dataclass
class Tokens:
    """Signs tokens (RS256) for whatever is wanted, to who has the password; `asked` are the scopes."""

    folder: Path
    life: int = 300  # seconds
    asked: list[list[str]] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        self._key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tokens")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(self._key, hashes.SHA256())
        )
        (self.folder / "tokens.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        self._certificate = base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Basic {BASIC}":
            return web.json_response({"details": "incorrect username or password"}, status=401)
        scopes = request.query.getall("scope", [])
        self.asked.append(scopes)
        issued = datetime.now(UTC).isoformat()
        return web.json_response({"token": self.signed(scopes), "expires_in": self.life, "issued_at": issued})

    def signed(self, scopes: list[str]) -> str:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        now = int(time.time())
        access = [
            {"type": kind, "name": name, "actions": actions.split(",")}
            for kind, name, actions in (scope.split(":") for scope in scopes)
        ]
        claims = {"iss": "i", "sub": "me", "aud": "s", "exp": now + self.life, "nbf": now - 10, "iat": now}
        head = {"typ": "JWT", "alg": "RS256", "x5c": [self._certificate]}
        text = ".".join(encoded(json.dumps(part).encode()) for part in (head, {**claims, "access": access}))
        return f"{text}.{encoded(self._key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    @property
    def settings(self) -> str:
        return (
            f"auth: {{token: {{realm: {self.url}/token, service: s, issuer: i, "
            f"rootcertbundle: {self.folder / 'tokens.pem'}}}}}\n"
        )


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@asynccontextmanager
async def serving(tokens: Tokens) -> AsyncIterator[Tokens]:
    async with listening(web.ServerRunner(web.Server(tokens))) as port:
        tokens.url = f"http://127.0.0.1:{port}"
        yield tokens


def test_token_lets_in_and_is_asked_for_once_a_scope(docker_registry, tmp_path):
    async def asked() -> tuple[list[Probe], list[list[str]]]:
        async with serving(Tokens(tmp_path)) as tokens:
            url = docker_registry(extra=tokens.settings)
            async with reaching(url, tmp_path) as registries:
                await push(registries, A)
                tags = [A, *(A.with_version(f"none{number}", None) for number in range(5))]
                return await asyncio.gather(*map(registries.head, tags)), tokens.asked

    probes, asked_for = asyncio.run(asked())
    assert [probe.status for probe in probes] == [Status.PRESENT, *[Status.MISSING] * 5]
    assert asked_for == [["repository:team/a:pull,push"], ["repository:team/a:pull"]]


def test_blob_is_mounted_with_one_token_for_both_repositories(docker_registry, tmp_path):
    async def asked() -> tuple[bool, list[str]]:
        async with serving(Tokens(tmp_path)) as tokens:
            url = docker_registry(extra=tokens.settings)
            async with reaching(url, tmp_path) as registries:
                await push(registries, A)
                return await registries.begin(B, digest_of(CONFIG), A) is None, tokens.asked[-1]

    assert asyncio.run(asked()) == (True, ["repository:team/b:pull,push", "repository:team/a:pull"])


def test_token_is_replaced_before_it_ends(docker_registry, tmp_path):
    now = [0.0]

    async def asked() -> int:
        async with serving(Tokens(tmp_path, life=100)) as tokens:
            url = docker_registry(extra=tokens.settings)
            async with reaching(url, tmp_path, clock=lambda: now[0]) as registries:
                for now[0] in (0.0, 79.0, 81.0):
                    await registries.head(A)
                return len(tokens.asked)

    assert asyncio.run(asked()) == 2


def test_token_that_the_registry_takes_for_ended_is_replaced(docker_registry, tmp_path):
    """It is told to live for five minutes, but the registry knows that it ended a minute and more ago."""

    class Wrong(Tokens):
        def signed(self, scopes: list[str]) -> str:
            if len(self.asked) > 1:
                return super().signed(scopes)
            self.life = -300
            try:
                return super().signed(scopes)
            finally:
                self.life = 300

    async def asked() -> tuple[list[Status], int]:
        async with serving(Wrong(tmp_path)) as tokens:
            url = docker_registry(extra=tokens.settings)
            async with reaching(url, tmp_path) as registries:
                statuses = [(await registries.head(A)).status for _ in "ab"]
                return statuses, len(tokens.asked)

    statuses, fetched = asyncio.run(asked())
    assert (statuses[1], fetched) == (Status.MISSING, 2)


@pytest.mark.parametrize("auth", ["", base64.b64encode(b"me:wrong").decode()])
def test_no_token_no_push(docker_registry, tmp_path, auth):
    async def upload() -> None:
        async with serving(Tokens(tmp_path)) as tokens:
            url = docker_registry(extra=tokens.settings)
            async with reaching(url, tmp_path, auth) as registries:
                await push(registries, A)

    with pytest.raises(Unauthorized) as caught:
        asyncio.run(upload())
    assert PASSWORD not in repr(caught.value)


def test_cache_in_front_of_it_gives_what_it_has(docker_registry, tmp_path):
    """The cache is open to all; what it has not, it says it has not."""

    async def probes() -> tuple[Probe, Probe]:
        url = docker_registry()
        cache = docker_registry(proxy=url)
        async with reaching(url, tmp_path, "") as registries:
            await push(registries, A)
        async with reaching(cache, tmp_path, "") as registries:
            return await registries.head(A), await registries.head(B)

    present, missing = asyncio.run(probes())
    assert (present.digest, missing.status) == (manifest().digest, Status.MISSING)


def copies() -> list[Copy]:
    """Return copies of an image into two repositories; the second one gets its blobs by mounts."""
    source = Reference.parse("source.example/team/image:1")
    return [Copy(source, source, into, None, "") for into in (A, B)]


async def copied(url: str, folder: Path, source: str) -> list[Outcome]:
    async with reaching(url, folder, source=source) as registries:
        await push(registries, copies()[0].source)
        return [each async for each in transfer(copies(), registries, concurrency=1)]


def test_images_are_copied_to_where_a_password_lets_in(docker_registry, guarded_by_password, tmp_path):
    outcomes = asyncio.run(copied(guarded_by_password, tmp_path, docker_registry()))
    assert [(each.result, each.error) for each in outcomes] == [(Result.DONE, "")] * 2


def test_images_are_copied_to_where_tokens_let_in_with_one_for_each_scope(docker_registry, tmp_path):
    async def scopes() -> tuple[list[Outcome], list[list[str]]]:
        async with serving(Tokens(tmp_path)) as tokens:
            url = docker_registry(extra=tokens.settings)
            return await copied(url, tmp_path, docker_registry()), tokens.asked

    outcomes, asked = asyncio.run(scopes())
    assert [(each.result, each.error) for each in outcomes] == [(Result.DONE, "")] * 2
    assert asked == [
        ["repository:team/a:pull"],
        ["repository:team/a:pull,push"],
        ["repository:team/b:pull"],
        ["repository:team/b:pull,push", "repository:team/a:pull"],
        ["repository:team/b:pull,push"],
    ]
