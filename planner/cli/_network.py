"""The one place that starts an event loop: commands hand a coroutine function to it."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from planner.cli import _text
from planner.model.document import encode_line
from planner.model.outcome import Outcome

if TYPE_CHECKING:
    from planner.registries._transport import Endpoints
    from planner.registries.oci import Registries

T = TypeVar("T")


def ask(endpoints: "Endpoints", question: "Callable[[Registries], Awaitable[T]]") -> T:
    """Connect to the registries, await the answer, disconnect."""
    from planner.registries.oci import connect

    async def session() -> T:
        async with connect(endpoints) as registries:
            return await question(registries)

    gc.freeze()  # what was imported stays: to look for garbage in it takes a fifth of a short run
    return asyncio.run(session())


def run(coroutine: Awaitable[T]) -> T:
    """Await something that makes its own connections."""

    async def whole() -> T:
        return await coroutine

    return asyncio.run(whole())


async def tell(
    outcomes: AsyncIterator[Outcome], output_format: str, record: Path | None = None
) -> Sequence[Outcome]:
    """Print outcomes as they happen, append them to a file if one is named, and return them all."""
    seen = []
    async for outcome in outcomes:
        seen.append(outcome)
        line = encode_line(outcome)
        if record:
            with record.open("ab") as file:
                file.write(line + b"\n")
        if output_format == "jsonl":
            click.echo(line)
        else:
            _text.say([_text.outcome(outcome)])
    return seen
