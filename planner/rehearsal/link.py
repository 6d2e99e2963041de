"""A connection inside one process: two ends, each an asyncio transport, with a delay on the way.

What one end writes the other receives, in order, after the delay. Nothing of it depends on the kernel, so two
rehearsals see the same bytes at the same times.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

_MOST = 256 << 10  # bytes on the way, after which a writer is asked to pause


class End(asyncio.Transport):
    """One end of a connection. `delay` is in seconds."""

    def __init__(self, address: tuple[str, int], delay: float) -> None:
        super().__init__({"sockname": address, "peername": address})
        self._loop = asyncio.get_running_loop()
        self._delay = delay
        self._sent: deque[Callable[[], None]] = deque()  # what is on its way, and what it does there
        self._inbox: deque[bytes] = deque()  # what has come and was not taken, because reading is paused
        self._size = 0  # bytes in it, and on the way
        self._reading = True
        self._closing = False
        self._ended = False  # whether the other end is closed
        self._lost = False  # whether that was told
        self._choked = False  # whether this end's writer was asked to pause
        self._protocol: asyncio.BaseProtocol
        self.other: End

    def begin(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand the connection to a protocol."""
        self._protocol = protocol
        protocol.connection_made(self)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send bytes; what is sent into a closed connection is lost."""
        if self._closing or not data:
            return
        self.other._size += len(data)
        self._send(partial(self.other._arrive, bytes(data)))
        if self.other._size > _MOST and not self._choked:
            self._choked = True
            self._protocol.pause_writing()

    def _send(self, work: Callable[[], None]) -> None:
        """Have something happen at the other end, in order, though timers of one moment have none."""
        self._sent.append(work)
        self._loop.call_later(self._delay, self._next)

    def _next(self) -> None:
        if self._sent:
            self._sent.popleft()()

    def _arrive(self, data: bytes) -> None:
        self._inbox.append(data)
        self._deliver()

    def _deliver(self) -> None:
        while self._inbox and self._reading and not self._lost:
            data = self._inbox.popleft()
            self._size -= len(data)
            if isinstance(self._protocol, asyncio.Protocol):
                self._protocol.data_received(data)
        if self.other._choked and self._size <= _MOST // 2:
            self.other._choked = False
            self.other._protocol.resume_writing()
        if self._ended and not self._inbox:
            self._loop.call_soon(self._lose, None)  # who has just received something sees that first

    def _end(self) -> None:
        """Note that the other end is closed; what it sent before is still read."""
        self._ended = True
        self._closing = True
        self._deliver()

    def _lose(self, error: Exception | None) -> None:
        if not self._lost:
            self._lost = self._closing = True
            self._protocol.connection_lost(error)

    def close(self) -> None:
        """End the connection once what was written has come to the other end."""
        if not self._closing:
            self._closing = True
            self._send(self.other._end)
        self._loop.call_soon(self._lose, None)

    def abort(self) -> None:
        """End the connection."""
        self.close()

    def cut(self) -> None:
        """Break the connection at once, for both ends; what is on the way is lost."""
        for end in (self, self.other):
            end._inbox.clear()
            end._sent.clear()
            end._closing = True
            self._loop.call_soon(end._lose, ConnectionResetError("the connection was cut"))

    def pause_reading(self) -> None:
        """Take nothing for a while."""
        self._reading = False

    def resume_reading(self) -> None:
        """Take again what comes."""
        if not self._reading:
            self._reading = True
            self._loop.call_soon(self._deliver)

    def is_reading(self) -> bool:
        """Tell whether what comes is taken."""
        return self._reading

    def is_closing(self) -> bool:
        """Tell whether nothing can be sent."""
        return self._closing

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand the connection to another protocol."""
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Return who has the connection."""
        return self._protocol

    def get_write_buffer_size(self) -> int:
        """Return the bytes that were sent and not taken."""
        return self.other._size

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Pass over what a caller would like: how much may be on the way is the same for all."""

    def can_write_eof(self) -> bool:
        """Tell that one end cannot be closed for writing alone."""
        return False


def linked(
    client: asyncio.BaseProtocol, server: asyncio.BaseProtocol, address: tuple[str, int], delay: float
) -> tuple[End, End]:
    """Return both ends of a new connection, each with its protocol."""
    ends: Any = End(address, delay), End(address, delay)
    ends[0].other, ends[1].other = ends[1], ends[0]
    ends[1].begin(server)
    ends[0].begin(client)
    return ends[0], ends[1]
