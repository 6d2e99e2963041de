"""The one place that starts an event loop: commands hand a coroutine function to it.

Ctrl-C and SIGTERM, which engines send, stop what is going on, and it cleans up after itself. What does not
let go in time, such as a call to an API in a thread, is left behind: the process ends within two seconds.
"""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

import click

from planner.cli import _stopping, _text
from planner.model.document import encode_line
from planner.model.outcome import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from planner.registries.endpoints import Endpoints
    from planner.registries.oci import Registries

T = TypeVar("T")

_PATIENCE = 1.5  # seconds that a stopped process has to clean up


def ask(endpoints: "Endpoints", question: "Callable[[Registries], Awaitable[T]]") -> T:
    """Connect to the registries, await what `question` returns for them, and disconnect."""
    from planner.registries.oci import connect

    async def session() -> T:
        async with connect(endpoints) as registries:
            return await question(registries)

    gc.freeze()  # what was imported stays: to look for garbage in it takes a fifth of a short run
    return _run(session())


def run(awaitable: Awaitable[T]) -> T:
    """Run a coroutine that makes its own connections."""

    async def whole() -> T:
        return await awaitable

    return _run(whole())


def run_simulated(awaitable: Awaitable[T], start: "datetime") -> T:
    """Await something on a simulated clock that begins at `start`, and advances while everything waits."""
    from planner import clock
    from planner.rehearsal.simulated_time import SimulatedLoop

    async def whole() -> T:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SimulatedLoop)  # it is made below
        with clock.another(loop.clock(start)):
            return await awaitable

    return _run(whole(), SimulatedLoop)


def _run(
    coroutine: Coroutine[Any, Any, T],  # Any: what coroutines yield is the loop's own
    loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> T:
    """Run a coroutine in an event loop. Raises KeyboardInterrupt where it is stopped."""
    last = threading.Timer(_PATIENCE, _stopping.end)
    last.daemon = True

    async def whole() -> T:
        with _cancelled(last):
            return await coroutine

    try:
        with asyncio.Runner(loop_factory=loop) as runner:
            return runner.run(whole())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        last.cancel()


@contextmanager
def _cancelled(last: threading.Timer) -> Iterator[None]:
    """Cancel the task of this block on a signal, and start the timer `last`, which ends the process."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def stop() -> None:
        if last.ident is None and task:
            last.start()
            task.cancel()

    with _stopping.instead(lambda: loop.call_soon_threadsafe(stop)):
        yield


async def tell(
    outcomes: AsyncIterator[Outcome],
    output_format: str,
    keep: Callable[[Outcome], None] = lambda _: None,
    above: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Sequence[Outcome]:
    """Keep and print outcomes as they happen, `above` whatever else is on the screen; return them all."""
    seen = []
    async for outcome in outcomes:
        seen.append(outcome)
        keep(outcome)
        with above():
            if output_format == "jsonl":
                click.echo(encode_line(outcome))
            else:
                _text.say([_text.outcome(outcome)])
    return seen
