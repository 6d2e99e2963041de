"""Requests on the way: what is repeated, where redirects lead, what is cut off."""

import asyncio
from dataclasses import replace

import pytest
from aiohttp import web

from planner.errors import ConfigError, RegistryError, Unavailable
from planner.registries._request import Request
from planner.registries._transport import Transport
from planner.registries.answer import Answer
from planner.registries.endpoints import Endpoint, Endpoints

PULL_LIMIT = '{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit."}]}'


async def sent(policy, url, method="GET", home="", **given) -> Answer:
    async with Transport(policy) as transport:
        return await transport.request(Request(method, url, home or url, **given))


def replies(*answers):
    """Answer one after another; the last one stays."""
    left = list(answers)

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        status, headers, body = left.pop(0) if len(left) > 1 else left[0]
        return web.Response(status=status, headers=headers, text=body)

    return answer


FINE = (200, {}, "fine")


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 429])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST"])
def test_passing_trouble_is_tried_again(serve, waits, status, method):
    async def tries() -> list[str]:
        async with serve(replies((status, {}, ""), (status, {}, ""), FINE)) as stand_in:
            assert (await sent(waits.policy, stand_in.url, method)).status == 200
            return stand_in.asked

    assert len(asyncio.run(tries())) == 3
    assert waits.seconds == [0.2, 0.4]


def test_trouble_that_stays_is_the_answer_after_five_tries(serve, waits):
    async def tries() -> int:
        async with serve(replies((503, {}, ""))) as stand_in:
            assert (await sent(waits.policy, stand_in.url)).status == 503
            return len(stand_in.seen)

    assert asyncio.run(tries()) == 5


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (400, {}, ""),
        (401, {}, ""),
        (404, {}, ""),
        (429, {}, PULL_LIMIT),
        (429, {"RateLimit-Limit": "100;w=21600", "RateLimit-Remaining": "0;w=21600"}, ""),
    ],
)
def test_what_will_not_change_is_asked_once(serve, waits, status, headers, body):
    async def tries() -> int:
        async with serve(replies((status, headers, body), FINE)) as stand_in:
            assert (await sent(waits.policy, stand_in.url)).status == status
            return len(stand_in.seen)

    assert asyncio.run(tries()) == 1


@pytest.mark.parametrize(
    ("told", "waited"), [("7", 7.2), ("4000", 60.2), ("Mon, 23 Nov 2020 12:00:30 GMT", 0.2)]
)
def test_server_says_how_long_to_wait(serve, waits, told, waited):
    async def ask() -> None:
        async with serve(replies((429, {"Retry-After": told}, ""), FINE)) as stand_in:
            await sent(waits.policy, stand_in.url)

    asyncio.run(ask())
    assert waits.seconds == [waited]


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
    ],
)
def test_connection_that_breaks_off_is_tried_again(speak, waits, reply):
    async def ask() -> None:
        async with speak(reply) as url:
            await sent(waits.policy, url)

    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:\d+: the connection was closed"):
        asyncio.run(ask())
    assert len(waits.seconds) == 4


def test_server_that_speaks_no_http_is_asked_once(speak, waits):
    async def ask() -> None:
        async with speak(b"SSH-2.0-OpenSSH_9.2\r\n\r\n") as url:
            await sent(waits.policy, url)

    with pytest.raises(Unavailable, match="not an HTTP answer"):
        asyncio.run(ask())
    assert waits.seconds == []


def test_server_that_never_answers_is_given_up(serve, waits):
    async def ask() -> None:
        given_up = asyncio.Event()

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            await given_up.wait()
            return web.Response()

        async with serve(answer) as stand_in:
            try:
                await sent(replace(waits.policy, read=0.01, tries=2), stand_in.url)
            finally:
                given_up.set()

    with pytest.raises(Unavailable, match=r"no answer in 0\.01 s"):
        asyncio.run(ask())


def test_refused_host_is_not_tried_again_for_the_next_request(waits):
    async def twice() -> None:
        async with Transport(waits.policy) as transport:
            for _ in range(2):
                with pytest.raises(Unavailable, match=r"127\.0\.0\.1:\d+: connection refused"):
                    await transport.request(Request("HEAD", "http://127.0.0.1:9", "http://127.0.0.1:9"))

    asyncio.run(twice())
    assert len(waits.seconds) == 4


def test_missing_host_is_asked_for_once(waits):
    async def ask() -> None:
        await sent(waits.policy, "https://nowhere.invalid/v2/")

    with pytest.raises(Unavailable, match=r"nowhere\.invalid: host not found"):
        asyncio.run(ask())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_secret_stays_at_the_origin_that_redirects(serve, waits, status):
    async def authorizations() -> tuple[list[str | None], list[str | None]]:
        async with (
            serve(replies(FINE)) as storage,
            serve(replies((status, {"Location": f"{storage.url}/x?signature=s"}, ""))) as registry,
        ):
            await sent(waits.policy, registry.url, headers=(("Authorization", "Bearer t"),))
            assert storage.asked == ["GET /x?signature=s"]
            return registry.authorizations, storage.authorizations

    assert asyncio.run(authorizations()) == (["Bearer t"], [None])


def test_redirect_within_an_origin_keeps_the_secret(serve, waits):
    async def authorizations() -> list[str | None]:
        async with serve(replies((307, {"Location": "/elsewhere"}, ""), FINE)) as registry:
            await sent(waits.policy, registry.url, headers=(("Authorization", "Bearer t"),))
            return registry.authorizations

    assert asyncio.run(authorizations()) == ["Bearer t", "Bearer t"]


def test_secret_does_not_come_back_with_a_redirect_home(serve, waits):
    async def authorizations() -> list[str | None]:
        async with serve(replies((307, {"Location": "/never"}, ""))) as other:
            answers = [(307, {"Location": other.url}, ""), FINE]
            async with serve(replies(*answers)) as registry:
                other_answer = {"Location": registry.url}
                async with serve(replies((307, other_answer, ""))) as between:
                    answers[0][1]["Location"] = between.url
                    await sent(waits.policy, registry.url, headers=(("Authorization", "Bearer t"),))
                    return registry.authorizations

    assert asyncio.run(authorizations()) == ["Bearer t", None]


def test_redirects_end(serve, waits):
    async def ask() -> None:
        async with serve(replies((302, {"Location": "/again"}, ""))) as registry:
            await sent(waits.policy, registry.url)

    with pytest.raises(RegistryError, match="more than 10 redirects"):
        asyncio.run(ask())


@pytest.mark.parametrize(
    "place", ["http://169.254.169.254/latest", "https://10.0.0.1/x", "http://127.0.0.1:1/x"]
)
def test_public_registry_leads_to_no_private_address(serve, waits, place):
    async def ask() -> None:
        async with serve(replies((307, {"Location": place}, ""))) as registry:
            await sent(waits.policy, registry.url, home="https://registry.example")

    with pytest.raises(RegistryError, match=r"registry\.example sends us to"):
        asyncio.run(ask())


def test_what_is_sent_is_not_sent_on(serve, waits):
    async def ask() -> int:
        async with serve(replies((307, {"Location": "/elsewhere"}, ""))) as registry:
            return (await sent(waits.policy, registry.url, "PUT", body=b"x")).status

    assert asyncio.run(ask()) == 307


def test_answer_longer_than_its_cap_is_refused(serve, waits):
    async def ask() -> None:
        async with serve(replies((200, {}, "x" * 100_000))) as registry:
            await sent(waits.policy, registry.url, largest=1000)

    with pytest.raises(RegistryError, match="more than 1,000 bytes"):
        asyncio.run(ask())


def test_error_is_cut_off_at_its_cap(serve, waits):
    async def ask() -> Answer:
        async with serve(replies((404, {}, "x" * 1_000_000))) as registry:
            return await sent(waits.policy, registry.url, largest=8 << 20)

    assert len(asyncio.run(ask()).body) == 64 << 10


def test_server_cannot_repeat_a_secret_to_the_user(serve, waits):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=403, text=f"you sent {request.headers['Authorization']}")

    async def ask() -> bytes:
        async with serve(answer) as registry, Transport(waits.policy) as transport:
            request = Request("GET", registry.url, registry.url).authorized("Bearer hidden")
            return (await transport.request(request)).body

    assert asyncio.run(ask()) == b"you sent Bearer [secret]"


def test_every_request_says_who_asks_and_wants_no_compression(serve, waits):
    async def headers() -> tuple[str, str]:
        async with serve(replies(FINE)) as registry:
            await sent(waits.policy, registry.url)
            found = registry.seen[0].headers
            return found["User-Agent"].partition("/")[0], found["Accept-Encoding"]

    assert asyncio.run(headers()) == ("hub2ar", "identity")


def test_netrc_gives_no_password(serve, waits, tmp_path, monkeypatch):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hidden\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))

    async def authorizations() -> list[str | None]:
        async with serve(replies(FINE)) as registry:
            await sent(waits.policy, registry.url)
            return registry.authorizations

    assert asyncio.run(authorizations()) == [None]


def test_proxy_of_the_environment_is_used(serve, waits, monkeypatch):
    async def through() -> tuple[str, str | None]:
        async with serve(replies(FINE)) as proxy:
            monkeypatch.setenv("http_proxy", proxy.url.replace("://", "://me:secret@"))
            monkeypatch.delenv("no_proxy", raising=False)
            await sent(waits.policy, "http://registry.example/v2/")
            return proxy.seen[0].headers["Host"], proxy.seen[0].headers.get("Proxy-Authorization")

    assert asyncio.run(through()) == ("registry.example", "Basic bWU6c2VjcmV0")


def test_loopback_needs_no_proxy(serve, waits, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    async def ask() -> int:
        async with serve(replies(FINE)) as registry:
            return (await sent(waits.policy, registry.url)).status

    assert asyncio.run(ask()) == 200


def test_unknown_kind_of_proxy_is_a_setting_to_mend(waits, monkeypatch):
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:9")
    with pytest.raises(ConfigError, match="socks5"):
        asyncio.run(sent(waits.policy, "https://registry.example/v2/"))


@pytest.mark.parametrize(
    ("registry", "url"),
    [
        ("docker.io", "https://registry-1.docker.io"),
        ("mirror.gcr.io", "https://mirror.gcr.io"),
        ("r.example:5000", "https://r.example:5000"),
        ("localhost:5000", "http://localhost:5000"),
        ("ghcr.io", "http://127.0.0.1:5001"),
        ("r.internal", "http://10.0.0.1"),
    ],
)
def test_registry_lives_where_its_name_or_the_settings_say(registry, url):
    overrides = {
        "ghcr.io": Endpoint("http://127.0.0.1:5001/"),
        "r.internal": Endpoint("http://10.0.0.1", insecure=True),
    }
    assert Endpoints(overrides).url(registry) == url


@pytest.mark.parametrize("url", ["http://r.example", "http://10.0.0.1:5000", "ftp://r.example", "r.example"])
def test_endpoint_is_a_setting_to_mend(url):
    with pytest.raises(ConfigError, match=r"r\.example"):
        Endpoints({"r.example": Endpoint(url)}).url("r.example")


def test_hint_says_how_to_allow_plain_http():
    with pytest.raises(ConfigError) as caught:
        Endpoints({"r.example": Endpoint("http://10.0.0.1")}).url("r.example")
    assert "insecure = true" in caught.value.hint
