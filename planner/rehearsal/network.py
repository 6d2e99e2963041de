"""The network of a rehearsal: hosts by name, inside this process, and HTTP between them as it is.

Both sides are the HTTP client's and server's own; only what is between them is not the kernel's.
"""

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
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
        self._open: list[End] = []
        self._cut = False

    @asynccontextmanager
    async def serve(self, name: str, respond: Responder) -> AsyncIterator[str]:
        """Have a host of this name until the block ends; yield its URL."""

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            return response(await respond(await called(request)))

        host = f"{name}.{_DOMAIN}"
        self._servers[host] = web.Server(answer)
        try:
            yield f"http://{host}"
        finally:
            await self._servers.pop(host).shutdown(0)

    def connector(self) -> aiohttp.BaseConnector:
        """Return what connects an HTTP client to these hosts and to no other."""
        return _Connector(self)

    def connect(self, host: str, client: asyncio.BaseProtocol) -> None:
        """Connect a client to a host. Raises ConnectionRefusedError where there is none."""
        server = self._servers.get(host)
        if server is None or self._cut:
            raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")
        own, _ = linked(client, server(), (host, 80), self._delay)
        self._open = [*(each for each in self._open if not each.is_closing()), own]

    def cut(self) -> None:
        """Break every connection and let no new one come to be, as when a client is killed."""
        self._cut = True
        for each in self._open:
            each.cut()
        self._open.clear()

    def mend(self) -> None:
        """Let connections come to be again."""
        self._cut = False


class _Connector(aiohttp.BaseConnector):
    def __init__(self, network: Network) -> None:
        # A connection that is kept for some seconds would be kept by the machine's clock.
        super().__init__(limit=0, limit_per_host=0, keepalive_timeout=None)
        self._network = network

    async def _create_connection(self, req: Any, *_: Any) -> Any:  # Any: the client's own types
        client = self._factory()
        try:
            self._network.connect(req.url.host, client)
        except OSError as error:
            raise aiohttp.ClientConnectorError(req.connection_key, error) from error
        return client
