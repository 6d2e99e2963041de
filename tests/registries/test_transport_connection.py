"""Long bodies: all of them, and not a byte more; requests that are answered early."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import RegistryError, Unavailable
from planner.model.reference import Reference
from planner.registries._patience import times
from planner.registries._request import Slot
from planner.registries._transport_connection import AHEAD, Connection
from planner.registries._transport_faults import Trouble
from planner.registries.manifest import Descriptor, digest_of
from planner.registries.retry import Policy

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
        server = Sending(CONTENT[: 128 << 10])
        async with server.serving() as url, reaching({"r.example": url}, read=0.2, tries=1) as registries:
            async for _ in registries.blob(A, BLOB):
                pass

    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:\d+: no answer in 0\.2 s"):
        asyncio.run(pulled())


def test_blob_with_another_length_than_was_told_is_refused(reaching):
    async def pulled(length: int) -> None:
        server = Sending(CONTENT[:length], length=length)
        async with server.serving() as url, reaching({"r.example": url}) as registries:
            server.done.set()
            async for _ in registries.blob(A, BLOB):
                pass

    with pytest.raises(RegistryError, match=f"sends {len(CONTENT) - 1:,} of the {len(CONTENT):,} bytes"):
        asyncio.run(pulled(len(CONTENT) - 1))


class Way(asyncio.Transport):
    """What a Connection tells its transport."""

    paused = False
    aborted = False
    sent = b""

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def is_closing(self) -> bool:
        return self.aborted

    def write(self, data: bytes) -> None:
        self.sent += data

    def abort(self) -> None:
        self.aborted = True


def framed(kind: str, body: bytes) -> tuple[bytes, bytes]:
    """Return the head and the body of an answer."""
    if kind == "chunked":
        pieces = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:1000], body[1000:]) if part)
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", pieces + b"0\r\n\r\n"
    length = b"Content-Length: %d\r\n" % len(body) if kind == "told" else b""
    return b"HTTP/1.1 200 OK\r\n" + length + b"\r\n", body


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["told", "chunked", "endless"]),
    st.lists(st.integers(1, 300_000), min_size=1, max_size=12),
    st.integers(0, 2**20),
    st.integers(0, 2),
)
def test_what_comes_is_what_is_yielded(kind: str, sizes: list[int], length: int, lost: int):
    """However it is cut, whoever is faster; what waits stays bounded as the connection is paused."""
    body = (bytes(range(251)) * (length // 251 + 1))[:length]
    head, sent = framed(kind, body)

    async def taken() -> tuple[bytes, bool, int]:
        way, most = Way(), 0
        connection = Connection(lambda _: None)
        connection.connection_made(way)
        left, cut = head + sent, iter(sizes * (1 + len(head + sent) // sum(sizes)))

        def feed() -> None:
            nonlocal left, most
            while left and not way.paused and not way.aborted:
                size = next(cut, len(left))
                connection.data_received(left[:size])
                left = left[size:]
                most = max(most, connection.waiting)
            if not left and lost == 1:
                connection.connection_lost(None)

        asking = asyncio.ensure_future(connection.ask(b"GET", b"", "GET", times(Slot.ANSWER, Policy())))
        await asyncio.sleep(0)
        feed()
        await asking
        received = bytearray()
        if kind == "endless" and lost != 1:
            connection.connection_lost(None)
        async for piece in connection.pieces():
            received += piece
            feed()
        return bytes(received), connection.release(), most

    received, kept, most = asyncio.run(taken())
    assert received == body
    assert kept == (kind != "endless" and lost != 1)
    assert most < AHEAD + max(sizes)


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), max_size=10))
def test_any_answer_is_one_or_is_trouble(answer: bytes, sizes: list[int]):
    async def scene() -> None:
        connection = Connection(lambda _: None)
        connection.connection_made(Way())
        asking = asyncio.ensure_future(connection.ask(b"GET", b"", "GET", times(Slot.ANSWER, Policy())))
        await asyncio.sleep(0)
        left = b"HTTP/1.1 2" + answer
        for size in (*sizes, len(left)):
            connection.data_received(left[:size])
            left = left[size:]
        connection.connection_lost(None)
        with suppress(Trouble):
            await asking
            async for _ in connection.pieces():
                pass

    asyncio.run(scene())


def test_no_more_of_a_body_is_sent_after_an_answer(reaching):
    """Whoever refuses a blob of 100 MiB at its first byte is not sent the rest of it."""
    given_out = 0

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if request.startswith(b"POST"):
            writer.write(b"HTTP/1.1 202 Accepted\r\nLocation: /u/1\r\nContent-Length: 0\r\n\r\n")
            request = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
        with suppress(ConnectionError):
            while await reader.read(1 << 20):
                pass
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()
        ended.set()

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal given_out
        for _ in range(100):
            given_out += 1
            yield bytes(1 << 20)

    async def upload() -> None:
        async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with reaching({"r.example": url}) as registries:
                try:
                    await registries.upload(A, Descriptor("", f"sha256:{'a' * 64}", 100 << 20), pieces)
                finally:
                    await ended.wait()

    ended = asyncio.Event()
    with pytest.raises(RegistryError, match="403"):
        asyncio.run(upload())
    assert given_out < 100
