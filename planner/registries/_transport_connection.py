"""A connection to a server: a request goes out, its answer comes in, then the next one.

It is a protocol of its own (https://docs.python.org/3/library/asyncio-protocol.html): a general client copies
what comes and passes it through many hands, which was most of what a request cost.
"""

import asyncio
import math
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable
from enum import Enum, auto

from planner.registries._patience import Flow, Times
from planner.registries._transport_chunks import Chunks
from planner.registries._transport_faults import Closed, NotHTTP, Overdue, Silent, Slow, Trouble
from planner.registries._transport_head import LONGEST, Head, read_head

AHEAD = 1 << 20  # bytes of a body that may wait to be taken
_PIECE = 1 << 20  # bytes of a body that are read at once, at the most
_BEGINNING, _END = b"HTTP/", b"\r\n\r\n"


class _Stage(Enum):
    IDLE = auto()  # nothing was asked
    HEAD = auto()
    BODY = auto()
    DONE = auto()  # all of the answer was received


class Connection(asyncio.Protocol):
    """One connection. Who asks reads the answer, and then says whether there may be a next request."""

    transport: asyncio.Transport

    def __init__(self, lost: Callable[["Connection"], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_lost = lost
        self.idle_since = 0.0  # of the loop's clock
        self._used = False  # whether it had an answer before
        self.closed = False
        self._untouched = True  # whether nothing came since the request
        self._stage = _Stage.IDLE
        self._method = ""
        self._head: Head | None = None
        self._begun = b""  # of a head
        self._informed = 0  # bytes of heads that only inform
        self._left = 0  # bytes of the body that did not come
        self._chunks: Chunks | None = None
        self._pieces: deque[bytes] = deque()
        self.waiting = 0  # bytes that came and were not taken
        self._sent = True  # whether all of the request is on its way
        self._blocked = False  # whether the server takes no more for now
        self._failure: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._heard = 0.0  # of the loop's clock: when something came last, or was waited for
        self._patience = math.inf  # seconds between two things that come
        self.sending = 0.0  # seconds that a long body took, which can be read only once
        self._until = math.inf  # of the loop's clock

    # Called by asyncio.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Take bytes of the answer."""
        self._untouched = False
        try:
            match self._stage:
                case _Stage.BODY:
                    self._body(data)
                case _Stage.HEAD:
                    self._heard = self._loop.time()
                    self._heads(data)
                case _:  # nobody asked for it, and it would be taken for the next answer
                    self.transport.abort()
        except NotHTTP as error:
            self._fail(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that nothing more comes, which may be the end of an answer."""
        self.closed = True
        if self._alarm:
            self._alarm.cancel()
        endless = self._head is not None and self._head.length is None and not self._head.chunked
        if self._stage is _Stage.BODY and endless and exc is None:
            self._stage = _Stage.DONE
        elif self._stage in (_Stage.HEAD, _Stage.BODY) and self._failure is None:
            self._failure = exc if isinstance(exc, ssl.SSLError) else Closed()
        self._on_lost(self)
        self._wake()

    def pause_writing(self) -> None:
        """Note that the server takes no more for now."""
        self._blocked = True

    def resume_writing(self) -> None:
        """Note that the server takes more again."""
        self._blocked = False
        self._wake()

    # Called by whoever asks.

    async def ask(
        self,
        head: bytes,
        body: bytes | AsyncIterator[bytes],
        method: str,
        times: Times,
    ) -> Head:
        """Send a request and return the head of the answer.

        Once that has come, no more of a body is sent. Raises what `body` raises, and Trouble.
        """
        self._begin(method, times)
        if isinstance(body, bytes):
            self.transport.write(head + body)
        else:
            self.transport.write(head)
            begun = self._loop.time()
            await self._pump(body, times)
            self.sending = self._loop.time() - begun
        while self._head is None:
            await self._news()
        return self._head

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes."""
        while True:
            while self._pieces:
                piece = self._pieces.popleft()
                self.waiting -= len(piece)
                if self._stage is _Stage.BODY and self.waiting <= AHEAD // 2:
                    self.transport.resume_reading()
                yield piece
            if self._stage is _Stage.DONE:
                return
            await self._news()

    def whole(self) -> bytes | None:
        """Return all of a body that has come already, None where some of it has not."""
        if self._stage is not _Stage.DONE:
            return None
        pieces, self._pieces = self._pieces, deque()
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def no_hurry(self) -> None:
        """Lift the time limit of the whole answer: a body takes its time, as long as something comes."""
        self._until = math.inf

    @property
    def stale(self) -> bool:
        """Whether the server may have closed it before it knew of the request."""
        return self._used and self._untouched

    def open_way(self) -> None:
        """Note that a proxy has opened a tunnel (CONNECT) to the host behind it. Raises Trouble."""
        if self.closed or self.transport.is_closing():
            raise Closed
        self._stage = _Stage.IDLE

    def release(self) -> bool:
        """End an exchange; return whether there may be another one."""
        fine = self._stage is _Stage.DONE and self._sent and not self.closed and self._failure is None
        fine = fine and self._head is not None and self._head.kept and not self.transport.is_closing()
        self._stage, self._used = _Stage.IDLE, True
        self._pieces.clear()
        self.waiting, self.idle_since = 0, self._loop.time()
        if not fine:
            self.transport.abort()
        return fine

    # Between the two.

    def _begin(self, method: str, times: Times) -> None:
        self._read_at_once(LONGEST)
        self._stage, self._method, self._head = _Stage.HEAD, method, None
        self._begun, self._chunks, self._sent, self._untouched = b"", None, True, True
        self._informed = 0
        self._patience, self._until, self.sending = times.between, self._loop.time() + times.whole, 0.0
        if self.closed:
            self._failure = Closed()

    async def _pump(self, body: AsyncIterator[bytes], times: Times) -> None:
        """Send a body as fast as it is taken, and no more of it once there is an answer."""
        self._sent, flow = False, Flow(times)
        async for piece in body:
            if self._head is not None:
                return
            self.transport.write(piece)
            now = self._loop.time()
            self._until = now + times.whole
            while self._blocked and self._head is None:
                await self._news()
            if self._failure:
                raise self._failure
            if flow.is_slow(len(piece), self._loop.time() - now):
                raise Slow
        self._sent = True

    def _heads(self, data: bytes) -> None:
        """Read the head of an answer, once it is there; what only informs is skipped."""
        data = self._begun + data if self._begun else data
        if not _BEGINNING.startswith(data[: len(_BEGINNING)]):  # and may never send an empty line
            raise NotHTTP("no status line")
        while (end := data.find(_END, 0, LONGEST)) >= 0:
            head = read_head(data[:end], self._method)
            data = data[end + len(_END) :]
            if head.status >= 200:
                self._answered(head, data)
                return
            if head.status == 101:
                raise NotHTTP("it speaks something else from now on")
            self._informed += end
        if len(data) + self._informed >= LONGEST:
            raise NotHTTP("an endless head")
        self._begun = data

    def _answered(self, head: Head, rest: bytes) -> None:
        self._head, self._stage = head, _Stage.BODY
        self._chunks = Chunks() if head.chunked else None
        self._left = head.length or 0
        self._read_at_once(min(max(self._left, LONGEST), _PIECE))
        if rest:
            self._body(rest)
        elif head.length == 0:
            self._stage = _Stage.DONE
        self._wake()

    def _read_at_once(self, size: int) -> None:
        """Limit how many bytes are read at once: asyncio reserves so many, and copies what follows a head."""
        self.transport.max_size = size  # type: ignore[attr-defined]  # asyncio's own have it: 256 KiB

    def _body(self, data: bytes) -> None:
        """Take a piece of a body; stop the sender when too much waits."""
        if self._chunks:
            pieces = self._chunks.feed(data)
            ended, excess = self._chunks.ended, self._chunks.excess
        elif self._head is not None and self._head.length is None:
            pieces, ended, excess = [data], False, False
        else:
            excess = len(data) > self._left
            pieces = [data[: self._left] if excess else data] if self._left else []
            self._left -= sum(map(len, pieces))
            ended = not self._left
        self._pieces.extend(pieces)
        self.waiting += sum(map(len, pieces))
        if ended:
            self._stage = _Stage.DONE
            if excess:
                self.transport.abort()
        elif self.waiting >= AHEAD:
            self.transport.pause_reading()
        self._wake()

    def _fail(self, error: Trouble) -> None:
        self._failure = error
        self.transport.abort()
        self._wake()

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    async def _news(self) -> None:
        """Wait until something has come, or may be sent. Raises Trouble."""
        if self._failure is None:
            self._heard = self._loop.time()
            self._watch()
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._failure:
            raise self._failure

    def _watch(self) -> None:
        """Have an alarm that rings no later than patience ends; one that is early is set again."""
        due = min(self._heard + self._patience, self._until)
        if self._alarm is None or due < self._alarm.when():
            if self._alarm:
                self._alarm.cancel()
            self._alarm = self._loop.call_at(due, self._rung)

    def _rung(self) -> None:
        self._alarm = None
        if self._waiter is None or self._waiter.done():
            return
        now = self._loop.time()
        if now >= self._until:
            self._fail(Overdue())
        elif now >= self._heard + self._patience:
            self._fail(Silent(self._patience))
        else:
            self._watch()
