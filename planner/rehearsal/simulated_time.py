"""Time that passes only while everybody waits: an event loop on which days take as long as the work in them.

When nothing can go on until a moment comes, the loop's time jumps there. Work itself takes no time. A thread
that is at work, and what comes through a real socket for it, is waited for really, and no time passes
meanwhile: so the same rehearsal has the same times, whatever the machine does.
"""

import asyncio
import selectors
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextvars import Context
from datetime import datetime, timedelta
from heapq import heappush
from itertools import count
from typing import Any, TypeVar, TypeVarTuple, Unpack

from planner.clock import Clock
from planner.rehearsal.network import Network

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop that begins at 0 seconds."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        self._threads = 0  # at work
        self._numbers = count()  # of timers
        self._scheduled: list[asyncio.TimerHandle] = []
        self.network: Network | None = None  # whose hosts are reached without a socket
        super().__init__(_Leaping(selectors.DefaultSelector(), self._leap))

    def time(self) -> float:
        """Return the seconds that have passed."""
        return self._elapsed

    async def create_connection(self, *args: Any, **kwargs: Any) -> Any:  # Any: as the base class has it
        """Connect to a host of the network, or to any other one as loops do."""
        protocol_factory, host = args[0], args[1] if len(args) > 1 else kwargs.get("host")
        if self.network is None or host not in self.network:
            return await super().create_connection(*args, **kwargs)
        protocol = protocol_factory()
        return self.network.connect(str(host), protocol), protocol

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Have something called at a moment, after all that was to be called at the same one before."""
        timer = _Timer(when, callback, args, self, context)
        timer.number = next(self._numbers)
        heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def clock(self, start: datetime) -> Clock:
        """Return the clock of what runs on this loop, which begins at a moment."""
        return Clock(lambda: start + timedelta(seconds=round(self._elapsed, 3)), self.time)

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Run something in a thread, during which no time passes."""
        self._threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_ended)
        return future

    async def shutdown_default_executor(self, *args: Any) -> None:
        """End the threads."""
        self._threads += 1
        try:
            await super().shutdown_default_executor(*args)
        finally:
            self._threads -= 1

    def _thread_ended(self, _: asyncio.Future[Any]) -> None:
        self._threads -= 1

    def _leap(self, seconds: float) -> bool:
        """Have time pass, or return False where it cannot: somebody is at work."""
        if self._threads:
            return False
        self._elapsed += seconds
        return True


class _Timer(asyncio.TimerHandle):
    """A timer that comes after those of its moment that were set before it, whatever else was set."""

    number: int
    _when: float
    _scheduled: bool

    def __lt__(self, other: object) -> bool:
        """Tell whether it comes before another one."""
        if not isinstance(other, _Timer):
            return NotImplemented
        return (self._when, self.number) < (other._when, other.number)


class _Leaping(selectors.BaseSelector):
    """A selector that does not wait for long."""

    def __init__(self, real: selectors.BaseSelector, leap: Callable[[float], bool]) -> None:
        self._real = real
        self._leap = leap

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; where nothing is, let the time pass that there is until something is due."""
        if timeout is None or timeout <= 0:
            return self._real.select(timeout)
        ready = self._real.select(0)
        if ready or self._leap(timeout):
            return ready
        return self._real.select(None)

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """Watch a file."""
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        """Watch a file no more."""
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """Watch a file for other events."""
        return self._real.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """Return what is watched."""
        return self._real.get_map()

    def close(self) -> None:
        """Let go of everything."""
        self._real.close()
