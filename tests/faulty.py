"""A proxy in front of a registry that goes wrong on command, and writes down what was asked."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

Went = web.StreamResponse | None  # None: the registry is to answer
Going = Callable[[web.Request], Awaitable[Went]]
Change = Callable[[bytes], bytes]
ALWAYS = 1 << 30


@dataclass
class Wrong:
    """What goes wrong with calls (`GET /v2/…`) that match, and how often."""

    call: str  # a regular expression
    going: Going | None = None  # instead of the registry, or before it
    times: int = 1
    change: Change | None = None  # of the body of an answer
    cut_at: int = -1  # bytes of an answer after which the connection is reset

    def fits(self, call: str) -> bool:
        if self.times > 0 and re.search(self.call, call):
            self.times -= 1
            return True
        return False


@dataclass
class Proxy:
    url: str = ""
    calls: list[str] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)


def status(code: int, body: str = "", **headers: str) -> Going:
    """Answer so, once all of the request is there."""

    async def answer(request: web.Request) -> Went:
        await request.read()
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=code, text=body, headers=told)

    return answer


def redirect(place: str) -> Going:
    async def answer(request: web.Request) -> Went:
        return web.Response(status=307, headers={"Location": place + request.path_qs})

    return answer


def meanwhile(happens: Callable[[], Awaitable[object]]) -> Going:
    """Let something happen before the registry answers."""

    async def answer(request: web.Request) -> Went:
        del request
        await happens()
        return None

    return answer


async def reset(request: web.Request) -> Went:
    """End the connection in the middle of the request."""
    await request.content.read(1)
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def faulty(url: str, *wrongs: Wrong) -> AsyncIterator[Proxy]:
    """Stand in front of the registry at `url`."""
    proxy = Proxy()

    async def answer(request: web.Request) -> web.StreamResponse:
        proxy.calls.append(f"{request.method} {request.path_qs}")
        proxy.authorizations.append(request.headers.get("Authorization"))
        wrong = next((each for each in wrongs if each.fits(proxy.calls[-1])), None)
        if wrong and wrong.going and (went := await wrong.going(request)) is not None:
            return went
        return await _forwarded(session, url, proxy.url, request, wrong)

    app = web.Application(client_max_size=1 << 26)
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield proxy
        finally:
            await runner.cleanup()


async def _forwarded(
    session: aiohttp.ClientSession, url: str, here: str, request: web.Request, wrong: Wrong | None
) -> web.StreamResponse:
    headers = {k: v for k, v in request.headers.items() if k not in ("Host", "Transfer-Encoding")}
    sent = await request.read()
    async with session.request(
        request.method, url + request.path_qs, headers=headers, data=sent, allow_redirects=False
    ) as answer:
        body = await answer.read()
        kept = {k: v for k, v in answer.headers.items() if k != "Transfer-Encoding"}
        if "Location" in kept:
            kept["Location"] = kept["Location"].replace(url, here)
        if wrong and wrong.change:
            body = wrong.change(body)
            kept["Content-Length"] = str(len(body))
        if wrong and wrong.cut_at >= 0:
            return await _cut(request, answer.status, kept, body[: wrong.cut_at])
        return web.Response(
            status=answer.status, headers=kept, body=body if request.method != "HEAD" else None
        )


async def _cut(request: web.Request, code: int, headers: dict[str, str], body: bytes) -> web.StreamResponse:
    response = web.StreamResponse(status=code, headers=headers)
    await response.prepare(request)
    await response.write(body)
    assert request.transport is not None
    request.transport.abort()
    return response


def counted(calls: Sequence[str], call: str) -> int:
    """Return how many calls match."""
    return sum(bool(re.search(call, each)) for each in calls)
