"""A circuit breaker: not every image has to wait for a host that does not answer, or refuses everything.

One URL that fails may be at fault itself. When others fail right after it, each is tried only once; and after
many in a row the host is not asked at all for a while.
"""

import math
from collections.abc import Callable

import msgspec

from planner.errors import Unavailable
from planner.registries._origin import Origin, origin
from planner.registries.answer import Answer

_SEVERAL = 3  # URLs in a row; a single one that fails again and again may be broken itself
_MANY = 20  # URLs in a row: so many are not all broken themselves
_WAITS = 8  # waits in vain, one after the other


class _Lost(msgspec.Struct, frozen=True):
    why: str
    until: float  # on the clock


class _Refusing(msgspec.Struct, frozen=True):
    answer: Answer
    until: float  # on the clock


class _Row(msgspec.Struct, frozen=True):
    """The URLs that a host has refused since it last answered one well."""

    began: float  # on the clock
    urls: set[str] = msgspec.field(default_factory=set)


class _Silence(msgspec.Struct):
    """The URLs that a host has not answered, of a host that has answered nothing yet."""

    urls: set[str] = msgspec.field(default_factory=set)
    given_up: set[str] = msgspec.field(default_factory=set)  # of those, after all tries
    rounds: int = 0  # waits in vain; those that went on at the same time count as one
    ended: float = -math.inf  # on the clock, the last of them


class Breaker:
    """What is known about each host: it answered, it was lost and why, or it refuses with what.

    `answered_since` tells of a host whether it has answered anything well since a moment.
    """

    def __init__(self, pause: float, clock: Callable[[], float]) -> None:
        self._pause = pause  # seconds
        self._clock = clock
        self._lost: dict[Origin, _Lost] = {}
        self._refusing: dict[Origin, _Refusing] = {}
        self._rows: dict[Origin, _Row] = {}
        self._answered: set[Origin] = set()
        self._silent: dict[Origin, _Silence] = {}

    def check(self, host: Origin) -> None:
        """Raise Unavailable for a host that is left alone; after the pause, one request may try it."""
        lost = self._lost.get(host) if self._lost else None
        if lost is None:
            return
        if self._clock() < lost.until:
            raise Unavailable(lost.why)
        self._lose(host, lost.why)

    def doubts(self, host: Origin, answered_since: Callable[[float], bool]) -> bool:
        """Tell whether a host is in such trouble that each thing is asked of it only once."""
        if not (self._rows or self._silent):
            return False
        row, silence = self._rows.get(host), self._silent.get(host)
        if silence is not None and silence.given_up:
            return True
        return row is not None and len(row.urls) >= _SEVERAL and not answered_since(row.began)

    def answered(self, host: Origin) -> None:
        """Note that a host answered, whatever it said."""
        self._answered.add(host)
        self._lost.pop(host, None)
        self._silent.pop(host, None)

    def silent(self, host: Origin, url: str, began: float, why: str) -> None:
        """Note that a host was waited for in vain since `began`.

        One that never answered counts as lost in the end. A host that answers nobody would else be waited for
        by every image in turn.
        """
        if host in self._answered:
            return
        known = self._silent.setdefault(host, _Silence())
        known.urls.add(url)
        if began >= known.ended:
            known.rounds += 1
            known.ended = self._clock()
        long, wide = known.rounds >= _WAITS, len(known.urls) >= _MANY
        if (long or wide) and min(known.rounds, len(known.urls)) >= _SEVERAL:
            self._lose(host, why)

    def gave_up(self, host: Origin, url: str, why: str, *, connected: bool) -> None:
        """Note that all tries failed; a host that takes connections is lost only if it never answered."""
        if not connected:
            self._lose(host, why)
        elif host not in self._answered:
            known = self._silent.setdefault(host, _Silence())
            known.given_up.add(url)
            if len(known.given_up) >= _MANY:
                self._lose(host, why)

    def refused(
        self, url: str, answer: Answer, began: float, answered_since: Callable[[float], bool]
    ) -> None:
        """Note that all tries since `began` were refused.

        After many URLs in a row, the host is taken to refuse everything.
        """
        host = origin(url)
        if answered_since(began):
            self._rows.pop(host, None)
            return
        known = self._rows.get(host)
        if known is None or answered_since(known.began):
            known = self._rows[host] = _Row(began)
        known.urls.add(url)
        if len(known.urls) >= _MANY:
            self._refusing[host] = _Refusing(answer, self._clock() + self._pause)

    def refusal(self, host: Origin) -> Answer | None:
        """Return what a host answers to everything, None when that is not known or was a while ago."""
        known = self._refusing.get(host) if self._refusing else None
        return known.answer if known and self._clock() < known.until else None

    def _lose(self, host: Origin, why: str) -> None:
        self._lost[host] = _Lost(why, self._clock() + self._pause)
