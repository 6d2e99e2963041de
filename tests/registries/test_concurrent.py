import asyncio
from contextlib import aclosing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.registries.concurrent import as_they_end


@settings(max_examples=50, deadline=None)
@given(items=st.lists(st.integers()), concurrency=st.integers(1, 8))
def test_every_item_has_one_result(items: list[int], concurrency: int):
    async def double(item: int) -> int:
        await asyncio.sleep(0)
        return item * 2

    async def results() -> list[int]:
        return [result async for result in as_they_end(items, double, concurrency)]

    assert sorted(asyncio.run(results())) == sorted(item * 2 for item in items)


@settings(max_examples=50, deadline=None)
@given(count=st.integers(0, 20), concurrency=st.integers(1, 8))
def test_no_more_than_allowed_run_at_once(count: int, concurrency: int):
    running: list[int] = []
    most = 0

    async def work(item: int) -> None:
        nonlocal most
        running.append(item)
        most = max(most, len(running))
        await asyncio.sleep(0)
        running.remove(item)

    async def results() -> None:
        async for _ in as_they_end(range(count), work, concurrency):
            pass

    asyncio.run(results())
    assert most <= concurrency


def test_result_is_there_before_slower_ones():
    async def results() -> list[str]:
        last = asyncio.Event()

        async def work(item: str) -> str:
            if item == "slow":
                await last.wait()
            else:
                last.set()
            return item

        return [result async for result in as_they_end(["slow", "fast"], work, 2)]

    assert asyncio.run(results()) == ["fast", "slow"]


def test_closing_early_ends_what_is_running():
    ended = []

    async def work(item: int) -> int:
        if item == 0:
            return item
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(item)
        return item

    async def stop() -> None:
        async with aclosing(as_they_end([0, 1], work, 2)) as results:
            async for _ in results:
                await asyncio.sleep(0)
                break

    asyncio.run(stop())
    assert ended == [1]


def test_bug_in_the_work_is_raised():
    async def work(item: int) -> int:
        raise ZeroDivisionError

    async def results() -> list[int]:
        return [result async for result in as_they_end([1], work, 1)]

    with pytest.raises(ExceptionGroup) as caught:
        asyncio.run(results())
    assert isinstance(caught.value.exceptions[0], ZeroDivisionError)
