"""HTTP to registries: one session, repeated requests, redirects followed with care.

Nothing else repeats a request, and nothing else knows the HTTP client. Redirects are followed by hand, so
that each hop is checked and a secret does not travel to another origin. Proxies come from the environment;
the client's own reading of it is off, because it would take passwords from ~/.netrc as well.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from planner import __version__
from planner.errors import RegistryError
from planner.model.diagnosis import Reached
from planner.registries._answer import LARGEST_ERROR, Answer, Headers
from planner.registries._breaker import Breaker
from planner.registries._endpoints import Endpoint, Endpoints
from planner.registries._origin import Origin, check_hop, joined, origin, shown
from planner.registries._pace import Limit, Paces
from planner.registries._proxy import Proxy, proxy_for
from planner.registries._request import (
    Fault,
    Header,
    Request,
    Slot,
    Stream,
    redacted,
    secrets_of,
    without_secret,
)
from planner.registries._retry import REPEATABLE, Policy, retry_after
from planner.registries._transport_bodies import PIECE, Watched, nothing, steady, timeout
from planner.registries._transport_faults import FAULTS, fault
from planner.registries.docker_hub import is_pull_limit

__all__ = ["PIECE", "Endpoint", "Endpoints", "Transport"]

_MOST_REDIRECTS = 10
_MOST_SECRETS = 512
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LARGE = 1 << 20  # bytes
_LONGEST_LINE = 32 << 10  # bytes; Artifact Registry's places of uploads are longer than 1 KiB
_HEADERS = {"User-Agent": f"hub2ar/{__version__}", "Accept-Encoding": "identity"}


class Transport:
    """One session over all hosts; an async context manager. `limits` are those somebody set, by host."""

    def __init__(self, policy: Policy | None = None, limits: Mapping[str, Limit] | None = None) -> None:
        self.policy = policy or Policy()
        self._breaker = Breaker(self.policy.pause, self.policy.clock)
        self._paces = Paces(self.policy, limits)
        self._proxies: dict[Origin, Proxy] = {}
        self._secrets: dict[str, None] = {}  # all that were ever sent

    async def __aenter__(self) -> Self:
        self._timeouts = {slot: timeout(slot, self.policy) for slot in Slot}
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, limit_per_host=0),  # paces limit
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

    def redact(self, said: str) -> str:
        """Return what a server said without the secrets that it was sent; it may repeat them anywhere."""
        return redacted(said.encode(errors="replace"), self._secrets).decode()

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncIterator[Stream]:
        """Send a request whose answer is long; a body that breaks off later raises Unavailable."""
        async with AsyncExitStack() as stack:
            yield await self._repeat(request, partial(self._opened, request, stack))

    async def upload(self, request: Request, body: AsyncIterator[bytes]) -> Answer:
        """Send a request with a body that can be read only once, so it is sent only once.

        The headers have to hold its Content-Length: Artifact Registry takes no chunked uploads.
        """
        watched = Watched(body, self.policy)
        async with self._send(request, request.url, request.headers, watched, Slot.UPLOAD) as response:
            answer = await self._answer(response, request)
            if answer.status >= 400:
                response.close()  # the rest of the body is not wanted
            return answer

    async def _repeat(self, request: Request, once: Callable[[], Awaitable[Stream]]) -> Stream:
        place, began, tries = origin(request.url), self.policy.clock(), 0
        if known := self._breaker.refusal(place):
            return Stream(known, nothing())
        self._remember(request.secrets)
        while True:
            tries += 1
            told = None
            try:
                stream = await once()
            except Fault as error:
                if tries >= min(self.policy.tries, error.tries):
                    self._breaker.gave_up(error.place, error.message, connected=error.connected)
                    raise
            else:
                answer = stream.answer
                if answer.status not in REPEATABLE or is_pull_limit(answer):
                    return stream
                if tries >= self.policy.tries:
                    answered_since = self._paces.of(place).answered_since
                    self._breaker.refused(request.url, answer, began, answered_since)
                    return stream
                told = retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
            await self.policy.sleep(self.policy.wait(tries, told))

    def _remember(self, sent: tuple[str, ...]) -> None:
        self._secrets.update(dict.fromkeys(sent))
        while len(self._secrets) > _MOST_SECRETS:  # the oldest tokens are over
            del self._secrets[next(iter(self._secrets))]

    async def _whole(self, request: Request) -> Stream:
        async with self._exchange(request, Slot.ANSWER) as response:
            return Stream(await self._answer(response, request), nothing())

    async def _opened(self, request: Request, stack: AsyncExitStack) -> Stream:
        async with AsyncExitStack() as attempt:
            response = await attempt.enter_async_context(self._exchange(request, Slot.DOWNLOAD))
            if response.status not in (200, 206):
                return Stream(await self._answer(response, request), nothing())
            stack.push_async_exit(attempt.pop_all())
            return Stream(_head(response), steady(response, self.policy))

    async def _answer(self, response: aiohttp.ClientResponse, request: Request) -> Answer:
        """Read a body up to its cap: an error's is cut off there, any other that is longer is refused."""
        if request.method == "HEAD":
            return _head(response)
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
        return _head(response, redacted(kept, self._secrets) if refused else kept)

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
            check_hop(target, request.home, url)
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
        body: bytes | Watched | None,
        slot: Slot,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        place = origin(url)
        pace = self._paces.of(place)
        await pace.enter(slot)
        gate, began = pace.gate(slot), self.policy.clock()
        try:
            self._breaker.check(place)
            async with await self._open(request, place, url, headers, body, slot) as response:
                self._breaker.answered(place)
                if response.status in REPEATABLE:
                    gate.bad(began)
                    pace.rest(_told(response))
                else:
                    gate.good(began)
                yield response
        except FAULTS as error:
            gate.silent(began)
            raise self._failed(place, url, began, error) from None
        finally:
            gate.leave()

    def _failed(self, place: Origin, url: str, began: float, error: Exception) -> Fault:
        """Return what a foreign error means. No frame keeps it, so that its connection is let go at once."""
        failed = fault(place, error, self.policy)
        if failed.reached is Reached.TIMEOUT:
            self._breaker.silent(place, url, began, failed.message)
        return failed

    async def _open(
        self,
        request: Request,
        place: Origin,
        url: str,
        headers: tuple[Header, ...],
        body: bytes | Watched | None,
        slot: Slot,
    ) -> aiohttp.ClientResponse:
        """Return the response as soon as its headers are there."""
        if place not in self._proxies:
            self._proxies[place] = proxy_for(place)
            self._remember(
                tuple(each for _, header in self._proxies[place][1] for each in secrets_of(header))
            )
        proxy, secret = self._proxies[place]
        asked = self._session.request(
            request.method,
            _url(url),
            headers=headers if place[0] == "https" else (*headers, *secret),
            data=_data(body),
            allow_redirects=False,
            proxy=proxy,
            proxy_headers=secret or None,
            timeout=self._timeouts[slot],
        )
        if slot is Slot.ANSWER:
            return await asked  # the client's own time-out is for the whole of it
        async with asyncio.timeout(self.policy.whole) as patience:
            if isinstance(body, Watched):
                body.patience = patience
            try:
                return await asked
            finally:
                if isinstance(body, Watched):
                    body.patience = None


def _url(url: str) -> URL:
    try:
        return URL(url, encoded=True)
    except ValueError:  # the client's rules are stricter than those of `origin`
        raise RegistryError(f"not an HTTP URL: {shown(url)!r}") from None


def _data(body: bytes | Watched | None) -> AsyncIterator[bytes] | io.BytesIO | bytes | None:
    """Return a body as the client takes it; it wants what is large as a file, and warns of the rest."""
    if isinstance(body, Watched):
        return body.pieces()
    return io.BytesIO(body) if body and len(body) >= _LARGE else body


def _told(response: aiohttp.ClientResponse) -> float:
    header = response.headers.get("Retry-After")
    return (retry_after(header, datetime.now(UTC)) or 0.0) if header else 0.0


def _target(response: aiohttp.ClientResponse, method: str, url: str) -> str:
    """Return where a response sends us, or ""; what is sent with a body is never sent on."""
    location = response.headers.get("Location", "")
    if response.status not in _REDIRECTS or method not in ("GET", "HEAD") or not location:
        return ""
    return joined(url, location)


def _head(response: aiohttp.ClientResponse, body: bytes = b"") -> Answer:
    return Answer(response.status, str(response.url), Headers(tuple(response.headers.items())), body)
