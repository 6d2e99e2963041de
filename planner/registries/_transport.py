"""HTTP to registries: one session, repeated requests, redirects followed with care.

Nothing else repeats a request, and nothing else knows the HTTP client. Redirects are followed by hand, so
that each hop is checked and a secret does not travel to another origin. Proxies come from the environment;
the client's own reading of it is off, because it would take passwords from ~/.netrc as well.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from types import TracebackType
from typing import Self

import aiohttp

from planner import __version__, clock
from planner.errors import RegistryError
from planner.registries._answer import LARGEST_ERROR, Answer, Headers
from planner.registries._breaker import Breaker
from planner.registries._endpoints import Endpoint, Endpoints
from planner.registries._origin import origin
from planner.registries._pace import Limit, Paces
from planner.registries._request import Fault, Request, Slot, Stream, redacted
from planner.registries._retry import Policy, may_pass, retry_after
from planner.registries._transport_bodies import PIECE, SMALL, Watched, joined, nothing, steady
from planner.registries._transport_exchange import Exchange, Wire
from planner.registries.docker_hub import is_pull_limit

__all__ = ["PIECE", "Connector", "Endpoint", "Endpoints", "Transport"]

Connector = Callable[[], aiohttp.BaseConnector]

_MOST_SECRETS = 512
_LONGEST_LINE = 32 << 10  # bytes; Artifact Registry's places of uploads are longer than 1 KiB
_HEADERS = {"User-Agent": f"hub2ar/{__version__}", "Accept-Encoding": "identity"}


class Transport:
    """One session over all hosts; an async context manager. `limits` are those somebody set, by host.

    `connector` makes what connects to hosts; without one, that is the network.
    """

    def __init__(
        self,
        policy: Policy | None = None,
        limits: Mapping[str, Limit] | None = None,
        connector: Connector | None = None,
    ) -> None:
        self.policy = policy or Policy()
        self._connector = connector or _network
        self._breaker = Breaker(self.policy.pause, self.policy.clock)
        self._paces = Paces(self.policy, limits)
        self._secrets: dict[str, None] = {}  # all that were ever sent

    async def __aenter__(self) -> Self:
        session = aiohttp.ClientSession(
            connector=self._connector(),
            headers=_HEADERS,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            read_bufsize=PIECE,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_LINE,
        )
        self._wire = Wire(session, self.policy, self._breaker, self._paces, self._remember)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._wire.session.close()

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
        size = next(int(value) for name, value in request.headers if name == "Content-Length")
        given = await joined(body) if size <= SMALL else Watched(body, self.policy)
        async with Exchange(self._wire, request, Slot.UPLOAD, given) as response:
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
                if not may_pass(answer) or is_pull_limit(answer):
                    return stream
                if tries >= self.policy.tries:
                    answered_since = self._paces.of(place).answered_since
                    self._breaker.refused(request.url, answer, began, answered_since)
                    return stream
                told = retry_after(answer.headers.get("retry-after"), clock.now())
            await self.policy.sleep(self.policy.wait(tries, told))

    def _remember(self, sent: tuple[str, ...]) -> None:
        self._secrets.update(dict.fromkeys(sent))
        while len(self._secrets) > _MOST_SECRETS:  # the oldest tokens are over
            del self._secrets[next(iter(self._secrets))]

    async def _whole(self, request: Request) -> Stream:
        async with Exchange(self._wire, request, Slot.ANSWER) as response:
            return Stream(await self._answer(response, request), nothing())

    async def _opened(self, request: Request, stack: AsyncExitStack) -> Stream:
        async with AsyncExitStack() as attempt:
            response = await attempt.enter_async_context(Exchange(self._wire, request, Slot.DOWNLOAD))
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


def _network() -> aiohttp.BaseConnector:
    return aiohttp.TCPConnector(limit=0, limit_per_host=0)  # paces limit


def _head(response: aiohttp.ClientResponse, body: bytes = b"") -> Answer:
    return Answer(response.status, str(response.url), Headers(tuple(response.headers.items())), body)
