"""The network of a rehearsal: hosts by name, inside this process, and HTTP between them as it is.

Both sides speak as they always do; only what is between them is not the kernel's. Whoever connects to one of
these hosts does so on the event loop, as to any other.
"""

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from planner.rehearsal.link import End, linked
from planner.rehearsal.server import Responder, called, response

_DOMAIN = "localhost"  # so that nobody takes a host for one that is not this machine
_DELAY = 0.015  # seconds, each way


class Network:
    """Hosts, and the connections to them. `delay` is how long bytes are on their way, in seconds."""

    def __init__(self, delay: float = _DELAY) -> None:
        self._delay = delay
        self._servers: dict[str, web.Server] = {}
        self._known: set[str] = set()
        self._open: list[End] = []
        self._cut = False

    @asynccontextmanager
    async def serve(self, name: str, respond: Responder) -> AsyncIterator[str]:
        """Have a host of this name until the block ends; yield its URL."""

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            return response(await respond(await called(request)))

        host = f"{name}.{_DOMAIN}"
        self._servers[host] = web.Server(answer)
        self._known.add(host)
        try:
            yield f"http://{host}"
        finally:
            await self._servers.pop(host).shutdown(0)

    def __contains__(self, host: object) -> bool:
        """Tell whether a host is one of this network, whether or not it can be reached."""
        return host in self._known

    def connect(self, host: str, client: asyncio.BaseProtocol) -> asyncio.Transport:
        """Connect a client to a host. Raises ConnectionRefusedError for one that is away."""
        server = self._servers.get(host)
        if server is None or self._cut:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        own, _ = linked(client, server(), (host, 80), self._delay)
        self._open = [*(each for each in self._open if not each.is_closing()), own]
        return own

    def cut(self) -> None:
        """Break every connection and let no new one come to be, as when a client is killed."""
        self._cut = True
        for each in self._open:
            each.cut()
        self._open.clear()

    def mend(self) -> None:
        """Let connections come to be again."""
        self._cut = False
