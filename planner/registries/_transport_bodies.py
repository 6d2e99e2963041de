"""Long bodies on their way, and for how long each kind of request is waited for."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp

from planner.registries._origin import origin
from planner.registries._request import Fault, Slot
from planner.registries._retry import Policy
from planner.registries._transport_inflow import inflow

PIECE = 256 << 10  # bytes; what a blob is read in
SMALL = 512 << 10  # bytes; what is sent at once, after all of it was received


class Watched:
    """A body on its way: as long as the server takes more of it, there is no hurry."""

    def __init__(self, body: AsyncIterator[bytes], policy: Policy) -> None:
        self._body = body
        self._policy = policy
        self.patience: asyncio.Timeout | None = None

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body."""
        async for piece in self._body:
            yield piece
            if self.patience:  # else the server has answered before the end
                self.patience.reschedule(asyncio.get_running_loop().time() + self._policy.whole)


def timeout(slot: Slot, policy: Policy) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(
        total=policy.whole if slot is Slot.ANSWER else None,
        connect=policy.connect,
        sock_connect=policy.connect,
        sock_read=policy.whole if slot is Slot.UPLOAD else policy.read,  # a registry reads it all again
    )


async def steady(response: aiohttp.ClientResponse, policy: Policy) -> AsyncIterator[bytes]:
    """Yield a long body; raise Fault when it comes too slowly. Only the time spent waiting for it counts."""
    waited, received, asked = 0.0, 0, policy.clock()
    async for piece in inflow(response, policy.read):
        waited += policy.clock() - asked
        received += len(piece)
        if waited >= policy.read:
            if received < policy.slowest * waited:
                place = origin(str(response.url))
                raise Fault(place, f"sends less than {policy.slowest} bytes a second")
            waited, received = 0.0, 0
        yield piece
        asked = policy.clock()


async def joined(body: AsyncIterator[bytes]) -> bytes:
    """Return all of a short body."""
    return b"".join([piece async for piece in body])


async def nothing() -> AsyncIterator[bytes]:
    return
    yield b""
