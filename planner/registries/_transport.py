"""HTTP to registries: one session, repeated requests, redirects followed with care.

Nothing else repeats a request, and nothing else knows connections. Each hop of a redirect is checked, and a
secret does not travel to another origin. Proxies come from the environment; ~/.netrc is not read.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from types import TracebackType
from typing import Self

from planner import clock
from planner.registries._breaker import Breaker
from planner.registries._origin import authority, origin
from planner.registries._pace import Limit, Paces
from planner.registries._patience import check, waited
from planner.registries._request import Fault, Overlong, Request, Slot, Stream, redacted
from planner.registries._transport_bodies import joined, nothing, steady
from planner.registries._transport_connection import Connection
from planner.registries._transport_exchange import Exchange, Response, Wire
from planner.registries._transport_pool import Pool
from planner.registries.answer import LARGEST_ERROR, Answer
from planner.registries.docker_hub import is_pull_limit
from planner.registries.retry import Policy, may_pass, retry_after

_MOST_SECRETS = 512
_AT_ONCE = 512 << 10  # bytes; a body up to this size is sent as one piece, once all of it was received


class Transport:
    """One session over all hosts; an async context manager. `limits` are those somebody set, by host."""

    def __init__(self, policy: Policy | None = None, limits: Mapping[str, Limit] | None = None) -> None:
        self.policy = policy or Policy()
        self._breaker = Breaker(self.policy.pause, self.policy.clock)
        self._paces = Paces(self.policy, limits)
        self._secrets: dict[str, None] = {}  # all that were ever sent
        self._pool = Pool(self.policy)
        self._wire = Wire(self._pool, self.policy, self._breaker, self._paces, self._remember)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.close()

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
        check()
        size = next(int(value) for name, value in request.headers if name == "Content-Length")
        given = await joined(body) if size <= _AT_ONCE else body
        async with Exchange(self._wire, request, Slot.UPLOAD, given) as response:
            return await self._answer(response, request)

    async def _repeat(self, request: Request, once: Callable[[], Awaitable[Stream]]) -> Stream:
        """Call `once` until there is an answer that will stay, or as often as the policy says."""
        place, began, tries = origin(request.url), self.policy.clock(), 0
        check()
        if known := self._breaker.refusal(place):
            return Stream(known, nothing())
        self._remember(request.secrets)
        answered_since = self._paces.of(place).answered_since
        most = 1 if self._breaker.doubts(place, answered_since) else self.policy.tries
        while True:
            tries += 1
            told = None
            try:
                stream = await once()
            except Fault as error:
                if tries >= min(most, error.tries):
                    self._breaker.gave_up(error.place, request.url, error.message, connected=error.connected)
                    raise
            else:
                answer = stream.answer
                if not may_pass(answer) or is_pull_limit(answer):
                    return stream
                if tries >= most:
                    self._breaker.refused(request.url, answer, began, answered_since)
                    return stream
                told = retry_after(answer.headers.get("retry-after"), clock.now())
            pause = self.policy.wait(tries, told)
            await self.policy.sleep(pause)
            waited(place, pause, answers=0)

    def _remember(self, sent: tuple[str, ...]) -> None:
        self._secrets.update(dict.fromkeys(sent))
        while len(self._secrets) > _MOST_SECRETS:  # the oldest tokens are over
            del self._secrets[next(iter(self._secrets))]

    async def _whole(self, request: Request) -> Stream:
        async with Exchange(self._wire, request, request.slot) as response:
            return Stream(await self._answer(response, request), nothing())

    async def _opened(self, request: Request, stack: AsyncExitStack) -> Stream:
        """Leave the connection of a long answer open until `stack` ends; any other answer is read at once."""
        async with AsyncExitStack() as attempt:
            exchange = Exchange(self._wire, request, Slot.DOWNLOAD)
            response = await attempt.enter_async_context(exchange)
            if response.head.status not in (200, 206):
                return Stream(await self._answer(response, request), nothing())
            exchange.answered()
            stack.push_async_exit(attempt.pop_all())
            response.connection.no_hurry()
            return Stream(_head(response), steady(response.connection, response.place, self.policy))

    async def _answer(self, response: Response, request: Request) -> Answer:
        """Read a body up to its cap: an error's is cut off there, any other that is longer is refused."""
        if request.method == "HEAD":
            return _head(response)
        refused = response.head.status >= 400
        largest = LARGEST_ERROR if refused else request.largest
        body = response.connection.whole()
        if body is None:
            body = await _read(response.connection, largest)
        if len(body) > largest and not refused:
            raise Overlong(f"{authority(response.place)}: an answer of more than {largest:,} bytes")
        return _head(response, redacted(body[:largest], self._secrets) if refused else body)


async def _read(connection: Connection, largest: int) -> bytes:
    """Return a body, or a bit more of it than is wanted."""
    found, size = [], 0
    async for piece in connection.pieces():
        found.append(piece)
        size += len(piece)
        if size > largest:
            break
    return b"".join(found)


def _head(response: Response, body: bytes = b"") -> Answer:
    return Answer(response.head.status, response.url, response.head.headers, body, response.bare)
