"""A server that misbehaves on command: the first part of a repository's name says how.

`HEAD /v2/half-head/a/manifests/1` gets half of the head of an answer. It speaks raw sockets, for no server of
HTTP would do such things. What is sent to it is sent back in every answer: a secret may come out anywhere.
"""

import asyncio
import base64
import json
import re
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

DIGEST = f"sha256:{'a' * 64}"
OTHER = f"sha256:{'b' * 64}"
INDEX = "application/vnd.oci.image.index.v1+json"
PULL_LIMIT = '{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit."}]}'


_BASIC = re.compile(r"Basic ([A-Za-z0-9+/=]+)")


@dataclass
class Exchange:
    """One request, and the connection that it came by."""

    method: str
    path: str
    head: str
    url: str  # of this server
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def echo(self) -> str:
        """What was sent, in a line; a password also as it is."""
        sent = [self.head.replace('"', "'")]
        for code in _BASIC.findall(self.head):
            with suppress(ValueError):
                sent.append(base64.b64decode(code).decode("latin-1"))
        return " ".join(" ".join(sent).split())

    async def send(self, *pieces: str | bytes) -> None:
        for piece in pieces:
            self.writer.write(piece.encode("latin-1", "replace") if isinstance(piece, str) else piece)
        await self.writer.drain()

    async def answer(self, status: int = 200, body: str | bytes = b"", **headers: str) -> None:
        content = body.encode() if isinstance(body, str) else body
        told = {"Content-Length": str(len(content)), "X-Echo": self.echo, **headers}
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items())
        await self.send(f"HTTP/1.1 {status} {self.echo}\r\n{lines}\r\n")
        if self.method != "HEAD":
            await self.send(content)

    async def for_ever(self, *pieces: bytes) -> None:
        """Send again and again, until the other side has had enough."""
        with suppress(ConnectionError):
            while True:
                await self.send(*pieces)
                await asyncio.sleep(0)

    async def drip(self, piece: bytes) -> None:
        with suppress(ConnectionError):
            while True:
                await self.send(piece)
                await asyncio.sleep(0.01)


Fault = Callable[[Exchange], Awaitable[None]]


def body(content: str | bytes, **headers: str) -> Fault:
    """Answer a HEAD without a digest, so that the body is asked for, and that with this content."""
    return lambda exchange: exchange.answer(200, content, **{"Content_Type": INDEX, **headers})


def raw(answer: bytes = b"") -> Fault:
    """Send this; of what it has after an empty line, a HEAD gets nothing."""
    head, line, content = answer.partition(b"\r\n\r\n")
    return lambda exchange: exchange.send(head + line + (content if exchange.method != "HEAD" else b""))


def status(code: int, said: str | bytes = b"", **headers: str) -> Fault:
    return lambda exchange: exchange.answer(code, said, **headers)


def challenge(header: str) -> Fault:
    return lambda exchange: exchange.answer(401, WWW_Authenticate=header.replace("ECHO", exchange.echo))


def token(fault: Fault, service: str = "r") -> Fault:
    """Ask for a token, and misbehave where it is given."""

    async def guard(exchange: Exchange) -> None:
        if exchange.path.partition("?")[0].endswith("/token"):
            await fault(exchange)
        else:
            realm = exchange.path.split("/manifests/")[0]
            place = f'realm="{exchange.url}{realm}/token",service="{service}"'
            header = f'Bearer {place},scope="repository:{service}:pull"'
            await exchange.answer(401, WWW_Authenticate=header)

    return guard


def redirect(place: str) -> Fault:
    """Send on, with a signature; HERE is this request, ECHO what was sent."""

    async def send_on(exchange: Exchange) -> None:
        echo = exchange.echo.replace(" ", "+")
        location = place.replace("HERE", exchange.url + exchange.path).replace("ECHO", echo)
        await exchange.answer(307, Location=location)

    return send_on


async def silent(exchange: Exchange) -> None:
    await exchange.reader.read()


async def reset(exchange: Exchange) -> None:
    found = exchange.writer.get_extra_info("socket")
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.writer.transport.abort()


async def half_closed(exchange: Exchange) -> None:
    if exchange.writer.can_write_eof():
        exchange.writer.write_eof()
    await exchange.reader.read()


async def endless_body(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    if exchange.method != "HEAD":
        await exchange.for_ever(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


async def endless_refusal(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 403 No\r\nContent-Length: 999999999999\r\n\r\n")
    if exchange.method != "HEAD":
        await exchange.for_ever(b"x" * 0x10000)


async def endless_headers(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\n")
    await exchange.for_ever(b"X-Header: x\r\n" * 100)


async def endless_header(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nX-Header: ")
    await exchange.for_ever(b"x" * 1000)


async def drip_head(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nX-Header: ")
    await exchange.drip(b"x")


async def drip_body(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n")
    if exchange.method != "HEAD":
        await exchange.drip(b" ")


async def banner(exchange: Exchange) -> None:
    """Greet as another protocol does, and wait."""
    await exchange.send(b"SSH-2.0-OpenSSH_9.2\r\n")
    await exchange.reader.read()


async def two_answers(exchange: Exchange) -> None:
    """Send a second answer at once, which the next request must not take for its own."""
    lie = f"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nDocker-Content-Digest: {OTHER}\r\n\r\n"
    await exchange.answer(404)
    await exchange.send(lie)


AWAY, DENIED, LIMITED = "unreachable", "denied", "rate-limited"
CUT = "the connection was closed before"
LATE = "answer in"  # "no" or "no whole": a machine that is busy itself may not see what drips in time
NO_HTTP = "not an HTTP answer"
NO_URL = "not an HTTP URL"
BAD = "the manifest is not valid"
NO_TOKEN = "its answer is not JSON of a token"
UNSENDABLE = "holds none that could be sent"
UNREADABLE = "asks for what cannot be read"

# name: what is done, the status that follows, and what is said of it
FAULTS: dict[str, tuple[Fault, str, str]] = {
    # the connection
    "nothing": (raw(), AWAY, CUT),
    "reset": (reset, AWAY, CUT),
    "half-closed": (half_closed, AWAY, CUT),
    "half-head": (raw(b"HTTP/1.1 200 OK\r\nContent-Le"), AWAY, CUT),
    "half-body": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"), AWAY, CUT),
    "silent": (silent, AWAY, "no answer in"),
    "drip-head": (drip_head, AWAY, LATE),
    "drip-body": (drip_body, AWAY, LATE),
    "informing": (lambda e: e.for_ever(b"HTTP/1.1 102 Processing\r\n\r\n"), AWAY, NO_HTTP),
    # the grammar of HTTP
    "garbage": (raw(b"\0\xff\x16\x03\r\n\r\n"), AWAY, NO_HTTP),
    "no-http": (raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), AWAY, NO_HTTP),
    "banner": (banner, AWAY, NO_HTTP),
    "two-lengths": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"), AWAY, NO_HTTP
    ),
    "bad-length": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), AWAY, NO_HTTP),
    "endless-headers": (endless_headers, AWAY, NO_HTTP),
    "endless-header": (endless_header, AWAY, NO_HTTP),
    "endless-body": (endless_body, AWAY, "an answer of more than"),
    "endless-refusal": (endless_refusal, DENIED, "403"),
    "two-answers": (two_answers, "missing", "404"),
    "short-length": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}{}"),
        AWAY, "neither manifests",  # what comes behind the length is given to nobody
    ),
    # statuses
    "abuse": (status(429, "Too Many Requests"), LIMITED, "which is not the pull limit"),
    "pulls": (status(429, PULL_LIMIT, RateLimit_Remaining="0"), LIMITED, "pull limit"),
    "broken": (status(503), AWAY, "503"),
    "proxy": (status(520, "<html><title>x</title>"), AWAY, "520"),
    "teapot": (status(418), AWAY, "418"),
    "no-content": (status(204), AWAY, "204"),
    "huge-status": (raw(b"HTTP/1.1 999 x\r\nContent-Length: 0\r\n\r\n"), AWAY, "999"),
    # digests and bodies
    "bad-digest": (body(b"{}", Docker_Content_Digest="sha256:../../etc"), AWAY, "neither manifests"),
    "other-digest": (body(b"{}", Docker_Content_Digest=OTHER), "present", ""),  # of a tag: it may be so
    "no-json": (body("{"), AWAY, BAD),
    "page": (
        body("<html><title>Log in</title>to the guest network", Content_Type="text/html; charset=utf-8"),
        AWAY, "a page of HTML: Log in to the guest network",
    ),
    "deep-json": (body("[" * 200_000), AWAY, BAD),
    "no-text": (body(b'{"mediaType": "\xff"}'), AWAY, BAD),
    "wrong-types": (body('{"schemaVersion": "2"}'), AWAY, BAD),
    "huge-number": (body('{"schemaVersion": 1e999999}'), AWAY, BAD),
    "many-digits": (body("{\"x\": " + "9" * 99_999 + "}"), AWAY, "a number of 99,999 digits"),
    "compressed": (body(b"\x1f\x8b\x08" + bytes(20), Content_Encoding="gzip"), AWAY, BAD),
    "schema-1": (body('{"schemaVersion": 1}'), AWAY, "schema 1"),
    "echoes": (
        lambda e: e.answer(200, json.dumps({"schemaVersion": 2, "mediaType": e.echo, "manifests": []})),
        AWAY, "not what its media type says",
    ),
    # challenges
    "no-challenge": (challenge(""), DENIED, UNREADABLE),
    "half-challenge": (challenge('Bearer realm="https://'), DENIED, "asks for bearer"),
    "unknown-challenge": (challenge("Negotiate, AWS4 x=y"), DENIED, "asks for negotiate, aws4"),
    "long-challenge": (challenge("Bearer " + "a=b, " * 5000), DENIED, "bearer"),
    "bad-realm": (challenge('Bearer realm="http://[x/"'), AWAY, "not a URL"),
    "file-realm": (challenge('Bearer realm="file:///etc/passwd"'), AWAY, NO_URL),
    "user-realm": (challenge('Bearer realm="https://u:PLANTED-realm@x.example/"'), AWAY, NO_URL),
    "echo-realm": (challenge('Bearer realm="ftp://ECHO"'), AWAY, NO_URL),
    "control-realm": (challenge('Bearer realm="https://x.example/\x01"'), AWAY, ""),
    "long-realm": (challenge(f'Bearer realm="https://{"x" * 70}.example/"'), AWAY, "not a host name"),
    "no-realm-host": (challenge('Bearer realm="https://nowhere.invalid/"'), AWAY, "host not found"),
    # tokens
    "token-nothing": (token(raw()), AWAY, CUT),
    "token-html": (token(status(200, "<html>")), AWAY, NO_TOKEN),
    "token-empty": (token(status(200, "{}")), AWAY, UNSENDABLE),
    "token-lines": (token(status(200, '{"token": "a\\r\\nb: c"}')), AWAY, UNSENDABLE),
    "token-number": (token(status(200, '{"token": 5}')), AWAY, NO_TOKEN),
    "token-deep": (token(status(200, "[" * 60_000)), AWAY, NO_TOKEN),
    "token-endless": (token(endless_body), AWAY, "an answer of more than"),
    "token-loop": (token(redirect("HERE")), AWAY, "more than 10 redirects"),
    "token-missing": (token(status(404)), AWAY, "no token from"),
    "token-broken": (token(status(500)), AWAY, "no token from"),
    "token-limited": (token(status(429)), LIMITED, "no token from"),
    "token-refused": (token(status(403, '{"details": "no"}')), DENIED, "403 no"),
    "token-bytes": (token(status(200, '{"token": "useless-token"}'), "caf\xe9"), DENIED, "401"),
    "token-useless": (token(status(200, '{"token": "useless-token"}')), DENIED, "401"),
    # redirects
    "loop": (redirect("HERE?sig=PLANTED-signature"), AWAY, "more than 10 redirects"),
    "loop-of-two": (redirect("/v2/loop-of-two/b/manifests/1?sig=PLANTED-signature"), AWAY, "10 redirects"),
    "nowhere": (redirect("http://[?sig=PLANTED-signature"), AWAY, "not a URL"),
    "to-file": (redirect("file:///etc/passwd?sig=PLANTED-signature"), AWAY, NO_URL),
    "to-user": (redirect("https://u:PLANTED-user@x.example/"), AWAY, NO_URL),
    "to-echo": (redirect("gopher://x.example/ECHO"), AWAY, NO_URL),
    "to-long": (redirect("https://x.example/" + "x" * 20_000), AWAY, NO_URL),
    "to-port": (redirect("http://x.example:99999/?sig=PLANTED-signature"), AWAY, "not a URL"),
    "to-label": (redirect(f"https://{'x' * 70}.example/?sig=PLANTED-signature"), AWAY, "not a host name"),
    "to-nobody": (redirect("http://127.0.0.1:9/?sig=PLANTED-signature"), AWAY, "connection refused"),
    "without-place": (status(307), AWAY, "307"),
}  # fmt: skip


@dataclass
class Misbehaving:
    """The server; `good/…` is answered well."""

    url: str = ""
    heads: list[str] = field(default_factory=list)  # of the requests, with their bodies
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                while await self._one(reader, writer):
                    pass
            await self._end(writer)
        finally:
            writer.transport.abort()

    async def _end(self, writer: asyncio.StreamWriter) -> None:
        """Close a connection in such a way that what was sent arrives."""
        with suppress(ConnectionError):
            writer.close()
            await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer a request; return whether the connection is kept."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, path, *_ = head.split(" ")
        for line in head.lower().split("\r\n"):
            if line.startswith("content-length:"):
                head += (await reader.readexactly(int(line.split(":")[1]))).decode()
        self.heads.append(head)
        if path.startswith("http://"):  # it is taken for a proxy
            path = "/" + path.split("/", 3)[3]
        name = path.split("/")[2].partition("?")[0] if path.startswith("/v2/") else ""
        exchange = Exchange(method, path, head, self.url, reader, writer)
        if name not in FAULTS:
            await exchange.answer(200, Docker_Content_Digest=DIGEST, Content_Type=INDEX)
            return True
        await FAULTS[name][0](exchange)
        return False


@asynccontextmanager
async def misbehaving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Misbehaving]:
    """Run it; with `tls`, it speaks HTTPS."""
    server = Misbehaving()
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(server.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listening = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    server.url = f"http{'s' if tls else ''}://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def names() -> Iterator[str]:
    """Yield the names of all faults."""
    yield from FAULTS
