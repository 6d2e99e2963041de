"""Long bodies that are received past the HTTP client: all of them, and not a byte more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import RegistryError, Unavailable
from planner.model.reference import Reference
from planner.registries._transport_inflow import SHORTEST, Inflow
from planner.registries.manifest import Descriptor, digest_of

A = Reference.parse("r.example/a:1")
CONTENT = bytes(range(256)) * 4000  # 1 MiB less a little
BLOB = Descriptor("", digest_of(CONTENT), len(CONTENT))


class Sending:
    """A server of one blob that writes an answer in given pieces; it counts connections."""

    def __init__(self, *pieces: bytes, length: int = len(CONTENT), then: bytes = b"") -> None:
        self.pieces = pieces or (CONTENT,)
        self.head = f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode()
        self.then = then
        self.connections = 0
        self.done = asyncio.Event()
        self.ended: list[asyncio.Task[None] | None] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.ended.append(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(self.head)
                for piece in (*self.pieces, self.then):
                    writer.write(piece)
                    await writer.drain()
                if sum(map(len, self.pieces)) < len(CONTENT):
                    await self.done.wait()
        writer.close()
        await writer.wait_closed()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        async with await asyncio.start_server(self.answer, "127.0.0.1", 0) as server:
            try:
                yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            finally:
                self.done.set()
                await asyncio.gather(*filter(None, self.ended))


def test_connection_is_used_again(reaching):
    async def pulled() -> tuple[list[bytes], int]:
        server = Sending()
        async with server.serving() as url, reaching({"r.example": url}) as registries:
            found = [b"".join([piece async for piece in registries.blob(A, BLOB)]) for _ in range(3)]
            return found, server.connections

    assert asyncio.run(pulled()) == ([CONTENT] * 3, 1)


def test_what_a_server_sends_beyond_its_length_is_given_to_nobody(reaching):
    """It would be taken for the answer to the next request."""

    async def pulled() -> tuple[list[bytes], int]:
        server = Sending(then=b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        async with server.serving() as url, reaching({"r.example": url}) as registries:
            found = [b"".join([piece async for piece in registries.blob(A, BLOB)]) for _ in range(3)]
            return found, server.connections

    found, connections = asyncio.run(pulled())
    assert found == [CONTENT] * 3
    assert connections > 1


def test_server_that_falls_silent_is_given_up(reaching):
    async def pulled() -> None:
        server = Sending(CONTENT[: 2 * SHORTEST])
        async with server.serving() as url, reaching({"r.example": url}, read=0.2, tries=1) as registries:
            async for _ in registries.blob(A, BLOB):
                pass

    with pytest.raises(Unavailable, match=r"127\.0\.0\.1: no answer in 0\.2 s"):
        asyncio.run(pulled())


def test_blob_with_another_length_than_was_told_is_refused(reaching):
    async def pulled(length: int) -> None:
        server = Sending(CONTENT[:length], length=length)
        async with server.serving() as url, reaching({"r.example": url}) as registries:
            server.done.set()
            async for _ in registries.blob(A, BLOB):
                pass

    with pytest.raises(RegistryError, match=f"sends {len(CONTENT) - 1} of the {len(CONTENT)} bytes"):
        asyncio.run(pulled(len(CONTENT) - 1))


class Connection(asyncio.Transport):
    """What an Inflow tells its connection."""

    paused = False

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


@settings(max_examples=50)
@given(st.lists(st.integers(1, 300_000), min_size=1, max_size=12), st.integers(0, 2**21))
def test_what_comes_is_what_is_yielded_up_to_the_length(sizes: list[int], length: int):
    """However it is cut, whoever is faster; what waits stays bounded as the connection is paused."""

    async def taken() -> tuple[bytes, bool, int]:
        connection, most = Connection(), 0
        rest = Inflow(connection, length, patience=60)
        waiting = [bytes([number]) * size for number, size in enumerate(sizes)]
        received, left = bytearray(), length

        def feed() -> None:
            nonlocal most, left
            while waiting and left and not connection.paused:
                piece = waiting.pop(0)
                rest.data_received(piece)
                left -= min(left, len(piece))
                most = max(most, rest.waiting)
            if not waiting and left:
                rest.connection_lost(None)

        feed()
        with suppress(aiohttp.ClientPayloadError):
            async for piece in rest.pieces():
                received += piece
                feed()
        return bytes(received), rest.too_much, most

    sent = b"".join(bytes([number]) * size for number, size in enumerate(sizes))
    received, _, most = asyncio.run(taken())
    assert received == sent[:length]
    assert most < (512 << 10) + max(sizes)
