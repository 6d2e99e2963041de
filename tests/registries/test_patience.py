"""How long is waited: for a connection, for a body that comes slowly, for a server that takes nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from dataclasses import replace

import pytest
from aiohttp import web

from planner.errors import RegistryError, Unavailable
from planner.model.reference import Reference
from planner.registries._request import Request
from planner.registries._transport import Transport
from planner.registries.oci import Descriptor

A = Reference.parse("r.example/a:1")


def test_host_that_takes_no_connection_is_given_up(waits):
    """A listener whose queue is full: the system answers nothing to who knocks."""

    async def ask() -> None:
        with ExitStack() as stack:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
            address = listener.getsockname()
            for _ in range(4):
                client = stack.enter_context(socket.socket())
                client.setblocking(False)
                client.connect_ex(address)
            url = f"http://127.0.0.1:{address[1]}"
            async with Transport(replace(waits.policy, connect=0.05)) as transport:
                await transport.request(Request("HEAD", url, url))

    with pytest.raises(Unavailable, match=r"no connection in 0\.05 s"):
        asyncio.run(ask())
    assert len(waits.seconds) == 1


def test_blob_that_drips_is_given_up(serve, reaching, waits):
    async def drip(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.01)

    async def pull() -> None:
        async with serve(drip) as registry, reaching({"r.example": registry.url}, read=0.1) as registries:
            async for _ in registries.blob(A, Descriptor("", f"sha256:{'a' * 64}", 1 << 20)):
                pass

    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:\d+: sends less than 10240 bytes a second"):
        asyncio.run(pull())


def test_who_reads_slowly_is_not_taken_for_a_slow_server(serve, reaching, waits):
    """Between two pieces the clock goes on by an hour, in which the server has nothing to say."""
    size = 4 << 20

    async def send(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=bytes(size))

    async def pull() -> int:
        received = 0
        async with serve(send) as registry, reaching({"r.example": registry.url}) as registries:
            with suppress(RegistryError):  # at its end: the digest is another
                async for piece in registries.blob(A, Descriptor("", f"sha256:{'a' * 64}", size)):
                    received += len(piece)
                    await waits.sleep(3600)
        return received

    assert asyncio.run(pull()) == size


def test_server_that_stops_taking_an_upload_is_given_up(reaching):
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if request.startswith(b"POST"):
            writer.write(
                b"HTTP/1.1 202 Accepted\r\nLocation: /u/1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            await writer.drain()
            writer.close()
        elif request.startswith(b"PUT"):
            writer.transport.pause_reading()
            await given_up.wait()
            writer.transport.abort()
        else:
            writer.close()

    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield bytes(1 << 20)

    async def upload() -> None:
        nonlocal given_up
        given_up = asyncio.Event()
        async with await asyncio.start_server(deaf, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with reaching({"r.example": url}, whole=0.3, tries=1) as registries:
                try:
                    await registries.upload(A, Descriptor("", f"sha256:{'a' * 64}", 1 << 40), pieces)
                finally:
                    given_up.set()

    given_up = asyncio.Event()
    with pytest.raises(Unavailable, match=r"no whole answer in 0\.3 s"):
        asyncio.run(upload())
