"""Bodies that are read piece by piece: with a lower bound of their speed, joined to one, or empty."""

from collections.abc import AsyncIterator

from planner.registries._origin import Origin
from planner.registries._patience import Flow, times
from planner.registries._request import Fault, Slot
from planner.registries._transport_connection import Connection
from planner.registries.retry import Policy


async def steady(connection: Connection, place: Origin, policy: Policy) -> AsyncIterator[bytes]:
    """Yield a long body; raise Fault when it comes too slowly."""
    flow, asked = Flow(times(Slot.DOWNLOAD, policy)), policy.clock()
    async for piece in connection.pieces():
        if flow.is_slow(len(piece), policy.clock() - asked):
            raise Fault(place, f"sends less than {policy.slowest} bytes a second")
        yield piece
        asked = policy.clock()


async def joined(body: AsyncIterator[bytes]) -> bytes:
    """Return all of a short body."""
    return b"".join([piece async for piece in body])


async def nothing() -> AsyncIterator[bytes]:
    """Yield nothing."""
    return
    yield b""
