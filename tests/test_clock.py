"""What moments are read from."""

import asyncio
from datetime import UTC, datetime

from planner import clock

THEN = datetime(2020, 2, 29, 12, tzinfo=UTC)


def test_the_moment_is_that_of_the_machine_unless_another_clock_is_read():
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


def test_another_clock_is_read_in_its_block_only():
    with clock.another(clock.Clock(lambda: THEN, lambda: 7.0)):
        assert (clock.now(), clock.monotonic(), clock.seconds()) == (THEN, 7.0, THEN.timestamp())
    assert clock.now() > THEN


def test_tasks_and_threads_read_the_clock_of_who_started_them():
    async def whole() -> list[datetime]:
        async def later() -> datetime:
            await asyncio.sleep(0)
            return clock.now()

        with clock.another(clock.Clock(lambda: THEN, lambda: 0.0)):
            task = asyncio.create_task(later())
        return [await task, clock.now()]

    told, afterwards = asyncio.run(whole())
    assert told == THEN
    assert afterwards > THEN
