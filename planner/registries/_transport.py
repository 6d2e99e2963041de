"""HTTP to registries: one session, repeated requests, redirects followed with care.

Nothing else repeats a request, and nothing else knows the HTTP client. Redirects are followed by hand, so that
each hop is checked and a secret does not travel to another origin. Proxies come from the environment; the
client's own reading of it is off, because it would take passwords from ~/.netrc as well.
"""

import asyncio
import os
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from functools import partial
from types import TracebackType
from typing import Self
from urllib.parse import urljoin
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from planner import __version__
from planner.errors import ConfigError, RegistryError, Unavailable
from planner.registries._answer import LARGEST_ERROR, Answer, Headers
from planner.registries._breaker import Breaker
from planner.registries._origin import Origin, check_hop, is_loopback, origin
from planner.registries._retry import REPEATABLE, Policy, retry_after
from planner.registries.docker_hub import is_pull_limit

PIECE = 256 << 10  # bytes; what a blob is read in
_MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_LINE = 32 << 10  # bytes; Artifact Registry's places of uploads are longer than 1 KiB
_HEADERS = {"User-Agent": f"hub2ar/{__version__}", "Accept-Encoding": "identity"}


class Slot(Enum):
    """What a request holds a host's connection for; each kind is limited alone, so none waits for another."""

    ANSWER = "answer"  # a short answer, read at once
    DOWNLOAD = "download"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a registry, or of the server of its tokens. Sending it twice does no harm."""

    method: str
    url: str
    home: str  # URL of the registry's endpoint: what redirects are judged by
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    largest: int = LARGEST_ERROR  # bytes of an answer
    secrets: tuple[str, ...] = field(default=(), repr=False)  # never shown, even if the server repeats them

    def authorized(self, header: str) -> "Request":
        """Return the request with an Authorization header; "" is none."""
        if not header:
            return self
        added = (("Authorization", header),)
        return replace(self, headers=self.headers + added, secrets=(*self.secrets, header.partition(" ")[2]))


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer whose body is still to be read, in pieces."""

    answer: Answer
    pieces: AsyncIterator[bytes]


class Fault(Unavailable):
    """One try that failed on the way."""

    def __init__(self, host: str, what: str, *, passing: bool = True, connected: bool = True) -> None:
        super().__init__(f"{host}: {what}")
        self.passing = passing  # another try may do better
        self.connected = connected


class Transport:
    """One session over all hosts; an async context manager."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy or Policy()
        self._breaker = Breaker(self.policy.pause, self.policy.clock)
        self._slots: defaultdict[tuple[Origin, Slot], asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(self.policy.per_host)
        )
        self._proxies: dict[Origin, tuple[URL | None, aiohttp.BasicAuth | None]] = {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, limit_per_host=len(Slot) * self.policy.per_host),
            timeout=aiohttp.ClientTimeout(
                total=None, connect=self.policy.connect, sock_connect=self.policy.connect, sock_read=self.policy.read
            ),
            headers=_HEADERS,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            read_bufsize=PIECE,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def request(self, request: Request) -> Answer:
        """Send a request and read the whole answer. Raises Unavailable when no try gets through."""
        return (await self._repeat(request, partial(self._whole, request))).answer

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[Stream]:
        """Send a request whose answer is long; a body that breaks off later raises Unavailable."""
        async with AsyncExitStack() as stack:
            yield await self._repeat(request, partial(self._opened, request, stack))

    async def upload(self, request: Request, body: AsyncIterator[bytes]) -> Answer:
        """Send a request with a body that can be read only once, so it is sent only once.

        The headers have to hold its Content-Length: Artifact Registry takes no chunked uploads.
        """
        async with self._send(request, request.url, request.headers, body, Slot.UPLOAD) as response:
            try:
                return await _answer(response, request)
            finally:
                response.close() if response.status >= 400 else None  # the rest of the body is not wanted

    async def _repeat(self, request: Request, once: Callable[[], Awaitable[Stream]]) -> Stream:
        tries = 0
        while True:
            tries += 1
            told = None
            try:
                stream = await once()
            except Fault as fault:
                if tries >= self.policy.tries or not fault.passing:
                    self._breaker.gave_up(origin(request.url), fault.message, connected=fault.connected)
                    raise
            else:
                answer = stream.answer
                if tries >= self.policy.tries or answer.status not in REPEATABLE or is_pull_limit(answer):
                    return stream
                told = retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
            await self.policy.sleep(self.policy.wait(tries, told))

    async def _whole(self, request: Request) -> Stream:
        async with self._exchange(request, Slot.ANSWER) as response:
            return Stream(await _answer(response, request), _nothing())

    async def _opened(self, request: Request, stack: AsyncExitStack) -> Stream:
        async with AsyncExitStack() as attempt:
            response = await attempt.enter_async_context(self._exchange(request, Slot.DOWNLOAD))
            if response.status != 200:
                return Stream(await _answer(response, request), _nothing())
            stack.push_async_exit(attempt.pop_all())
            return Stream(_head(response), response.content.iter_chunked(PIECE))

    @asynccontextmanager
    async def _exchange(self, request: Request, slot: Slot) -> AsyncIterator[aiohttp.ClientResponse]:
        """Send once and follow redirects, without the secret as soon as they lead to another origin."""
        url, headers = request.url, request.headers
        for _ in range(_MOST_REDIRECTS + 1):
            async with self._send(request, url, headers, request.body or None, slot) as response:
                target = _target(response, request.method, url)
                if not target:
                    yield response
                    return
            check_hop(target, request.home)
            if origin(target) != origin(url):
                headers = tuple(item for item in headers if item[0] != "Authorization")
            url = target
        raise RegistryError(f"{origin(request.url)[1]}: more than {_MOST_REDIRECTS} redirects")

    @asynccontextmanager
    async def _send(
        self,
        request: Request,
        url: str,
        headers: tuple[tuple[str, str], ...],
        body: bytes | AsyncIterator[bytes] | None,
        slot: Slot,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        place = origin(url)
        async with self._slots[place, slot]:
            self._breaker.check(place)
            proxy, proxy_auth = self._proxy(place)
            try:
                async with self._session.request(
                    request.method,
                    URL(url, encoded=True),
                    headers=headers,
                    data=body,
                    allow_redirects=False,
                    proxy=proxy,
                    proxy_auth=proxy_auth,
                ) as response:
                    self._breaker.answered(place)
                    yield response
            except aiohttp.ClientResponseError as error:  # it holds the request, with its secrets
                raise Fault(place[1], f"not an HTTP answer ({type(error).__name__})", passing=False) from None
            except (aiohttp.ClientError, TimeoutError, ConnectionError, ssl.SSLError) as error:
                raise _fault(place[1], error, self.policy) from error

    def _proxy(self, place: Origin) -> tuple[URL | None, aiohttp.BasicAuth | None]:
        if place not in self._proxies:
            self._proxies[place] = _proxy(place)
        return self._proxies[place]


def _proxy(place: Origin) -> tuple[URL | None, aiohttp.BasicAuth | None]:
    scheme, host, _ = place
    text = getproxies().get(scheme, "")
    if not text or is_loopback(host) or proxy_bypass(host):
        return None, None
    url = URL(text if "://" in text else f"http://{text}")
    if url.scheme not in ("http", "https"):
        raise ConfigError(f"{scheme}_proxy names a proxy of an unknown kind: {url.scheme}", hint="use an HTTP proxy")
    auth = aiohttp.BasicAuth(url.user, url.password or "") if url.user else None
    return url.with_user(None), auth


def _target(response: aiohttp.ClientResponse, method: str, url: str) -> str:
    """Return where a response sends us, or ""; what is sent with a body is never sent on."""
    location = response.headers.get("Location", "")
    if response.status not in _REDIRECTS or method not in ("GET", "HEAD") or not location:
        return ""
    return urljoin(url, location)


def _head(response: aiohttp.ClientResponse) -> Answer:
    return Answer(response.status, str(response.url), Headers(tuple(response.headers.items())))


async def _answer(response: aiohttp.ClientResponse, request: Request) -> Answer:
    """Read a body up to its cap: an error's is cut off there, any other that is longer is refused."""
    refused = response.status >= 400
    largest = min(request.largest, LARGEST_ERROR) if refused else request.largest
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > largest:
            if not refused:
                raise RegistryError(f"{response.url.host}: an answer of more than {largest} bytes")
            break
    kept = bytes(body[:largest])
    return replace(_head(response), body=_redacted(kept, request.secrets) if refused else kept)


def _redacted(body: bytes, secrets: tuple[str, ...]) -> bytes:
    for secret in secrets:
        body = body.replace(secret.encode(), b"[secret]") if secret else body
    return body


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


def _fault(host: str, error: Exception, policy: Policy) -> Fault:
    """Say in a few stable words what went wrong on the way; never with the URL."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return Fault(host, "host not found", connected=False)
        case aiohttp.ClientConnectorCertificateError():
            return Fault(host, "its certificate is not trusted", passing=False, connected=False)
        case aiohttp.ClientProxyConnectionError():
            return Fault(host, "the proxy cannot be reached", connected=False)
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return Fault(host, "no TLS connection", passing=False, connected=False)
        case aiohttp.ClientConnectorError():
            return Fault(host, _reason(error.os_error), connected=False)
        case aiohttp.ConnectionTimeoutError():
            return Fault(host, f"no connection in {policy.connect:g} s", connected=False)
        case TimeoutError():
            return Fault(host, f"no answer in {policy.read:g} s")
        case aiohttp.InvalidURL():
            return Fault(host, "not a URL", passing=False)
        case _:
            return Fault(host, "the connection was closed before the answer was complete")


def _reason(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else "no connection"
