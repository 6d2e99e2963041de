"""HTTP to registries: one session, repeated requests, redirects followed with care.

Nothing else repeats a request, and nothing else knows the HTTP client. Redirects are followed by hand, so
that each hop is checked and a secret does not travel to another origin. Proxies come from the environment;
the client's own reading of it is off, because it would take passwords from ~/.netrc as well.
"""

import asyncio
import os
import socket
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from planner import __version__
from planner.errors import ConfigError, RegistryError
from planner.model.reference import DOCKER_HUB
from planner.registries._answer import LARGEST_ERROR, Answer, Headers
from planner.registries._breaker import Breaker
from planner.registries._keychain import Credential
from planner.registries._origin import Origin, check_hop, is_loopback, origin, shown
from planner.registries._request import Fault, Header, Request, Slot, Stream, redacted, without_secret
from planner.registries._retry import REPEATABLE, Policy, retry_after
from planner.registries.docker_hub import REGISTRY_URL, is_pull_limit

PIECE = 256 << 10  # bytes; what a blob is read in
_MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_LINE = 32 << 10  # bytes; Artifact Registry's places of uploads are longer than 1 KiB
_HEADERS = {"User-Agent": f"hub2ar/{__version__}", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a registry really lives. `insecure` allows plain HTTP to a host that is not this machine."""

    url: str
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where registries really live, by their name in references; others live where their name says."""

    overrides: Mapping[str, Endpoint] = field(default_factory=dict)

    def of(self, registry: str) -> Endpoint:
        """Return the endpoint of a registry. Raises ConfigError for plain HTTP that nothing allows."""
        endpoint = self.overrides.get(registry) or Endpoint(_usual_url(registry))
        try:
            scheme, host, _ = origin(endpoint.url)
        except RegistryError as error:
            raise ConfigError(f"the endpoint of {registry!r} is wrong: {error.message}") from error
        if scheme == "http" and not endpoint.insecure and not is_loopback(host):
            raise ConfigError(
                f"{registry} would be asked without encryption at {shown(endpoint.url)}",
                hint=f"use https, or set insecure = true for {registry} in [endpoints]",
            )
        return endpoint

    def url(self, registry: str) -> str:
        """Return the URL that the paths of a registry are added to, without a slash at its end."""
        return self.of(registry).url.rstrip("/")


def _usual_url(registry: str) -> str:
    if registry == DOCKER_HUB:
        return REGISTRY_URL
    host = urlsplit(f"//{registry}").hostname or ""
    return f"http://{registry}" if is_loopback(host) else f"https://{registry}"


class Transport:
    """One session over all hosts; an async context manager."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy or Policy()
        self._breaker = Breaker(self.policy.pause, self.policy.clock)
        self._slots: defaultdict[tuple[Origin, Slot], asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(self.policy.per_host)
        )
        self._proxies: dict[Origin, tuple[URL | None, tuple[Header, ...]]] = {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, limit_per_host=len(Slot) * self.policy.per_host),
            timeout=aiohttp.ClientTimeout(
                total=None,
                connect=self.policy.connect,
                sock_connect=self.policy.connect,
                sock_read=self.policy.read,
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
        return (await self._repeat(partial(self._whole, request))).answer

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[Stream]:
        """Send a request whose answer is long; a body that breaks off later raises Unavailable."""
        async with AsyncExitStack() as stack:
            yield await self._repeat(partial(self._opened, request, stack))

    async def upload(self, request: Request, body: AsyncIterator[bytes]) -> Answer:
        """Send a request with a body that can be read only once, so it is sent only once.

        The headers have to hold its Content-Length: Artifact Registry takes no chunked uploads.
        """
        async with self._send(request, request.url, request.headers, body, Slot.UPLOAD) as response:
            answer = await _answer(response, request)
            if answer.status >= 400:
                response.close()  # the rest of the body is not wanted
            return answer

    async def _repeat(self, once: Callable[[], Awaitable[Stream]]) -> Stream:
        tries = 0
        while True:
            tries += 1
            told = None
            try:
                stream = await once()
            except Fault as fault:
                if tries >= min(self.policy.tries, fault.tries):
                    self._breaker.gave_up(fault.place, fault.message, connected=fault.connected)
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
                headers = without_secret(headers)
            url = target
        raise RegistryError(f"{origin(request.url)[1]}: more than {_MOST_REDIRECTS} redirects")

    @asynccontextmanager
    async def _send(
        self,
        request: Request,
        url: str,
        headers: tuple[Header, ...],
        body: bytes | AsyncIterator[bytes] | None,
        slot: Slot,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        place = origin(url)
        async with self._slots[place, slot]:
            self._breaker.check(place)
            proxy, secret = self._proxy(place)
            try:
                async with self._session.request(
                    request.method,
                    URL(url, encoded=True),
                    headers=headers if place[0] == "https" else (*headers, *secret),
                    data=body,
                    allow_redirects=False,
                    proxy=proxy,
                    proxy_headers=secret or None,
                ) as response:
                    self._breaker.answered(place)
                    yield response
            except aiohttp.ClientResponseError as error:  # it holds the request, with its secrets
                raise Fault(place, f"not an HTTP answer ({type(error).__name__})", tries=1) from None
            except (aiohttp.ClientError, TimeoutError, ConnectionError, ssl.SSLError) as error:
                raise _fault(place, error, self.policy) from error

    def _proxy(self, place: Origin) -> tuple[URL | None, tuple[Header, ...]]:
        if place not in self._proxies:
            self._proxies[place] = _proxy(place)
        return self._proxies[place]


def _proxy(place: Origin) -> tuple[URL | None, tuple[Header, ...]]:
    """Return the proxy that the environment names for a host, and the header that opens it."""
    scheme, host, _ = place
    text = getproxies().get(scheme, "")
    if not text or is_loopback(host) or proxy_bypass(host):
        return None, ()
    url = URL(text if "://" in text else f"http://{text}")
    if url.scheme not in ("http", "https"):
        raise ConfigError(
            f"{scheme}_proxy names a proxy of an unknown kind: {url.scheme}", hint="use an HTTP proxy"
        )
    secret = Credential(url.user, url.password or "").basic if url.user else ""
    return url.with_user(None), (("Proxy-Authorization", secret),) if secret else ()


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
    return replace(_head(response), body=redacted(kept, request.secrets) if refused else kept)


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


def _fault(place: Origin, error: Exception, policy: Policy) -> Fault:
    """Say in a few stable words what went wrong on the way; never with the URL."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            known = error.os_error.errno == socket.EAI_NONAME  # else the name server gave no answer
            return Fault(place, "host not found", tries=1 if known else 3, connected=False)
        case aiohttp.ClientConnectorCertificateError():
            return Fault(place, "its certificate is not trusted", tries=1, connected=False)
        case aiohttp.ClientProxyConnectionError():
            return Fault(place, "the proxy cannot be reached", connected=False)
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return Fault(place, "no TLS connection", tries=1, connected=False)
        case aiohttp.ClientConnectorError():
            return Fault(place, _reason(error.os_error), connected=False)
        case aiohttp.ConnectionTimeoutError():
            return Fault(place, f"no connection in {policy.connect:g} s", tries=2, connected=False)
        case TimeoutError():
            return Fault(place, f"no answer in {policy.read:g} s")
        case aiohttp.InvalidURL():
            return Fault(place, "not a URL", tries=1)
        case _:
            return Fault(place, "the connection was closed before the answer was complete")


def _reason(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else "no connection"
