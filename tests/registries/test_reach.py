"""Whether hosts can be reached, and in which words it is said that they cannot."""

import asyncio
import base64
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web
from misbehaving import misbehaving

from planner.model.diagnosis import Counting, Reach, Reached
from planner.model.reference import Reference
from planner.registries import reach as reach_module
from planner.registries.answer import Answer, Headers
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.reach import API, BLOBS, TOKENS, Findings, reach
from planner.rehearsal.filling import fill, image_of
from planner.rehearsal.limits import Limits
from planner.rehearsal.world import World

HELLO = Reference.parse("docker.io/library/hello-world:latest")
LIMIT = Reference.parse("docker.io/ratelimitpreview/test:latest")
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def endpoints(urls: Mapping[str, str]) -> Endpoints:
    everything = {"docker.io": NOBODY, "mirror.gcr.io": NOBODY, API: NOBODY, **urls}
    return Endpoints({name: Endpoint(url) for name, url in everything.items()})


async def asked(
    urls: Mapping[str, str], *registries: str, patience: float = 5.0, home: str = "/"
) -> Findings:
    names = ("mirror.gcr.io", *registries)
    return await reach(names, endpoints(urls), Keychain({"HOME": home}), patience, google=False)


def one(found: Findings, subject: str) -> Reach:
    [reply] = [each.reach for each in found.replies if each.reach.subject == subject]
    return reply


def in_a_world(
    question: Callable[[World], Awaitable[Findings]], limits: Limits | None = None
) -> tuple[Findings, int]:
    """Ask in a world whose mirror has hello-world; return the answers and how many pulls were spent."""

    async def whole() -> tuple[Findings, int]:
        filling = fill((HELLO, LIMIT))
        image_of(HELLO).store(filling.mirror.repository(HELLO.repository), "latest")
        async with World(filling=filling, limits=limits) as world:
            return await question(world), world.hub_pulls

    return asyncio.run(whole())


def test_everything_is_reached_and_no_pull_is_spent():
    found, pulls = in_a_world(lambda world: asked(world.endpoints, "us-central1-docker.pkg.dev"))
    assert {each.reach.subject: each.reach.reached for each in found.replies} == {
        "mirror.gcr.io": Reached.OK,
        "Docker Hub: registry": Reached.OK,
        TOKENS: Reached.OK,
        BLOBS: Reached.OK,
        "us-central1-docker.pkg.dev": Reached.OK,
        "Artifact Registry API": Reached.OK,
    }
    assert pulls == 0
    assert (found.limit.counting, found.limit.limit and found.limit.limit.remaining) == (
        Counting.LIMITED,
        100,
    )


def test_account_without_a_limit_is_not_told_one():
    found, _ = in_a_world(lambda world: asked(world.endpoints), Limits(pulls=None))
    assert (found.limit.counting, found.limit.detail) == (
        Counting.UNKNOWN, "a stand-in was asked, and stated no limit"
    )  # fmt: skip


def test_host_of_blobs_is_the_one_that_docker_hub_sends_to():
    async def question(world: World) -> Findings:
        world.docker_hub.redirect_blobs("http://localhost:9")
        return await asked(world.endpoints)

    found, pulls = in_a_world(question)
    assert one(found, BLOBS) == Reach(BLOBS, "localhost", Reached.REFUSED, "connection refused")
    assert pulls == 0


def test_host_of_blobs_is_not_known_without_the_mirror():
    found, pulls = in_a_world(lambda world: asked({**world.endpoints, "mirror.gcr.io": NOBODY}))
    assert one(found, BLOBS).reached is Reached.UNKNOWN
    assert "Docker Hub would count a pull" in one(found, BLOBS).detail
    assert pulls == 0


def test_refused_connection_of_every_host_is_told():
    found = asyncio.run(asked({}, "r.example"))
    states = {each.reach.subject: each.reach.reached for each in found.replies}
    assert states.pop(BLOBS) is states.pop(TOKENS) is Reached.UNKNOWN
    assert states.pop("r.example") is Reached.DNS
    assert set(states.values()) == {Reached.REFUSED}
    assert found.limit.counting is Counting.UNKNOWN


def test_hosts_that_hang_do_not_wait_for_each_other():
    """Each has the whole time; one after another they would need it five times."""

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def question() -> tuple[Findings, float]:
        server = await asyncio.start_server(hang, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server:
            return await asked(
                dict.fromkeys(("docker.io", "mirror.gcr.io", API, "r.example"), url),
                "r.example",
                patience=0.3,
            )

    found = asyncio.run(question())
    told = {each.reach.detail for each in found.replies if each.reach.reached is Reached.TIMEOUT}
    assert told in (
        {"no answer in 0.3 s"},
        {"no whole answer in 0.3 s"},
        {"no answer in 0.3 s", "no whole answer in 0.3 s"},
    )
    assert one(found, "r.example").reached is Reached.TIMEOUT
    assert "0.3 s" in found.limit.detail


@pytest.mark.parametrize(
    ("status", "registry", "api"),
    [
        (200, Reached.OK, Reached.OK),
        (401, Reached.OK, Reached.OK),
        (403, Reached.STATUS, Reached.STATUS),
        (404, Reached.STATUS, Reached.OK),
        (429, Reached.STATUS, Reached.OK),
        (500, Reached.STATUS, Reached.STATUS),
        (503, Reached.STATUS, Reached.STATUS),
    ],
)
def test_status_tells_whether_it_is_the_one_who_was_asked(serve, status, registry, api):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status)

    async def question() -> Findings:
        async with serve(answer) as server:
            return await asked({"r.example": server.url, API: server.url}, "r.example")

    found = asyncio.run(question())
    assert (one(found, "r.example").reached, one(found, "Artifact Registry API").reached) == (registry, api)
    if registry is Reached.STATUS:
        assert one(found, "r.example").detail == f"status {status}"


@pytest.mark.parametrize(
    ("reply", "reached"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", Reached.PROTOCOL),
        (b"", Reached.NETWORK),
        (b"HTTP/1.1 302 x\r\nLocation: ftp://x.example/\r\nContent-Length: 0\r\n\r\n", Reached.PROTOCOL),
    ],
)
def test_what_is_no_answer_has_its_word(speak, reply, reached):
    async def question() -> Findings:
        async with speak(reply) as url:
            return await asked({"r.example": url}, "r.example")

    assert one(asyncio.run(question()), "r.example").reached is reached


def test_certificate_that_nobody_vouches_for_is_told(tmp_path):
    async def question() -> Findings:
        async with misbehaving(_tls(tmp_path)) as server:
            return await asked({"r.example": server.url}, "r.example")

    found = one(asyncio.run(question()), "r.example")
    assert (found.reached, found.detail) == (
        Reached.TLS, "its certificate is not trusted: self-signed certificate"
    )  # fmt: skip


def _tls(folder: Path) -> ssl.SSLContext:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "r.example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    path = folder / "certificate.pem"
    path.write_bytes(
        builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_server_of_tokens_that_fails_is_told_apart(serve):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/token":
            return web.Response(status=503)
        return web.Response(status=401, headers={"WWW-Authenticate": 'Bearer realm="/token",service="r"'})

    async def question() -> Findings:
        async with serve(answer) as server:
            return await asked({"docker.io": server.url})

    found = asyncio.run(question())
    assert one(found, "Docker Hub: registry").reached is Reached.OK
    assert one(found, TOKENS) == Reach(TOKENS, "127.0.0.1", Reached.STATUS, "status 503")


def test_server_of_tokens_must_not_be_a_neighbour():
    """The registry is a public one by its name, and names an address of this side's own network."""
    answer = Answer(
        401, "https://r.example/v2/",
        Headers((("WWW-Authenticate", 'Bearer realm="http://169.254.169.254/token"'),)),
    )  # fmt: skip
    places = Endpoints({"docker.io": Endpoint("https://r.example")})
    asking = reach_module._Asking(places, Keychain({"HOME": "/"}), 1.0)
    home = reach_module.Reply(Reach("Docker Hub: registry", "r.example", Reached.OK), None, answer)
    assert asyncio.run(asking.tokens(home)).reach.reached is Reached.PROTOCOL


def test_proxy_that_is_away_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://ann:planted-s3cret@127.0.0.1:9")
    found = one(asyncio.run(asked({"r.example": "https://r.example"}, "r.example")), "r.example")
    assert found == Reach(
        "r.example", "r.example", Reached.PROXY, "the proxy cannot be reached", "127.0.0.1:9"
    )


def test_proxy_that_refuses_has_a_word_of_its_own(speak, monkeypatch):
    async def question() -> Findings:
        async with speak(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n") as url:
            monkeypatch.setenv("https_proxy", url)
            return await asked({"r.example": "https://r.example"}, "r.example")

    found = one(asyncio.run(question()), "r.example")
    assert found.reached is Reached.PROXY
    assert found.detail.startswith("the proxy refuses: 407; put the user into its URL in https_proxy")


def test_variable_that_names_no_proxy_stops_nothing_else(monkeypatch):
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:1080")
    found = asyncio.run(asked({"r.example": "https://r.example"}, "r.example"))
    assert one(found, "r.example").reached is Reached.PROXY
    assert one(found, "mirror.gcr.io").reached is Reached.REFUSED


def test_clock_is_read_from_the_date_of_an_answer(serve):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(headers={"Date": format_datetime(datetime.now(UTC) + timedelta(hours=1), True)})

    async def question() -> Findings:
        async with serve(answer) as server:
            return await asked({"r.example": server.url}, "r.example")

    [ahead] = [each.ahead for each in asyncio.run(question()).replies if each.ahead is not None]
    assert -3605 < ahead < -3500


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Nov 2026 00:00:00 GMT"])
def test_date_that_is_none_is_no_clock(date):
    headers = Headers((("Date", date),))
    assert reach_module._ahead(Answer(200, "", headers)) is None


def test_endpoint_that_is_set_up_wrongly_is_not_asked():
    found = asyncio.run(asked({"r.example": "http://192.0.2.1"}, "r.example"))
    assert one(found, "r.example").reached is Reached.UNKNOWN


@pytest.mark.parametrize("blobs", [200, 403, 500])
def test_docker_hub_cannot_make_us_tell_what_we_sent(serve, tmp_path, blobs):
    """It sends every secret back: in the headers of the limit, in bodies, in names of hosts."""
    secret, digest = "planted-s3cret", f"sha256:{'a' * 64}"
    basic = base64.b64encode(f"ann:{secret}".encode()).decode()
    echo = f"{secret} {basic} token-{secret}"

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/token":
            return web.json_response({"token": f"token-{secret}"})
        if not request.headers.get("Authorization", "").startswith("Bearer"):
            return web.Response(status=401, headers={"WWW-Authenticate": 'Bearer realm="/token",service="r"'})
        headers = {
            "RateLimit-Limit": "100;w=21600", "RateLimit-Remaining": "1;w=21600",
            "Docker-RateLimit-Source": echo,
            "Docker-Content-Digest": digest, "Content-Type": "application/vnd.oci.image.index.v1+json",
        }  # fmt: skip
        if "/blobs/" in request.path:
            return web.json_response({"errors": [{"message": echo}]}, status=blobs)
        return web.Response(headers=headers)

    async def mirror(request: web.BaseRequest) -> web.StreamResponse:
        config = {"digest": digest, "size": 2, "mediaType": "application/vnd.oci.image.config.v1+json"}
        body = {"schemaVersion": 2, "config": config, "layers": []}
        return web.Response(body=json.dumps(body), content_type="application/vnd.oci.image.manifest.v1+json")

    async def question() -> Findings:
        async with serve(answer) as hub, serve(mirror) as cache:
            entry = {"auths": {hub.url.partition("//")[2]: {"auth": basic}}}
            folder = tmp_path / ".docker"
            folder.mkdir()
            (folder / "config.json").write_text(json.dumps(entry))
            return await asked({"docker.io": hub.url, "mirror.gcr.io": cache.url}, home=str(tmp_path))

    found = asyncio.run(question())
    assert found.limit.limit is not None
    assert [
        mark
        for mark in (secret, basic)
        if mark in f"{found.limit!r} {[each.reach for each in found.replies]!r}"
    ] == []
