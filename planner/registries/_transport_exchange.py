"""One exchange with a host: its turn, the request, the response, and what it means when that fails.

A class and no generator, for there are thousands: asyncio registers every generator.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import TracebackType

import aiohttp
from yarl import URL

from planner import clock
from planner.errors import RegistryError
from planner.model.diagnosis import Reached
from planner.registries._breaker import Breaker
from planner.registries._origin import Origin, check_hop, joined, origin, shown
from planner.registries._pace import Paces
from planner.registries._proxy import Proxy, proxy_for
from planner.registries._request import Fault, Header, Request, Slot, secrets_of, without_secret
from planner.registries._retry import REPEATABLE, Policy, retry_after
from planner.registries._transport_bodies import Watched, timeout
from planner.registries._transport_faults import FAULTS, fault

_MOST_REDIRECTS = 10
_LARGE = 1 << 20  # bytes
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Wire:
    """What all exchanges share."""

    session: aiohttp.ClientSession
    policy: Policy
    breaker: Breaker
    paces: Paces
    remember: Callable[[tuple[str, ...]], None]  # is given the secrets that are going to be sent
    timeouts: dict[Slot, aiohttp.ClientTimeout] = field(init=False)
    proxies: dict[Origin, Proxy] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "timeouts", {slot: timeout(slot, self.policy) for slot in Slot})

    def proxy(self, place: Origin) -> Proxy:
        """Return the proxy in front of a host."""
        known = self.proxies.get(place)
        if known is None:
            known = self.proxies[place] = proxy_for(place)
            self.remember(tuple(each for _, header in known[1] for each in secrets_of(header)))
        return known


class Exchange:
    """A request that is sent once: `async with Exchange(…) as response`.

    Redirects are followed, without the secret as soon as they lead to another origin; a body is not sent on.
    """

    def __init__(self, wire: Wire, request: Request, slot: Slot, body: bytes | Watched | None = None) -> None:
        self._wire = wire
        self._request = request
        self._slot = slot
        self._body = body or request.body or None

    async def __aenter__(self) -> aiohttp.ClientResponse:
        """Return the last response as soon as its headers are there."""
        request, url, headers = self._request, self._request.url, self._request.headers
        for _ in range(_MOST_REDIRECTS + 1):
            response = await self._asked(url, headers)
            location = _location(response, request.method)
            if not location:
                return response
            await self.__aexit__(None, None, None)
            target = joined(url, location)
            check_hop(target, request.home, url)
            if origin(target) != origin(url):
                headers = without_secret(headers)
            url = target
        raise RegistryError(f"{origin(request.url)[1]}: more than {_MOST_REDIRECTS} redirects")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._response.release()
            await self._response.wait_for_close()
            if isinstance(error, FAULTS):
                raise self._failed(error) from None
        except FAULTS as late:
            raise self._failed(late) from None
        finally:
            self._gate.leave()

    async def _asked(self, url: str, headers: tuple[Header, ...]) -> aiohttp.ClientResponse:
        """Wait for a turn and send the request to one host."""
        wire, place = self._wire, origin(url)
        pace = wire.paces.of(place)
        await pace.enter(self._slot)
        self._place, self._url, self._began = place, url, wire.policy.clock()
        self._gate = pace.gate(self._slot)
        try:
            wire.breaker.check(place)
            self._response = await self._open(place, url, headers)
            wire.breaker.answered(place)
            if self._response.status in REPEATABLE:
                self._gate.bad(self._began)
                pace.rest(_told(self._response))
            else:
                self._gate.good(self._began)
        except FAULTS as error:
            failed = self._failed(error)
            self._gate.leave()
            raise failed from None
        except BaseException:
            self._gate.leave()
            raise
        return self._response

    def _failed(self, error: Exception) -> Fault:
        """Return what a foreign error means. No frame keeps it, so that its connection is let go at once."""
        self._gate.silent(self._began)
        failed = fault(self._place, error, self._wire.policy)
        if failed.reached is Reached.TIMEOUT:
            self._wire.breaker.silent(self._place, self._url, self._began, failed.message)
        return failed

    async def _open(self, place: Origin, url: str, headers: tuple[Header, ...]) -> aiohttp.ClientResponse:
        wire, body = self._wire, self._body
        proxy, secret = wire.proxy(place)
        asked = wire.session.request(
            self._request.method,
            _url(url),
            headers=headers if place[0] == "https" else (*headers, *secret),
            data=_data(body),
            allow_redirects=False,
            proxy=proxy,
            proxy_headers=secret or None,
            timeout=wire.timeouts[self._slot],
        )
        if self._slot is Slot.ANSWER:
            return await asked  # the client's own time-out is for the whole of it
        async with asyncio.timeout(wire.policy.whole) as patience:
            if not isinstance(body, Watched):
                return await asked
            body.patience = patience
            try:
                return await asked
            finally:
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
    return (retry_after(header, clock.now()) or 0.0) if header else 0.0


def _location(response: aiohttp.ClientResponse, method: str) -> str:
    """Return where a response sends us, or ""; what is sent with a body is never sent on."""
    if response.status not in _REDIRECTS or method not in ("GET", "HEAD"):
        return ""
    return response.headers.get("Location", "")
