"""How challenges are answered: tokens, passwords, and to whom they are given."""

import asyncio
import base64
import json
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from aiohttp import web

from planner.errors import RegistryError, Unauthorized
from planner.model.availability import Status
from planner.model.reference import Reference
from planner.registries._auth import Access, Authorizer
from planner.registries._transport import Transport
from planner.registries.answer import Answer, Headers
from planner.registries.endpoints import Endpoint, Endpoints
from planner.registries.keychain import Keychain
from planner.registries.oci import Descriptor, connect

HUB = "docker.io"
DIGEST = f"sha256:{'a' * 64}"
NGINX = Reference.parse("nginx:1.27")
PASSWORD = "hidden:pass"
BASIC = base64.b64encode(f"me:{PASSWORD}".encode()).decode()


@dataclass
class Guarded:
    """A registry with a server of tokens: `/token` gives t1, t2, …; those in `valid` are let in."""

    life: int | None = 300  # seconds
    realm: str = "/token"
    error: str = ""
    refuses: int = 0  # status of the server of tokens
    valid: set[str] = field(default_factory=set)
    given: int = 0
    expired: bool = False  # nothing it gives is valid

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/token":
            return self.token()
        if request.headers.get("Authorization") in {f"Bearer {token}" for token in self.valid}:
            return web.Response(headers={"Docker-Content-Digest": DIGEST}, content_type="application/json")
        challenge = (
            f'Bearer realm="{self.realm}",service="r",scope="repository:library/nginx:pull"{self.error}'
        )
        return web.Response(status=401, headers={"WWW-Authenticate": challenge})

    def token(self) -> web.Response:
        if self.refuses:
            return web.json_response({"details": f"no, not with {PASSWORD}"}, status=self.refuses)
        self.given += 1
        if not self.expired:
            self.valid.add(f"t{self.given}")
        life = {} if self.life is None else {"expires_in": self.life}
        return web.json_response({"token": f"t{self.given}", **life})


@pytest.fixture
def docker_config(tmp_path: Path):
    """Return an environment in which docker is logged in to a host."""

    def logged_in(url: str, **entry: str) -> dict[str, str]:
        entry = entry or {"auth": BASIC}
        content = {"auths": {url.partition("://")[2]: entry}}
        (tmp_path / "config.json").write_text(json.dumps(content))
        return {"DOCKER_CONFIG": str(tmp_path), "HOME": str(tmp_path)}

    return logged_in


def test_anonymous_token_is_fetched_for_the_scope(serve, reaching):
    async def asked() -> list[str]:
        async with serve(Guarded()) as registry, reaching({HUB: registry.url}) as registries:
            assert (await registries.head(NGINX)).status is Status.PRESENT
            return registry.asked

    assert asyncio.run(asked()) == [
        "HEAD /v2/library/nginx/manifests/1.27",
        "GET /token?service=r&scope=repository:library/nginx:pull",
        "HEAD /v2/library/nginx/manifests/1.27",
    ]


def test_next_repository_begins_with_its_token(serve, reaching):
    async def asked() -> list[str]:
        async with serve(Guarded()) as registry, reaching({HUB: registry.url}) as registries:
            await registries.head(NGINX)
            await registries.head(Reference.parse("redis:7"))
            return registry.asked[3:]

    assert asyncio.run(asked()) == [
        "GET /token?service=r&scope=repository:library/redis:pull",
        "HEAD /v2/library/redis/manifests/7",
    ]


def test_token_is_fetched_once_for_all_who_wait_for_it(serve, reaching):
    async def tokens() -> int:
        guarded = Guarded()
        async with serve(guarded) as registry, reaching({HUB: registry.url}) as registries:
            await asyncio.gather(*(registries.head(NGINX.with_version(f"1.{n}", None)) for n in range(10)))
            return guarded.given

    assert asyncio.run(tokens()) == 1


@pytest.mark.parametrize(
    ("life", "age", "fetched"), [(300, 239, 1), (300, 240, 2), (None, 47, 1), (None, 48, 2)]
)
def test_token_is_replaced_when_it_is_old(serve, reaching, life, age, fetched):
    times = [0.0]

    async def tokens() -> int:
        guarded = Guarded(life=life)
        async with (
            serve(guarded) as registry,
            reaching({HUB: registry.url}, clock=lambda: times[0]) as registries,
        ):
            await registries.head(NGINX)
            times[0] = age
            await registries.head(NGINX)
            return guarded.given

    assert asyncio.run(tokens()) == fetched


def test_token_that_ends_early_is_replaced(serve, reaching):
    async def status() -> Status:
        guarded = Guarded()
        async with serve(guarded) as registry, reaching({HUB: registry.url}) as registries:
            await registries.head(NGINX)
            guarded.valid.clear()
            return (await registries.head(NGINX)).status

    assert asyncio.run(status()) is Status.PRESENT


def test_blob_is_asked_for_again_with_a_new_token(serve, reaching):
    async def content() -> bytes:
        guarded = Guarded()
        async with serve(guarded) as registry, reaching({HUB: registry.url}) as registries:
            await registries.head(NGINX)
            guarded.valid.clear()
            empty = Descriptor(
                "", f"sha256:{'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'}", 0
            )
            return b"".join([piece async for piece in registries.blob(NGINX, empty)])

    assert asyncio.run(content()) == b""


def test_fresh_token_that_is_refused_ends_it(serve, reaching):
    async def asked() -> tuple[Status, int]:
        async with serve(Guarded(expired=True)) as registry, reaching({HUB: registry.url}) as registries:
            return (await registries.head(NGINX)).status, len(registry.seen)

    assert asyncio.run(asked()) == (Status.DENIED, 3)


def test_missing_right_is_no_reason_for_a_new_token(serve, reaching):
    async def tokens() -> int:
        guarded = Guarded(expired=True, error=',error="insufficient_scope"')
        async with serve(guarded) as registry, reaching({HUB: registry.url}) as registries:
            await registries.head(NGINX)
            assert (await registries.head(NGINX)).status is Status.DENIED
            return guarded.given

    assert asyncio.run(tokens()) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_refused_anonymous_token_means_denied(serve, reaching, status):
    async def answer() -> Status:
        async with serve(Guarded(refuses=status)) as registry, reaching({HUB: registry.url}) as registries:
            return (await registries.head(NGINX)).status

    assert asyncio.run(answer()) is Status.DENIED


def test_limited_server_of_tokens_means_rate_limited(serve, reaching):
    async def answer() -> Status:
        async with serve(Guarded(refuses=429)) as registry, reaching({HUB: registry.url}) as registries:
            return (await registries.head(NGINX)).status

    assert asyncio.run(answer()) is Status.RATE_LIMITED


def test_password_goes_to_the_server_of_tokens_only(serve, reaching, docker_config):
    async def authorizations() -> list[str | None]:
        async with serve(Guarded()) as registry:
            environment = docker_config(registry.url)
            async with reaching({HUB: registry.url}, environment=environment) as registries:
                await registries.head(NGINX)
            return registry.authorizations

    assert asyncio.run(authorizations()) == [None, f"Basic {BASIC}", "Bearer t1"]


def test_wrong_password_is_tried_once_and_says_nothing_about_the_image(serve, reaching, docker_config):
    async def tokens() -> tuple[set[Status], int, str]:
        async with serve(Guarded(refuses=401)) as registry:
            async with reaching({HUB: registry.url}, environment=docker_config(registry.url)) as registries:
                probes = [await registries.head(NGINX.with_version(f"1.{n}", None)) for n in range(3)]
            tried = [path for path in registry.asked if "/token" in path]
            return {probe.status for probe in probes}, len(tried), probes[0].detail

    statuses, tried, detail = asyncio.run(tokens())
    assert (statuses, tried) == ({Status.UNREACHABLE}, 1)
    assert PASSWORD not in detail
    assert "config.json are refused" in detail


def test_refresh_token_is_traded_by_post(serve, reaching, docker_config):
    async def bodies() -> list[str]:
        async with serve(Guarded()) as registry:
            environment = docker_config(registry.url, identitytoken="hidden")
            async with reaching({HUB: registry.url}, environment=environment) as registries:
                assert (await registries.head(NGINX)).status is Status.PRESENT
            return registry.asked

    assert asyncio.run(bodies())[1] == "POST /token"


def test_password_is_not_for_a_stranger_s_server_of_tokens(tmp_path, waits):
    """Nothing is sent in this test: the rule is asked."""
    rules = Authorizer(
        Transport(waits.policy), Endpoints({"in.example": Endpoint("http://127.0.0.1:1")}), Keychain({})
    )
    may = rules._may_have_secret
    assert may("docker.io", "https://auth.docker.io/token")
    assert may("r.example", "https://r.example:8443/token")
    assert may("in.example", "http://127.0.0.1:2/token")
    assert not may("docker.io", "https://auth.docker.io.evil.example/token")
    assert not may("docker.io", "http://auth.docker.io/token")
    assert not may("in.example", "https://auth.docker.io/token")


@pytest.mark.parametrize(
    ("tokens", "sent"), [("auth.registry.example", f"Basic {BASIC}"), ("auth.stranger.example", None)]
)
def test_password_follows_the_owner_of_the_registry(serve, waits, docker_config, monkeypatch, tokens, sent):
    """A proxy plays both hosts."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/token":
            return web.json_response({"token": "t"})
        return web.Response(status=401, headers={"WWW-Authenticate": f'Bearer realm="http://{tokens}/token"'})

    async def authorization() -> str | None:
        endpoints = Endpoints({"r.example": Endpoint("http://www.registry.example", insecure=True)})
        keychain = Keychain(docker_config("http://www.registry.example"))
        async with (
            serve(answer) as proxy,
            connect(endpoints, policy=waits.policy, keychain=keychain) as registries,
        ):
            monkeypatch.setenv("http_proxy", proxy.url)
            monkeypatch.delenv("no_proxy", raising=False)
            await registries.head(Reference.parse("r.example/a"))
            return proxy.authorizations[1]

    assert asyncio.run(authorization()) == sent


@pytest.mark.parametrize("realm", ["http://169.254.169.254/token", "https://10.0.0.1/token"])
def test_realm_cannot_lead_to_a_neighbour_of_this_machine(serve, waits, realm):
    async def again() -> None:
        async with Transport(waits.policy) as transport:
            auth = Authorizer(transport, Endpoints(), Keychain({"HOME": "/nonexistent"}))
            header = {"WWW-Authenticate": f'Bearer realm="{realm}"'}
            answer = Answer(401, "https://r.example/v2/", Headers(tuple(header.items())))
            await auth.again(Access("r.example", "a", ("repository:a:pull",)), answer, "")

    with pytest.raises(RegistryError, match=r"r\.example sends us to"):
        asyncio.run(again())


def test_challenge_of_a_server_we_were_sent_to_is_not_answered(serve, reaching, docker_config):
    async def asked() -> tuple[Status, list[str], list[str | None]]:
        async with serve(Guarded()) as other:

            async def sends_on(request: web.BaseRequest) -> web.StreamResponse:
                return web.Response(status=307, headers={"Location": f"{other.url}{request.path}"})

            async with serve(sends_on) as registry:
                environment = docker_config(registry.url)
                async with reaching({HUB: registry.url}, environment=environment) as registries:
                    status = (await registries.head(NGINX)).status
                return status, other.asked, other.authorizations

    assert asyncio.run(asked()) == (Status.DENIED, ["HEAD /v2/library/nginx/manifests/1.27"], [None])


class Basic:
    """A registry that wants user and password."""

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Authorization") == f"Basic {BASIC}":
            return web.Response(headers={"Docker-Content-Digest": DIGEST})
        return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="r"'})


def test_basic_challenge_is_answered_and_remembered(serve, reaching, docker_config):
    async def asked() -> tuple[set[Status], int]:
        async with serve(Basic()) as registry:
            async with reaching({HUB: registry.url}, environment=docker_config(registry.url)) as registries:
                statuses = {(await registries.head(NGINX)).status for _ in range(2)}
            return statuses, len(registry.seen)

    assert asyncio.run(asked()) == ({Status.PRESENT}, 3)


def test_detour_that_takes_the_password_off_does_not_make_it_a_wrong_one(serve, reaching, docker_config):
    """One image that is sent to another host and back says nothing about the others."""

    async def asked() -> tuple[str, Status]:
        async def back(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=307, headers={"Location": f"http://{request.query['to']}"})

        async with serve(back) as other:

            async def answer(request: web.BaseRequest) -> web.StreamResponse:
                if "nginx" in request.path and request.headers.get("Authorization"):
                    place = f"{other.url}/?to={request.host}{request.path}"
                    return web.Response(status=307, headers={"Location": place})
                return await Basic()(request)

            async with serve(answer) as registry:
                environment = docker_config(registry.url)
                async with reaching({HUB: registry.url}, environment=environment) as registries:
                    detail = (await registries.head(NGINX)).detail
                    return detail, (await registries.head(Reference.parse("redis:7"))).status

    assert asyncio.run(asked()) == ("docker.io/library/nginx:1.27: 401", Status.PRESENT)


def test_basic_challenge_without_a_password_means_denied(serve, reaching):
    async def asked() -> tuple[Status, int]:
        async with serve(Basic()) as registry, reaching({HUB: registry.url}) as registries:
            return (await registries.head(NGINX)).status, len(registry.seen)

    assert asyncio.run(asked()) == (Status.DENIED, 1)


@pytest.mark.parametrize("order", [1, -1])
def test_token_is_preferred_to_a_password(serve, reaching, docker_config, order):
    async def authorizations() -> list[str | None]:
        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            if request.path == "/token":
                return web.json_response({"access_token": "t"})
            if request.headers.get("Authorization") == "Bearer t":
                return web.Response(headers={"Docker-Content-Digest": DIGEST})
            offers = ['Basic realm="r"', 'Bearer realm="/token",service="r"'][::order]
            return web.Response(status=401, headers={"WWW-Authenticate": ", ".join(offers)})

        async with serve(answer) as registry:
            async with reaching({HUB: registry.url}, environment=docker_config(registry.url)) as registries:
                await registries.head(NGINX)
            return registry.authorizations

    assert asyncio.run(authorizations()) == [None, f"Basic {BASIC}", "Bearer t"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Negotiate", "it asks for negotiate"),
        ("Bearer", "it asks for bearer"),
        ('Digest realm="r", AWS4 x=y', "it asks for digest, aws4"),
        ("=,;", "it asks for what cannot be read"),
        ("", "it asks for what cannot be read"),
    ],
)
def test_challenge_that_cannot_be_answered_is_said(serve, reaching, header, said):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=401, headers={"WWW-Authenticate": header})

    async def probe():
        async with serve(answer) as registry, reaching({HUB: registry.url}) as registries:
            return await registries.head(NGINX)

    found = asyncio.run(probe())
    assert (found.status, said in found.detail) == (Status.DENIED, True)


def test_wrong_password_is_tried_for_no_other_image(serve, reaching, docker_config):
    """Again and again would lock the account. `/v2/` alone tells whether it is the password or the image."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="r"'})

    async def asked() -> tuple[set[Status], list[str], str]:
        async with serve(answer) as registry:
            async with reaching({HUB: registry.url}, environment=docker_config(registry.url)) as registries:
                probes = [await registries.head(NGINX.with_version(f"1.{n}", None)) for n in range(3)]
            sent = [str(request.path) for request in registry.seen if request.headers.get("Authorization")]
            return {probe.status for probe in probes}, sent, probes[2].detail

    statuses, sent, detail = asyncio.run(asked())
    assert (statuses, sent) == ({Status.UNREACHABLE}, ["/v2/library/nginx/manifests/1.0", "/v2/"])
    assert "config.json are refused: 401" in detail


def test_image_that_a_right_password_does_not_open_costs_no_other(serve, reaching, docker_config):
    """Some registries answer with 401 where the specification has 403."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if "nginx" in request.path:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="r"'}, text="not yours")
        return await Basic()(request)

    async def asked() -> list[tuple[Status, str]]:
        async with (
            serve(answer) as registry,
            reaching({HUB: registry.url}, environment=docker_config(registry.url)) as registries,
        ):
            images = (NGINX, Reference.parse("redis:7"), NGINX)
            return [(each.status, each.detail) for each in [await registries.head(i) for i in images]]

    denied = (Status.DENIED, "docker.io/library/nginx:1.27: 401")
    assert asyncio.run(asked()) == [denied, (Status.PRESENT, ""), denied]


def test_missing_server_of_tokens_is_no_missing_image(serve, reaching):
    async def probe():
        async with serve(Guarded(refuses=404)) as registry, reaching({HUB: registry.url}) as registries:
            return await registries.head(NGINX)

    found = asyncio.run(probe())
    assert (found.status, "no token from 127.0.0.1: 404" in found.detail) == (Status.UNREACHABLE, True)


def test_who_waited_for_a_token_shares_its_failure(serve, reaching):
    async def asked() -> tuple[set[Status], int]:
        guarded, all_refused = Guarded(refuses=400), asyncio.Event()

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            manifests = sum("/manifests/" in path for path in registry.asked)
            if manifests == 11:
                all_refused.set()
            if request.path == "/token" and manifests > 1:
                await all_refused.wait()
            return await guarded(request)

        async with serve(answer) as registry, reaching({HUB: registry.url}) as registries:
            await registries.head(NGINX)
            tags = [NGINX.with_version(f"1.{n}", None) for n in range(10)]
            probes = await asyncio.gather(*map(registries.head, tags))
            return {p.status for p in probes}, sum("/token" in path for path in registry.asked)

    assert asyncio.run(asked()) == ({Status.UNREACHABLE}, 2)


def test_scope_that_the_registry_wants_is_remembered(serve, reaching):
    """It serves `nginx` and means `proxied/nginx`: after the first time, no request is refused."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/token":
            wanted = "repository:proxied/nginx:pull" in request.query.getall("scope")
            return web.json_response({"token": "good" if wanted else "bad"})
        if request.headers.get("Authorization") == "Bearer good":
            return web.Response(headers={"Docker-Content-Digest": DIGEST})
        challenge = 'Bearer realm="/token",scope="repository:proxied/nginx:pull"'
        return web.Response(status=401, headers={"WWW-Authenticate": challenge})

    async def asked() -> int:
        async with serve(answer) as registry, reaching({HUB: registry.url}) as registries:
            for _ in "abc":
                assert (await registries.head(NGINX)).status is Status.PRESENT
            return len(registry.seen)

    assert asyncio.run(asked()) == 5


def answering_for(tokens: str, *, public: bool = False):
    """Be a registry whose tokens come from another host, and that host: a proxy plays both."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/token":
            return web.json_response({"token": "t"})
        if public and request.headers.get("Authorization") == "Bearer t":
            return web.Response(headers={"Docker-Content-Digest": DIGEST})
        return web.Response(status=401, headers={"WWW-Authenticate": f'Bearer realm="http://{tokens}/token"'})

    return answer


@pytest.mark.parametrize(
    ("token_hosts", "public", "sent", "status"),
    [
        ((), True, None, Status.PRESENT),
        ((), False, None, Status.DENIED),
        (("auth.stranger.example",), False, f"Basic {BASIC}", Status.DENIED),
        (("AUTH.stranger.example:80",), False, f"Basic {BASIC}", Status.DENIED),
        (("stranger.example",), False, None, Status.DENIED),
    ],
)
def test_settings_may_name_who_else_gets_the_password(
    serve, waits, docker_config, monkeypatch, token_hosts, public, sent, status
):
    async def asked():
        place = Endpoint("http://www.registry.example", insecure=True, token_hosts=token_hosts)
        keychain = Keychain(docker_config("http://www.registry.example"))
        async with (
            serve(answering_for("auth.stranger.example", public=public)) as proxy,
            connect(Endpoints({"r.example": place}), policy=waits.policy, keychain=keychain) as registries,
        ):
            monkeypatch.setenv("http_proxy", proxy.url)
            monkeypatch.delenv("no_proxy", raising=False)
            return await registries.head(Reference.parse("r.example/a")), proxy.authorizations[1]

    probe, authorization = asyncio.run(asked())
    assert (authorization, probe.status) == (sent, status)
    kept_back = sent is None and status is Status.DENIED
    assert ("auth.stranger.example, which token-hosts" in probe.detail) is kept_back


def test_named_server_of_tokens_may_have_a_private_address(waits):
    async def again(token_hosts: tuple[str, ...]) -> None:
        places = Endpoints({"r.example": Endpoint(token_hosts=token_hosts)})
        async with Transport(waits.policy) as transport:
            auth = Authorizer(transport, places, Keychain({"HOME": "/nonexistent"}))
            header = {"WWW-Authenticate": 'Bearer realm="https://127.0.0.1:9/token"'}
            answer = Answer(401, "https://r.example/v2/", Headers(tuple(header.items())))
            await auth.again(Access("r.example", "a", ("repository:a:pull",)), answer, "")

    with pytest.raises(RegistryError, match="which is not a public address"):
        asyncio.run(again(()))
    with pytest.raises(RegistryError, match=r"127\.0\.0\.1:\d+: connection refused"):
        asyncio.run(again(("127.0.0.1",)))


def test_mount_asks_for_both_repositories_in_one_token(serve, reaching):
    async def asked() -> list[str]:
        async with serve(Guarded(expired=True)) as registry, reaching({HUB: registry.url}) as registries:
            with pytest.raises(Unauthorized):  # a token for the one alone is no better
                await registries.begin(NGINX, DIGEST, Reference.parse("redis"))
            return registry.asked

    token = (
        "GET /token?service=r&scope=repository:library/nginx:pull,push&scope=repository:library/redis:pull"
    )
    assert asyncio.run(asked())[1] == token


@pytest.mark.parametrize("place", ["gopher://x/{}", "http://169.254.169.254/{}", "http://[{}"])
def test_password_in_the_place_of_an_upload_reaches_no_message(serve, reaching, docker_config, place):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if not request.headers.get("Authorization"):
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="r"'})
        return web.Response(status=202, headers={"Location": place.format(quote(PASSWORD))})

    async def push() -> None:
        async with serve(answer) as registry:
            environment = docker_config(registry.url)
            async with reaching({HUB: registry.url}, environment=environment) as registries:
                await registries.begin(NGINX, DIGEST)

    with pytest.raises(RegistryError, match=r"sends us to .*\[secret\]") as caught:
        asyncio.run(push())
    assert quote(PASSWORD) not in "".join(traceback.format_exception(caught.value))


def test_password_that_the_registry_repeats_reaches_no_traceback(serve, reaching, docker_config):
    async def repeat(request: web.BaseRequest) -> web.StreamResponse:
        header = request.headers.get("Authorization", "")
        if not header:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="r"'})
        said = f"{header} {base64.b64decode(header.removeprefix('Basic '))!r} {quote(PASSWORD)}"
        return web.json_response({"errors": [{"code": "DENIED", "message": said}]}, status=403)

    async def pull() -> None:
        async with serve(repeat) as registry:
            environment = docker_config(registry.url)
            async with reaching({HUB: registry.url}, environment=environment) as registries:
                await registries.manifest(NGINX)

    with pytest.raises(Unauthorized, match=r"DENIED: Basic \[secret\]") as caught:
        asyncio.run(pull())
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert not [part for part in (PASSWORD, quote(PASSWORD), BASIC) if part in shown]
