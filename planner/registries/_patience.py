"""How long a server is waited for: for an answer, for a long body, and for all that one image takes.

A server that answers each request just in time could hold up a transfer for days. So the time that one image
waits for answers is added up, and bounded: a fixed time, and some seconds more for each answer. The time of a
long body is not in that sum; its speed has a lower bound instead.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

import msgspec

from planner.errors import Unavailable
from planner.registries._origin import Origin, authority
from planner.registries._request import Slot
from planner.registries.retry import Policy

_STALLS = 3  # times that a destination may stop for as long as is waited, before its speed is looked at
_AGAIN = "what is there is not sent again: run it again when the registry answers faster"


class Times(NamedTuple):
    """How long is waited, in seconds."""

    between: float  # between two pieces that arrive
    whole: float  # for all of a short answer, or for the head of a long one, since the last piece was sent
    over: float  # of a long body, after which its speed is looked at
    slowest: int  # bytes a second that a long body has to have


def times(slot: Slot, policy: Policy) -> Times:
    """Return how long a kind of request is waited for.

    An upload has longer, as registries read it all once more before they answer.
    """
    if slot is Slot.UPLOAD:
        return Times(policy.whole, policy.whole, _STALLS * policy.whole, policy.slowest)
    return Times(policy.read, policy.whole, policy.read, policy.slowest)


class Flow:
    """The speed of a long body. Only the time spent waiting for the server counts."""

    def __init__(self, times: Times) -> None:
        self._times = times
        self._waited = 0.0  # seconds
        self._moved = 0  # bytes

    def is_slow(self, moved: int, waited: float) -> bool:
        """Note so many bytes and the seconds they took; tell whether that is too slow by now."""
        self._waited += waited
        self._moved += moved
        if self._waited < self._times.over:
            return False
        slow = self._moved < self._times.slowest * self._waited
        self._waited, self._moved = 0.0, 0
        return slow


class Patience(msgspec.Struct, eq=False):
    """How long the answers of one image have taken so far, and whose they were."""

    policy: Policy
    answers: int = 0
    seconds: float = 0.0
    hosts: Counter[Origin] = msgspec.field(default_factory=Counter)  # whole seconds of each

    def check(self) -> None:
        """Raise Unavailable once they have taken too long."""
        if self.seconds > self.policy.image + self.answers * self.policy.each:
            slowest, _ = self.hosts.most_common(1)[0]
            told = f"{self.answers:,} answers for one image took {self.seconds:,.0f} s together"
            raise Unavailable(f"{authority(slowest)}: too slow: {told}", hint=_AGAIN)


_PATIENCE: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def one_image(policy: Policy) -> Iterator[None]:
    """Count all that is asked in this block as one image's."""
    token = _PATIENCE.set(Patience(policy))
    try:
        yield
    finally:
        _PATIENCE.reset(token)


def check() -> None:
    """Raise Unavailable where the image at hand was waited for too long, with the host that took longest."""
    if patience := _PATIENCE.get():
        patience.check()


def waited(place: Origin, seconds: float, answers: int = 1) -> None:
    """Note how long the image at hand waited for answers of a host.

    What is longer than a wait can be is a jump of the clock, as of a machine that slept, and cut.
    """
    if patience := _PATIENCE.get():
        seconds = min(seconds, patience.policy.connect + patience.policy.whole)
        patience.seconds += seconds
        patience.hosts[place] += round(seconds)
        patience.answers += answers
