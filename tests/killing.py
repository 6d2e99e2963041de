"""A proxy in front of a registry that kills whoever copies to it, and what its calls send."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

import aiohttp
from aiohttp import web


class Moment(StrEnum):
    BEFORE = "before the registry gets it"
    WITHIN = "in the middle of what is sent"
    AFTER = "when the registry has answered"


@dataclass
class Deadly:
    """A proxy that kills whoever sends the last of so many requests; 0 lets everybody live."""

    last: int
    moment: Moment
    url: str = ""
    calls: list[str] = field(default_factory=list)
    victim: asyncio.subprocess.Process | None = None

    def kill(self) -> None:
        if self.victim and self.victim.returncode is None:
            self.victim.send_signal(signal.SIGKILL)


@asynccontextmanager
async def deadly(target: str, last: int = 0, moment: Moment = Moment.AFTER) -> AsyncIterator[Deadly]:
    proxy = Deadly(last, moment)

    async def body(request: web.Request) -> AsyncIterator[bytes]:
        content = await request.read()
        yield content[: len(content) // 2]
        if proxy.last == len(proxy.calls) and proxy.moment is Moment.WITHIN:
            proxy.kill()
            raise ConnectionError("the sender is dead")
        yield content[len(content) // 2 :]

    async def answer(request: web.Request) -> web.StreamResponse:
        proxy.calls.append(f"{request.method} {request.path_qs}")
        dying = proxy.last == len(proxy.calls)
        if dying and proxy.moment is Moment.BEFORE:
            proxy.kill()
            return web.Response(status=500)
        headers = {k: v for k, v in request.headers.items() if k not in ("Host", "Transfer-Encoding")}
        sent = body(request) if request.body_exists else None
        try:
            async with session.request(
                request.method, target + request.path_qs, headers=headers, data=sent, allow_redirects=False
            ) as got:
                content = await got.read()
        except (aiohttp.ClientError, ConnectionError):
            return web.Response(status=500)
        if dying:
            proxy.kill()
        kept = {k: v for k, v in got.headers.items() if k != "Transfer-Encoding"}
        if "Location" in kept:
            kept["Location"] = kept["Location"].replace(target, proxy.url)
        return web.Response(
            status=got.status, headers=kept, body=content if request.method != "HEAD" else None
        )

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


def sent(call: str) -> tuple[str, str] | None:
    """Return the repository and the digest (or the tag) that a call sends something for, None for others."""
    match = re.match(r"PUT /v2/(.+)/(?:blobs/uploads/.*digest=|manifests/)([^&/]+)$", call)
    return (match[1], match[2].replace("%3A", ":")) if match else None
