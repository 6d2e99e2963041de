"""Views of progress: live on a terminal, a line a minute elsewhere, entries of a log for engines.

All of it goes to standard error, so that data on standard output stays what it is. The live view needs two
control sequences that every terminal has, cursor up and erase (ECMA-48); libraries that draw it would take
standard output over, and be one more dependency.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

import click

from planner.cli import _lines
from planner.cli._log import Log
from planner.cli._progress import Progress
from planner.model.words import written_out

_EVERY = 0.25  # seconds, on a terminal
_MINUTE = 60.0  # seconds
_MOST = 12  # workers on a terminal


class View(Protocol):
    """How progress is seen."""

    every: float  # seconds between two times that it is shown

    def show(self) -> None:
        """Show how far it is."""

    def above(self) -> AbstractContextManager[None]:
        """Give a block in which other output is printed."""

    def end(self) -> None:
        """Leave the screen as it was found."""


class Screen:
    """A few lines at the foot of a terminal, drawn again and again."""

    every = _EVERY

    def __init__(self, progress: Progress, columns: Callable[[], int]) -> None:
        self._progress = progress
        self._columns = columns
        self._height = 0  # lines that are drawn

    def show(self) -> None:
        """Draw the lines in the place of those drawn before."""
        workers = list(self._progress.workers())
        more = [f"  and {len(workers) - _MOST:,} more"] if len(workers) > _MOST else []
        last = [self._progress.waiting] if self._progress.waiting else []
        lines = [self._progress.line(), *workers[:_MOST], *more, *last]
        width = max(self._columns() - 1, 20)
        drawn = "\n".join(written_out(line)[:width] for line in lines)
        click.echo(f"{self._erased()}{drawn}\n", err=True, nl=False)
        self._height = len(lines)

    @contextmanager
    def above(self) -> Iterator[None]:
        """Erase the lines, so that a block can print in their place.

        They come back when they are drawn next.
        """
        self.end()
        yield

    def end(self) -> None:
        """Erase the lines."""
        if self._height:
            click.echo(self._erased(), err=True, nl=False)
            self._height = 0

    def _erased(self) -> str:
        return f"\x1b[{self._height}A\r\x1b[J" if self._height else ""


class Lines:
    """A line a minute, or an entry of a log."""

    every = _MINUTE

    def __init__(self, progress: Progress, log: Log) -> None:
        self._progress = progress
        self._log = log

    def show(self) -> None:
        """Say how far it is."""
        progress, limit = self._progress, self._progress.limit()
        said = ". ".join(filter(None, (progress.line(), progress.waiting)))
        self._log.say(
            said,
            images=len(progress.jobs),
            done=progress.done,
            bytes=progress.received(),
            pulls_left=limit.remaining if limit else None,
        )

    def above(self) -> AbstractContextManager[None]:
        """Print other output as it is: there is nothing to erase."""
        return nullcontext()

    def end(self) -> None:
        """Leave nothing behind."""


def view(progress: Progress, log: Log) -> View:
    """Return the view for this terminal or log."""
    plain = log.as_json or not sys.stderr.isatty() or os.environ.get("TERM", "dumb") == "dumb"
    chosen: View = Lines(progress, log) if plain else Screen(progress, lambda: _lines.columns(_lines.TALK))
    progress.heard = chosen.show
    return chosen


@contextmanager
def shown(view: View) -> Iterator[None]:
    """Show progress now and then, while the loop runs what is in this block."""
    loop, next_looks = asyncio.get_running_loop(), list[asyncio.TimerHandle]()

    def look() -> None:
        next_looks[:] = [loop.call_later(view.every, look)]
        view.show()

    next_looks += [loop.call_later(view.every, look)]
    try:
        yield
    finally:
        next_looks[0].cancel()
        view.end()
