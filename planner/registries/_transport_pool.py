"""Connections to hosts: made when they are needed, kept for the next request, closed in the end.

Names are resolved and addresses tried as asyncio does, a moment apart (https://www.rfc-editor.org/rfc/rfc8305).
Which authorities are trusted is read when the first encrypted host is asked, for it takes long.
"""

import asyncio
import re
import ssl
from collections import defaultdict
from functools import cached_property, partial

from planner.registries._origin import Origin, authority
from planner.registries._patience import times
from planner.registries._request import Slot
from planner.registries._transport_connection import Connection
from planner.registries._transport_faults import NoConnection, ProxyAway, ProxyRefuses
from planner.registries._transport_head import request_head
from planner.registries.proxy import Proxy
from planner.registries.retry import Policy

_IDLE = 15.0  # seconds, after which a server may be about to hang up
_ADDRESS = re.compile(r"[0-9.]+\Z|.*:")  # rather than a name, which may have several
_NEXT_ADDRESS = 0.25  # seconds until the next address of a host is tried beside the one before
_KEPT = 24 << 20  # bytes


class Pool:
    """All connections of a transport."""

    def __init__(self, policy: Policy) -> None:
        _keep_memory()
        self._policy = policy
        self._idle: defaultdict[Origin, list[Connection]] = defaultdict(list)
        self._open: set[Connection] = set()
        self._none_open = asyncio.Event()
        self.hasty: set[Origin] = set()  # that hung up on a connection they had said they would keep

    async def take(self, place: Origin, proxy: Proxy, *, lasting: bool = False) -> Connection:
        """Return a connection to a host: the one that was used last, or a new one. Raises FAULTS.

        A `lasting` one is for what cannot be sent twice: a host that has closed kept connections before gets
        a new one.
        """
        if lasting and place in self.hasty:
            return await self._made(place, proxy)
        idle, now = self._idle[place], asyncio.get_running_loop().time()
        while idle:
            connection = idle.pop()
            if not connection.closed and now - connection.idle_since < _IDLE:
                return connection
            connection.transport.abort()
        return await self._made(place, proxy)

    def give(self, place: Origin, connection: Connection) -> None:
        """Take a connection back whose exchange has ended."""
        if connection.release():
            self._idle[place].append(connection)

    async def close(self) -> None:
        """Close all connections."""
        for connection in self._open:
            connection.transport.abort()
        if self._open:
            self._none_open.clear()
            await self._none_open.wait()

    def _lost(self, connection: Connection) -> None:
        self._open.discard(connection)
        if not self._open:
            self._none_open.set()

    async def _made(self, place: Origin, proxy: Proxy) -> Connection:
        try:
            async with asyncio.timeout(self._policy.connect):
                return await self._dialled(place, proxy)
        except TimeoutError:
            raise NoConnection from None

    async def _dialled(self, place: Origin, proxy: Proxy) -> Connection:
        if proxy.place is None:
            return await self._opened(place)
        try:
            connection = await self._opened(proxy.place)
        except (OSError, UnicodeError):
            raise ProxyAway from None
        if place[0] == "https":
            await self._tunnelled(connection, place, proxy)
        return connection

    async def _opened(self, place: Origin) -> Connection:
        scheme, host, port = place
        secure = scheme == "https"
        _, connection = await asyncio.get_running_loop().create_connection(
            partial(Connection, self._lost),
            host,
            port,
            ssl=self._trusting if secure else None,
            server_hostname=host if secure else None,
            happy_eyeballs_delay=None if _ADDRESS.match(host) else _NEXT_ADDRESS,
        )
        if not connection.closed:
            self._open.add(connection)
        return connection

    async def _tunnelled(self, connection: Connection, place: Origin, proxy: Proxy) -> None:
        """Have a proxy open a tunnel to a host (CONNECT), and begin TLS in it."""
        scheme, host, port = place
        name = f"{authority((scheme, host, 0))}".rpartition(":")[0]
        asked = request_head("CONNECT", f"{name}:{port}", place, proxy.headers)
        try:
            head = await connection.ask(asked, b"", "CONNECT", times(Slot.ANSWER, self._policy))
            if head.status != 200:
                raise ProxyRefuses(head.status)
            connection.open_way()
            tunnel = await asyncio.get_running_loop().start_tls(
                connection.transport, connection, self._trusting, server_hostname=host
            )
        except BaseException:
            connection.transport.abort()
            self._lost(connection)  # which a handshake that fails does not tell it
            raise
        if tunnel is not None:
            connection.transport = tunnel

    @cached_property
    def _trusting(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        return context


def _keep_memory() -> None:
    """Have glibc keep the memory of bodies, rather than give each back and ask the system for the next one.

    Its threshold for giving memory back grows to the size of the largest block that was freed, so one is made
    and freed here, of which no page is touched: `M_MMAP_THRESHOLD` in
    https://man7.org/linux/man-pages/man3/mallopt.3.html. A sixth of the cost of a warm-up was new pages.
    """
    bytes(_KEPT)
