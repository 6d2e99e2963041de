"""How wide lines are: sentences are broken at spaces, names never, so that they can be found and copied."""

import os
import sys
import textwrap
from collections.abc import Iterable, Iterator

from planner.cli import _text

OUTPUT, TALK = 1, 2  # file descriptors of standard output and standard error
_USUAL = 80  # columns
_NARROWEST = 40  # columns; a terminal that has less breaks lines itself
ROOMY = 60  # columns from which on text may stand in a second column


def columns(stream: int = OUTPUT) -> int:
    """Return how many columns a terminal has, as COLUMNS says or its own; 80 where there is none."""
    said = os.environ.get("COLUMNS", "")
    width = int(said) if said.isdecimal() else 0
    if not width:
        try:
            width = os.get_terminal_size(stream).columns
        except OSError:
            width = _USUAL
    return width or _USUAL


def wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Return text in lines of at most `width` where names allow; `first` and `rest` are their indents."""
    return textwrap.wrap(
        text,
        max(width, _NARROWEST),
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def remark(sentences: Iterable[str]) -> None:
    """Say sentences on standard error, broken for a terminal; in a log each of them stays one line."""
    if sys.stderr.isatty():
        sentences = _broken(sentences, columns(TALK))
    _text.say(sentences, err=True)


def _broken(sentences: Iterable[str], width: int) -> Iterator[str]:
    for each in sentences:
        indent = each[: len(each) - len(each.lstrip())]
        yield from wrapped(each, width, indent, f"{indent}  ") or [""]
