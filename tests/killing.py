"""A proxy in front of a registry that kills whoever copies to it, and what its calls send."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum

import aiohttp
from aiohttp import web
from between import Pass, Proxy, between


class Moment(StrEnum):
    BEFORE = "before the registry gets it"
    WITHIN = "in the middle of what is sent"
    AFTER = "when the registry has answered"


@dataclass
class Deadly(Proxy):
    """A proxy that kills whoever sends the last of so many requests; 0 lets everybody live."""

    last: int = 0
    moment: Moment = Moment.AFTER
    victim: asyncio.subprocess.Process | None = None

    def kill(self) -> None:
        if self.victim and self.victim.returncode is None:
            self.victim.send_signal(signal.SIGKILL)


@asynccontextmanager
async def deadly(target: str, last: int = 0, moment: Moment = Moment.AFTER) -> AsyncIterator[Deadly]:
    proxy = Deadly(last=last, moment=moment)

    async def body(request: web.Request, dying: bool) -> AsyncIterator[bytes]:
        content = await request.read()
        yield content[: len(content) // 2]
        if dying and moment is Moment.WITHIN:
            proxy.kill()
            raise ConnectionError("the sender is dead")
        yield content[len(content) // 2 :]

    async def answer(request: web.Request, passed: Pass) -> web.StreamResponse:
        dying = last == len(proxy.calls)
        if dying and moment is Moment.BEFORE:
            proxy.kill()
            return web.Response(status=500)
        try:
            found = await passed(request, body(request, dying) if request.body_exists else None)
        except (aiohttp.ClientError, ConnectionError):
            return web.Response(status=500)
        if dying:
            proxy.kill()
        return found.response(request)

    async with between(target, answer, proxy):
        yield proxy


def sent(call: str) -> tuple[str, str] | None:
    """Return the repository and the digest (or the tag) that a call sends something for, None for others."""
    match = re.match(r"PUT /v2/(.+)/(?:blobs/uploads/.*digest=|manifests/)([^&/]+)$", call)
    return (match[1], match[2].replace("%3A", ":")) if match else None
