"""One exchange with a host: wait for a turn, send the request, read the response, name what failed.

A class and not an async generator, because asyncio keeps a record of each of those, and there are thousands.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from ssl import SSLError
from types import TracebackType

import msgspec

from planner import clock
from planner.errors import RegistryError
from planner.model.diagnosis import Reached
from planner.registries._breaker import Breaker
from planner.registries._origin import Origin, authority, check_hop, joined, origin
from planner.registries._pace import Paces
from planner.registries._patience import Times, times, waited
from planner.registries._request import Fault, Header, Request, Slot, secrets_of, without_secret
from planner.registries._transport_connection import Connection
from planner.registries._transport_faults import FAULTS, Closed, Trouble, fault
from planner.registries._transport_head import Head, request_head, target
from planner.registries._transport_pool import Pool
from planner.registries.proxy import Proxy, proxy_for
from planner.registries.retry import REPEATABLE, Policy, retry_after

_MOST_REDIRECTS = 10
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True)
class Wire:
    """What all exchanges share."""

    pool: Pool
    policy: Policy
    breaker: Breaker
    paces: Paces
    remember: Callable[[tuple[str, ...]], None]  # is given the secrets that are going to be sent
    times: dict[Slot, Times] = field(init=False)
    proxies: dict[Origin, Proxy] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "times", {slot: times(slot, self.policy) for slot in Slot})

    def proxy(self, place: Origin) -> Proxy:
        """Return the proxy in front of a host."""
        known = self.proxies.get(place)
        if known is None:
            known = self.proxies[place] = proxy_for(place)
            self.remember(tuple(each for _, header in known.headers for each in secrets_of(header)))
        return known


class Response(msgspec.Struct, frozen=True):
    """An answer whose body is still to be read."""

    head: Head
    url: str  # after redirects; may hold a signature
    place: Origin
    connection: Connection
    bare: bool  # as in Answer


class Exchange:
    """A request that is sent once: `async with Exchange(…) as response`.

    Redirects are followed, without the secret as soon as they lead to another origin; a body is not sent on.
    """

    def __init__(
        self, wire: Wire, request: Request, slot: Slot, body: bytes | AsyncIterator[bytes] = b""
    ) -> None:
        self._wire = wire
        self._request = request
        self._slot = slot
        self._body = body or request.body
        self._counted = False  # whether the time that the answer took is

    async def __aenter__(self) -> Response:
        """Return the last response as soon as its head is there."""
        request, url, headers = self._request, self._request.url, self._request.headers
        for _ in range(_MOST_REDIRECTS + 1):
            response = await self._asked(url, headers)
            location = _location(response.head, request.method)
            if not location:
                return response
            self._end()
            there = joined(url, location)
            check_hop(there, request.home, url)
            if origin(there) != origin(url):
                headers = without_secret(headers)
            url = there
        raise RegistryError(f"{authority(origin(request.url))}: more than {_MOST_REDIRECTS} redirects")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if isinstance(error, (Trouble, SSLError)):
                raise self._failed(error) from None
        finally:
            self._end()

    def answered(self) -> None:
        """Count the time that this answer took until now, but not that of a long body, either way.

        A body that was sent is taken off twice, because a registry may read it again in as much time.
        """
        if not self._counted:
            self._counted = True
            took = self._wire.policy.clock() - self._began
            waited(self._place, max(took - 2 * self._connection.sending, 0.0))

    def _end(self) -> None:
        self.answered()
        self._wire.pool.give(self._place, self._connection)
        self._gate.leave()

    async def _asked(self, url: str, headers: tuple[Header, ...]) -> Response:
        """Wait for a turn and send the request to one host."""
        wire, place = self._wire, origin(url)
        pace = wire.paces.of(place)
        await pace.enter(self._slot)
        self._place, self._url, self._began, self._counted = place, url, wire.policy.clock(), False
        self._gate = pace.gate(self._slot)
        try:
            wire.breaker.check(place)
            head = await self._answered(place, url, headers)
        except FAULTS as error:
            if isinstance(self._body, bytes):  # else it may have been sent for hours
                waited(place, wire.policy.clock() - self._began)
            failed = self._failed(error)
            self._gate.leave()
            raise failed from None
        except BaseException:
            self._gate.leave()
            raise
        wire.breaker.answered(place)
        if head.status in REPEATABLE:
            self._gate.bad(self._began)
            pace.rest(_told(head))
        else:
            self._gate.good(self._began)
        return Response(head, url, place, self._connection, headers is not self._request.headers)

    def _failed(self, error: Exception) -> Fault:
        """Return the Fault for an error.

        Nothing keeps the error itself, so its connection is let go at once.
        """
        self._gate.silent(self._began)
        failed = fault(self._place, error, self._wire.policy)
        if failed.reached is Reached.TIMEOUT:
            self._wire.breaker.silent(self._place, self._url, self._began, failed.message)
        return failed

    async def _answered(self, place: Origin, url: str, headers: tuple[Header, ...]) -> Head:
        """Send the request; where the server has just closed a kept connection, over the next one."""
        wire, proxy = self._wire, self._wire.proxy(place)
        asked = target(url)
        if proxy.place and place[0] == "http":
            asked, headers = f"http://{authority(place)}{asked}", (*headers, *proxy.headers)
        head = request_head(self._request.method, asked, place, (*headers, *self._length()))
        allowed, once = wire.times[self._slot], not isinstance(self._body, bytes)
        while True:
            connection = await wire.pool.take(place, proxy, lasting=once)
            try:
                answer = await connection.ask(head, self._body, self._request.method, allowed)
            except Closed:
                stale = connection.stale
                wire.pool.give(place, connection)
                if stale:
                    wire.pool.hasty.add(place)
                if once or not stale:
                    raise
            except BaseException:
                wire.pool.give(place, connection)
                raise
            else:
                self._connection = connection
                return answer

    def _length(self) -> tuple[Header, ...]:
        """Return the Content-Length of a body; that of an upload is in its headers already."""
        given = self._request.body or self._request.method in _WITH_BODY
        if self._slot is Slot.UPLOAD or not given:
            return ()
        return (("Content-Length", str(len(self._request.body))),)


def _told(head: Head) -> float:
    header = head.headers.get("retry-after")
    return (retry_after(header, clock.now()) or 0.0) if header else 0.0


def _location(head: Head, method: str) -> str:
    """Return where a response sends us, or ""; what is sent with a body is never sent on."""
    if head.status not in _REDIRECTS or method not in ("GET", "HEAD"):
        return ""
    return head.headers.get("location")
