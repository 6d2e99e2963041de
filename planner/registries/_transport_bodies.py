"""Long bodies on their way, and for how long each kind of request is waited for."""

from collections.abc import AsyncIterator
from typing import NamedTuple

from planner.registries._origin import Origin
from planner.registries._request import Fault, Slot
from planner.registries._transport_connection import Connection
from planner.registries.retry import Policy


class Times(NamedTuple):
    """How long is waited, in seconds."""

    between: float  # two things that come
    whole: float  # for all of a short answer, for the head of a long one, since the last piece was sent


def times(slot: Slot, policy: Policy) -> Times:
    """Return how long a kind of request is waited for; a registry reads what was uploaded all again."""
    return Times(policy.whole if slot is Slot.UPLOAD else policy.read, policy.whole)


async def steady(connection: Connection, place: Origin, policy: Policy) -> AsyncIterator[bytes]:
    """Yield a long body; raise Fault when it comes too slowly. Only the time spent waiting for it counts."""
    waited, received, asked = 0.0, 0, policy.clock()
    async for piece in connection.pieces():
        waited += policy.clock() - asked
        received += len(piece)
        if waited >= policy.read:
            if received < policy.slowest * waited:
                raise Fault(place, f"sends less than {policy.slowest} bytes a second")
            waited, received = 0.0, 0
        yield piece
        asked = policy.clock()


async def joined(body: AsyncIterator[bytes]) -> bytes:
    """Return all of a short body."""
    return b"".join([piece async for piece in body])


async def nothing() -> AsyncIterator[bytes]:
    """Yield nothing."""
    return
    yield b""
