"""A proxy of companies: it opens the way to hosts that only it can reach, to whoever has its password."""

import asyncio
import base64
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from listening import listening

from planner.rehearsal.server import Responder, called, response

_CONNECT = re.compile(r"CONNECT ([^ ]+) HTTP/1\.1\r\n")


@dataclass
class Door:
    """Where it stands, and what was asked of it."""

    url: str = ""
    asked: list[str] = field(default_factory=list)  # `hub.example:443`
    refused: int = 0  # for lack of the password


@asynccontextmanager
async def door(ways: Mapping[str, int], user: str = "", cut_at: int = -1) -> AsyncIterator[Door]:
    """Open ways to ports of this machine, by `host:port`; `user` is `name:password`.

    A way that leads nowhere is answered with 502. Each is cut after so many bytes that came through it.
    """
    proxy, tasks = Door(), set()
    wanted = f"Proxy-Authorization: Basic {base64.b64encode(user.encode()).decode()}\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        asked = _CONNECT.match(head)
        name = asked[1] if asked else head.split("\r\n")[0]
        proxy.asked.append(name)
        if user and wanted not in head:
            proxy.refused += 1
            writer.write(b"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
        elif name not in ways:
            writer.write(b"HTTP/1.1 502 Nowhere\r\nContent-Length: 0\r\n\r\n")
        else:
            there, back = await asyncio.open_connection("127.0.0.1", ways[name])
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            try:
                await asyncio.gather(_passed(reader, back), _passed(there, writer, cut_at))
            finally:
                await _closed(back)
        await writer.drain()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await answer(reader, writer)
        finally:
            await _closed(writer)

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    proxy.url = f"127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        listening.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def _passed(source: asyncio.StreamReader, target: asyncio.StreamWriter, most: int = -1) -> None:
    passed = 0
    with suppress(ConnectionError):
        while data := await source.read(1 << 14):
            passed += len(data)
            if 0 <= most < passed:
                target.transport.abort()
                return
            target.write(data)
            await target.drain()
    with suppress(OSError, RuntimeError):
        target.write_eof() if target.can_write_eof() else target.close()


@asynccontextmanager
async def encrypted(respond: Responder, pem: Path) -> AsyncIterator[int]:
    """Serve with a certificate; yield the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return response(await respond(await called(request)))

    async with listening(web.ServerRunner(web.Server(answer), shutdown_timeout=0.001), context) as port:
        yield port
