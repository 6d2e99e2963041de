"""Days that pass in no time."""

import asyncio
import threading
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from planner import clock
from planner.rehearsal.simulated_time import SimulatedLoop

T = TypeVar("T")
START = datetime(2026, 1, 5, tzinfo=UTC)


def run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(work)


def elapsed() -> float:
    return asyncio.get_running_loop().time()


def test_a_week_passes_as_soon_as_nobody_has_anything_else_to_do():
    async def whole() -> float:
        await asyncio.sleep(7 * 86_400)
        return elapsed()

    assert run(whole()) == 7 * 86_400


def test_what_is_due_comes_in_its_order():
    async def whole() -> list[str]:
        heard: list[str] = []

        async def say(after: float, what: str) -> None:
            await asyncio.sleep(after)
            heard.append(f"{what} at {elapsed():g}")

        await asyncio.gather(say(3600, "late"), say(60, "early"), say(61, "next"))
        return heard

    assert run(whole()) == ["early at 60", "next at 61", "late at 3600"]


def test_work_takes_no_time():
    async def whole() -> float:
        sum(range(100_000))
        await asyncio.sleep(0)
        return elapsed()

    assert run(whole()) == 0.0


def test_no_time_passes_while_a_thread_is_at_work():
    async def whole() -> tuple[float, float]:
        at_work = threading.Event()

        def work() -> float:
            at_work.wait()
            return loop.time()

        loop = asyncio.get_running_loop()
        sleeping = asyncio.create_task(asyncio.sleep(3600))
        loop.call_soon(lambda: threading.Timer(0.05, at_work.set).start())
        seen = await asyncio.to_thread(work)
        still = loop.time()
        await sleeping
        return max(seen, still), loop.time()

    assert run(whole()) == (0.0, 3600.0)


def test_a_time_out_is_one_on_this_clock():
    async def whole() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(600):
                await asyncio.sleep(601)
        return elapsed()

    assert run(whole()) == 600.0


def test_its_clock_begins_where_it_is_told_to():
    async def whole() -> list[datetime]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimulatedLoop)
        with clock.another(loop.clock(START)):
            began = clock.now()
            await asyncio.sleep(90.5)
            return [began, clock.now()]

    assert run(whole()) == [START, START + timedelta(seconds=90.5)]


def test_a_real_connection_is_waited_for_while_a_thread_asks_over_it():
    async def whole() -> tuple[bytes, float]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"<" + await reader.readline())
            await writer.drain()
            writer.close()

        def ask(port: int) -> bytes:
            import socket

            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(b"hello\n")
                return connection.makefile("rb").read()

        timer = asyncio.create_task(asyncio.sleep(86_400))
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            said = await asyncio.to_thread(ask, server.sockets[0].getsockname()[1])
        timer.cancel()
        return said, elapsed()

    assert run(whole()) == (b"<hello\n", 0.0)


def test_what_is_due_at_one_moment_comes_in_the_order_it_was_set():
    async def whole() -> list[int]:
        loop, heard = asyncio.get_running_loop(), list[int]()
        for number in range(50):
            loop.call_later(7, heard.append, number)
            loop.call_later(3, lambda: None).cancel()
            loop.call_later(number % 5, lambda: None)
        await asyncio.sleep(8)
        return heard

    assert run(whole()) == list(range(50))
