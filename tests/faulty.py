"""Registries that go wrong on command: what a proxy answers in their stead, or makes of their answers."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from aiohttp import web
from between import Pass, Passed, Proxy, between

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


def answering(code: int, body: bytes | str = b"", **headers: str) -> Going:
    """Answer so, once all of the request is there."""
    content = body.encode() if isinstance(body, str) else body
    told = {name.replace("_", "-"): value for name, value in headers.items()}

    async def answer(request: web.Request) -> Went:
        await request.read()
        return web.Response(status=code, body=content if request.method != "HEAD" else None, headers=told)

    return answer


def raw(answer: bytes, *, early: bool = False) -> Going:
    """Send this and hang up: what no server of HTTP would send; `early` is before a body has come.

    Of what it has after an empty line, a HEAD gets nothing.
    """
    head, line, content = answer.partition(b"\r\n\r\n")

    async def send(request: web.Request) -> Went:
        if not early:
            await request.read()
        assert request.transport is not None
        request.transport.write(head + line + (content if request.method != "HEAD" else b""))
        request.transport.close()
        return web.Response()  # to a connection that is closed

    return send


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

    async def answer(request: web.Request, passed: Pass) -> web.StreamResponse:
        call = f"{request.method} {request.path_qs}"
        wrong = next((each for each in wrongs if each.fits(call)), None)
        if wrong and wrong.going and (went := await wrong.going(request)) is not None:
            return went
        found = await passed(request, await request.read())
        if wrong and wrong.change:
            found = _changed(found, wrong.change)
        if wrong and wrong.cut_at >= 0:
            return await _cut(request, found, wrong.cut_at)
        return found.response(request)

    async with between(url, answer) as proxy:
        yield proxy


def _changed(found: Passed, change: Change) -> Passed:
    body = change(found.body)
    return replace(found, body=body, headers={**found.headers, "Content-Length": str(len(body))})


async def _cut(request: web.Request, found: Passed, at: int) -> web.StreamResponse:
    response = web.StreamResponse(status=found.status, headers=found.headers)
    await response.prepare(request)
    await response.write(found.body[:at])
    assert request.transport is not None
    request.transport.abort()
    return response
