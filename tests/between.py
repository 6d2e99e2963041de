"""A proxy in front of a registry: every test that goes wrong on the way to one begins with it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from listening import listening

_BY_HOP = ("Host", "Transfer-Encoding")


@dataclass
class Proxy:
    """Where it stands, and what it was asked."""

    url: str = ""
    calls: list[str] = field(default_factory=list)  # `GET /v2/…`
    authorizations: list[str | None] = field(default_factory=list)


@dataclass(frozen=True)
class Passed:
    """What the registry answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def response(self, request: web.Request) -> web.Response:
        body = self.body if request.method != "HEAD" else None
        return web.Response(status=self.status, headers=self.headers, body=body)


Pass = Callable[[web.Request, bytes | AsyncIterator[bytes] | None], Awaitable[Passed]]
Answering = Callable[[web.Request, Pass], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def between(target: str, answer: Answering, proxy: Proxy | None = None) -> AsyncIterator[Proxy]:
    """Stand in front of the registry at `target`; `answer` says what is answered, and may pass it on."""
    here = proxy or Proxy()

    async def handle(request: web.Request) -> web.StreamResponse:
        here.calls.append(f"{request.method} {request.path_qs}")
        here.authorizations.append(request.headers.get("Authorization"))
        return await answer(request, passed)

    async def passed(request: web.Request, body: bytes | AsyncIterator[bytes] | None) -> Passed:
        sent = {name: value for name, value in request.headers.items() if name not in _BY_HOP}
        url = target + request.path_qs
        async with session.request(
            request.method, url, headers=sent, data=body, allow_redirects=False
        ) as got:
            kept = {name: value for name, value in got.headers.items() if name not in _BY_HOP}
            if "Location" in kept:
                kept["Location"] = kept["Location"].replace(target, here.url)
            return Passed(got.status, kept, await got.read())

    app = web.Application(client_max_size=1 << 26)
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    async with aiohttp.ClientSession(auto_decompress=False) as session, listening(runner) as port:
        here.url = f"http://127.0.0.1:{port}"
        yield here


def counted(calls: Sequence[str], call: str) -> int:
    """Return how many calls match."""
    return sum(bool(re.search(call, each)) for each in calls)
