"""Long bodies, taken from their connection as they come.

The HTTP client copies every piece once more and passes it through four layers, a fifth of what moving a blob
costs. So what is left of a long body, once its headers are read, is received by a protocol of our own
(https://docs.python.org/3/library/asyncio-protocol.html); at its end the client has its connection back.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

import aiohttp

SHORTEST = 64 << 10  # bytes that are still to come; for less it is not worth it
_AHEAD = 512 << 10  # bytes that may wait to be taken


class Inflow(asyncio.Protocol):
    """What is left of one body: so many bytes, then no more."""

    def __init__(self, transport: asyncio.Transport, left: int, patience: float) -> None:
        self._transport = transport
        self._left = left  # bytes that were not received
        self._patience = patience  # seconds until the next ones
        self._pieces: deque[bytes] = deque()
        self.waiting = 0  # bytes that were received and not taken
        self._waiter: asyncio.Future[None] | None = None
        self._lost = False
        self.too_much = False  # whether more came than the body

    def data_received(self, data: bytes) -> None:
        """Keep a piece; stop the sender when too much waits."""
        if len(data) > self._left:
            self.too_much = True
            data = data[: self._left]
        if not data:
            return
        self._left -= len(data)
        self.waiting += len(data)
        self._pieces.append(data)
        if self.waiting >= _AHEAD or not self._left:
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  what ended it is not told
        """Note that nothing more comes."""
        self._lost = True
        self._wake()

    def eof_received(self) -> None:
        """Note that nothing more comes; the connection is closed."""
        self._lost = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield what comes. Raises errors of the HTTP client's, for the connection is its own."""
        while self._left or self._pieces:
            if not self._pieces:
                await self._more()
            piece = self._pieces.popleft()
            self.waiting -= len(piece)
            if self._left and self.waiting <= _AHEAD // 2:
                self._transport.resume_reading()
            yield piece

    async def _more(self) -> None:
        if self._lost:
            raise aiohttp.ClientPayloadError("the connection was closed")
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        impatience = loop.call_later(self._patience, self._wake)
        try:
            await self._waiter
        finally:
            impatience.cancel()
            self._waiter = None
        if not self._pieces:
            if self._lost:
                raise aiohttp.ClientPayloadError("the connection was closed")
            raise aiohttp.SocketTimeoutError("nothing came")


async def inflow(response: aiohttp.ClientResponse, patience: float) -> AsyncIterator[bytes]:
    """Yield a body. One that is long and says how long is received past the client.

    `patience` is in seconds, between two pieces.
    """
    content, connection = response.content, response.connection
    left = (response.content_length or 0) - content.total_bytes
    client = connection.protocol if connection else None
    if left < SHORTEST or "Transfer-Encoding" in response.headers or client is None or not client.transport:
        async for piece in content.iter_any():
            yield piece
        return
    begun, transport = content.read_nowait() if content.total_bytes else b"", client.transport
    client.pause_reading()  # also ends the client's own waiting for more
    rest = Inflow(transport, left, patience)
    transport.set_protocol(rest)
    transport.resume_reading()
    if begun:
        yield begun
    async for piece in rest.pieces():
        yield piece
    if not rest.too_much:  # else the connection is of no more use, and is closed with the response
        transport.set_protocol(client)
        content.feed_eof()
