"""How fast a host is asked: so many requests at once as it bears, and no more in a second than is polite.

The number at once moves as TCP's window does (https://www.rfc-editor.org/rfc/rfc5681#section-3.1): it grows
with answers that went well, and is halved by a 429, by a failure, and by answers that take much longer than
they did. The number in a second is limited where too many are called abuse, or use up a quota that others
share: https://docs.docker.com/docker-hub/usage/#abuse-rate-limit, https://cloud.google.com/artifact-registry/quotas.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Mapping

import msgspec

from planner.registries._origin import Origin
from planner.registries._request import Slot
from planner.registries.retry import Policy

_FIRST = 16  # requests at once, before anything is known
_SLOW = 1.0  # seconds; an answer that is faster is never slow
_SLOWER = 4.0  # times the fastest one
_SMOOTH = 0.2  # weight of the newest answer
_NOTHING = 1e-6  # seconds; what rounding leaves


class Limit(msgspec.Struct, frozen=True):
    """What a host may be asked: `burst` requests without a pause, then `per_second` of them."""

    at_once: int = 0  # of each kind of slot; 0: what the policy says
    per_second: float = math.inf
    burst: int = 1


# By the end of a host's name, whose hosts share it. A minute's most is `burst` + 60 `per_second`.
_USUAL = {
    "docker.io": Limit(per_second=10, burst=300),  # 900 a minute; some thousands are abuse
    **dict.fromkeys(  # answers and downloads together: 10 at once
        ("mirror.gcr.io", "us-mirror.gcr.io", "eu-mirror.gcr.io", "asia-mirror.gcr.io"),
        Limit(at_once=5, per_second=40, burst=10),
    ),
    **dict.fromkeys(("pkg.dev", "gcr.io"), Limit(per_second=100, burst=500)),  # a tenth of a project's quota
}


class Gate:
    """Lets requests in to one host, as many at once as it has shown to bear."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._most = most
        self.bears = float(min(_FIRST, most))  # requests at once, by what is known so far
        self._starting = True  # nothing went wrong yet: `bears` grows fast, as in a slow start
        self._inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._cut_at = -math.inf  # on the clock: when `bears` was halved last
        self._good_at = -math.inf  # on the clock
        self._fastest = math.inf  # seconds
        self._usual = 0.0  # seconds that an answer takes, smoothed

    async def enter(self) -> None:
        """Wait for a place; those who came first go first."""
        if not self._waiting and self._inside < int(self.bears):
            self._inside += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # let in at the same moment
                self.leave()
            raise

    def leave(self) -> None:
        """Give the place to the next one."""
        self._inside -= 1
        self._admit()

    def good(self, began: float) -> None:
        """Note an answer to what was asked at `began`."""
        self._good_at = now = self._clock()
        seconds = now - began
        self._fastest = min(seconds, self._fastest)
        self._usual += _SMOOTH * (seconds - self._usual)
        if self._usual > max(_SLOW, _SLOWER * self._fastest):
            self.bad(began)
        elif self.bears < self._most:
            self.bears = min(self.bears + (1.0 if self._starting else 1.0 / self.bears), self._most)
            self._admit()

    def bad(self, began: float) -> None:
        """Note a refusal; of those that were on the way together, one counts."""
        if began <= self._cut_at:
            return
        self.bears = max(self.bears / 2, 1.0)
        self._starting = False
        self._cut_at = self._clock()

    def silent(self, began: float) -> None:
        """Note that no answer came: the host's trouble only if it answered nobody else meanwhile."""
        if not self.answered_since(began):
            self.bad(began)

    def answered_since(self, began: float) -> bool:
        """Tell whether anything went well that was answered after `began`."""
        return self._good_at >= began

    def _admit(self) -> None:
        while self._waiting and self._inside < int(self.bears):
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                self._inside += 1


class Rate:
    """Spreads requests over time: a bucket of `burst` that fills `per_second`."""

    def __init__(self, limit: Limit) -> None:
        self._interval = 1 / limit.per_second  # seconds
        self._ahead = (limit.burst - 1) * self._interval
        self._next = -math.inf

    def wait(self, now: float) -> float:
        """Take the next place and return how long until then, in seconds."""
        self._next = max(self._next, now) + self._interval
        wait = self._next - self._interval - self._ahead - now
        return wait if wait > _NOTHING else 0.0


class Pace:
    """How fast one host is asked."""

    def __init__(self, most: int, rate: Rate | None, policy: Policy) -> None:
        self._policy = policy
        self._rate = rate
        self._gates = {slot: Gate(most, policy.clock) for slot in Slot}
        self._resting_until = -math.inf

    def gate(self, slot: Slot) -> Gate:
        """Return the gate of a kind of request."""
        return self._gates[slot]

    async def enter(self, slot: Slot) -> None:
        """Wait until a request may be sent."""
        gate = self._gates[slot]
        await gate.enter()
        now = self._policy.clock()
        wait = max(self._resting_until - now, self._rate.wait(now) if self._rate else 0.0)
        if wait > 0:
            try:
                await self._policy.sleep(wait)
            except BaseException:
                gate.leave()
                raise

    def rest(self, seconds: float) -> None:
        """Send nothing for a while: the host said so."""
        rest = min(seconds, self._policy.longest_wait)
        self._resting_until = max(self._resting_until, self._policy.clock() + rest)

    def answered_since(self, began: float) -> bool:
        """Tell whether the host answered anything well after `began`."""
        return any(gate.answered_since(began) for gate in self._gates.values())


class Paces:
    """The pace of every host. `chosen` are limits that somebody set, by the name of a host."""

    def __init__(self, policy: Policy, chosen: Mapping[str, Limit] | None = None) -> None:
        self._policy = policy
        self._limits = {**_USUAL, **(chosen or {})}
        self._paces: dict[Origin, Pace] = {}
        self._rates: dict[str, Rate] = {}

    def of(self, place: Origin) -> Pace:
        """Return the pace of a host."""
        pace = self._paces.get(place)
        if pace is None:
            pace = self._paces[place] = self._new(place[1])
        return pace

    def _new(self, host: str) -> Pace:
        name = max((name for name in self._limits if f".{host}".endswith(f".{name}")), key=len, default="")
        limit = self._limits.get(name) or Limit()
        if math.isfinite(limit.per_second) and name not in self._rates:
            self._rates[name] = Rate(limit)
        return Pace(limit.at_once or self._policy.per_host, self._rates.get(name), self._policy)
