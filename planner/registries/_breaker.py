"""Hosts that could not be reached: left alone for a while, so that not every image waits for them."""

from collections.abc import Callable
from dataclasses import dataclass

from planner.errors import Unavailable
from planner.registries._origin import Origin


@dataclass(frozen=True, slots=True)
class _Lost:
    why: str
    until: float  # on the clock


class Breaker:
    """What is known about each host: it answered, or it was lost and why."""

    def __init__(self, pause: float, clock: Callable[[], float]) -> None:
        self._pause = pause  # seconds
        self._clock = clock
        self._lost: dict[Origin, _Lost] = {}
        self._answered: set[Origin] = set()

    def check(self, host: Origin) -> None:
        """Raise Unavailable for a host that is left alone; after the pause, one request may try it."""
        lost = self._lost.get(host)
        if lost is None:
            return
        if self._clock() < lost.until:
            raise Unavailable(lost.why)
        self._lose(host, lost.why)

    def answered(self, host: Origin) -> None:
        """Note that a host answered, whatever it said."""
        self._answered.add(host)
        self._lost.pop(host, None)

    def gave_up(self, host: Origin, why: str, *, connected: bool) -> None:
        """Note that all tries failed; a host that answered others is lost only if there was no connection."""
        if not connected or host not in self._answered:
            self._lose(host, why)

    def _lose(self, host: Origin, why: str) -> None:
        self._lost[host] = _Lost(why, self._clock() + self._pause)
