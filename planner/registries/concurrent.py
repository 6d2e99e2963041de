"""Concurrent work on many items, a few at a time; each result is yielded as soon as it is there."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")


async def as_they_end(
    items: Sequence[S], work: Callable[[S], Awaitable[T]], concurrency: int
) -> AsyncGenerator[T, None]:
    """Yield what `work` returns for each item, in the order in which they end; they are started in their own.

    Closing it early ends what is running: `async with contextlib.aclosing(…)`.
    """
    ended: asyncio.Queue[T] = asyncio.Queue()
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            ended.put_nowait(await work(item))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(concurrency, len(items))):
                group.create_task(worker())
            for _ in items:
                yield await ended.get()
    except* GeneratorExit:  # a task group takes the end of this generator for an error
        pass
