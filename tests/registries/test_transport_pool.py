"""Connections: used again while they live, made again when a server hung up, led through proxies."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from certificates import certificate

from planner.errors import Unavailable
from planner.registries._request import Request
from planner.registries._transport import Transport

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def hung_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with suppress(ConnectionError):
        await writer.wait_closed()


class Server:
    """Answers so many requests of each connection, and hangs up at the next one."""

    def __init__(self, answers: int = 1000, context: ssl.SSLContext | None = None) -> None:
        self.answers = answers
        self.context = context
        self.heads: list[bytes] = []
        self.connections = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            for _ in range(self.answers):
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
                await self.answer(reader, writer)
            await reader.readuntil(b"\r\n\r\n")
        await hung_up(writer)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(ANSWER)
        await writer.drain()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self.context)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await asyncio.gather(*self._tasks)


class Tunnel(Server):
    """A proxy that opens the way to where it is told to, whatever is asked for."""

    def __init__(self, port: int, answer: bytes = b"HTTP/1.1 200 Fine\r\nConnection: close\r\n\r\n") -> None:
        super().__init__(1)
        self.port = port
        self.said = answer

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(self.said)

        async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError):
                while data := await source.read(1 << 16):
                    target.write(data)
            target.close()

        await asyncio.gather(pass_on(reader, back), pass_on(there, writer))
        await hung_up(back)


def asked(transport: Transport, url: str, count: int, method: str = "GET") -> "asyncio.Future[list[bytes]]":
    async def one_after_another() -> list[bytes]:
        return [(await transport.request(Request(method, url, url))).body for _ in range(count)]

    return asyncio.ensure_future(one_after_another())


def test_connection_is_used_again(waits):
    async def scene() -> tuple[list[bytes], int]:
        server = Server()
        async with server.listening() as port, Transport(waits.policy) as transport:
            return await asked(transport, f"http://127.0.0.1:{port}/", 5), server.connections

    assert asyncio.run(scene()) == ([b"ok"] * 5, 1)


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_kept_connection_that_is_hung_up_is_no_failure(waits, method: str):
    """The server hangs up instead of answering the next request, which nobody has to wait for."""

    async def scene() -> tuple[list[bytes], int]:
        server = Server(answers=2)
        async with server.listening() as port, Transport(waits.policy) as transport:
            return await asked(transport, f"http://127.0.0.1:{port}/", 6, method), server.connections

    assert asyncio.run(scene()) == ([b"ok"] * 6, 3)
    assert waits.seconds == []


class Taking(Server):
    """Takes the body of a request before it answers."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told = re.search(rb"Content-Length: (\d+)", self.heads[-1])
        await reader.readexactly(int(told[1]) if told else 0)
        await super().answer(reader, writer)


def test_long_body_is_sent_on_a_new_connection_where_kept_ones_are_hung_up(waits):
    """It can be read once only, so that the server must not hang up each time it is sent anew."""
    size = 1 << 20

    async def pieces() -> AsyncIterator[bytes]:
        yield bytes(size)

    async def scene() -> list[str]:
        ended = []
        async with Taking(answers=1).listening() as port, Transport(waits.policy) as transport:
            url = f"http://127.0.0.1:{port}/"
            request = Request("PUT", url, url, (("Content-Length", str(size)),))
            for _ in range(3):
                await asked(transport, url, 1)  # as the beginning of an upload is
                try:
                    ended.append((await transport.upload(request, pieces())).body.decode())
                except Unavailable as error:
                    ended.append(error.message)
        return ended

    hung_up, *others = asyncio.run(scene())
    assert "the connection was closed" in hung_up
    assert others == ["ok", "ok"]


def test_new_connection_that_is_hung_up_is_a_failure(waits):
    async def scene() -> None:
        async with Server(answers=0).listening() as port, Transport(waits.policy) as transport:
            await asked(transport, f"http://127.0.0.1:{port}/", 1)

    with pytest.raises(Unavailable, match="the connection was closed"):
        asyncio.run(scene())
    assert len(waits.seconds) == 4


def secured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Return a server of localhost whose certificate is trusted."""
    path = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return Server(context=context)


def test_proxy_opens_the_way_to_an_encrypted_host(waits, tmp_path, monkeypatch):
    """The name of the host is known to the proxy only, and what is said to the host is not."""

    async def scene() -> tuple[list[bytes], list[bytes], list[bytes]]:
        server = secured(tmp_path, monkeypatch)
        async with server.listening() as port:
            proxy = Tunnel(port)
            async with proxy.listening() as door, Transport(waits.policy) as transport:
                monkeypatch.setenv("https_proxy", f"http://me:secret@127.0.0.1:{door}")
                monkeypatch.setattr("planner.registries.proxy.is_loopback", lambda _: False)
                monkeypatch.delenv("no_proxy", raising=False)
                bodies = await asked(transport, f"https://localhost:{port}/v2/", 3)
            return bodies, proxy.heads, server.heads

    bodies, through, heads = asyncio.run(scene())
    assert bodies == [b"ok"] * 3
    assert len(through) == 1
    assert through[0].startswith(b"CONNECT localhost:")
    assert b"Proxy-Authorization: Basic bWU6c2VjcmV0\r\n" in through[0]
    assert [head.split(b" ")[:2] for head in heads] == [[b"GET", b"/v2/"]] * 3
    assert not any(b"Proxy-Authorization" in head for head in heads)


def test_host_behind_a_proxy_has_to_have_its_own_certificate(waits, tmp_path, monkeypatch):
    async def scene() -> None:
        server = secured(tmp_path, monkeypatch)
        async with server.listening() as port, Tunnel(port).listening() as door:
            monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{door}")
            monkeypatch.delenv("no_proxy", raising=False)
            async with Transport(waits.policy) as transport:
                await asked(transport, "https://r.example/v2/", 1)

    with pytest.raises(Unavailable, match="its certificate is not trusted: Hostname mismatch"):
        asyncio.run(scene())


def test_proxy_that_says_more_than_its_answer_opens_no_way(waits, tmp_path, monkeypatch):
    """What it adds would be taken for the host's."""

    async def scene() -> None:
        server = secured(tmp_path, monkeypatch)
        async with server.listening() as port:
            said = b"HTTP/1.1 200 Fine\r\n\r\n" + ANSWER
            async with Tunnel(port, said).listening() as door, Transport(waits.policy) as transport:
                monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{door}")
                monkeypatch.setattr("planner.registries.proxy.is_loopback", lambda _: False)
                monkeypatch.delenv("no_proxy", raising=False)
                await asked(transport, f"https://localhost:{port}/v2/", 1)

    with pytest.raises(Unavailable):
        asyncio.run(scene())
