"""Edits of a text that leave everything else as it stands."""

import re
from collections.abc import Sequence

BYTE_ORDER_MARK = "\ufeff"

_COMMA = re.compile(r"[ \t\r\n]*+,")


def newline(text: str) -> str:
    """Return what ends lines in a text: that of its first line, and LF where it has none."""
    end = text.find("\n")
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def inserted(text: str, offset: int, piece: str) -> str:
    """Return `text` with `piece`, whose lines end with LF, at `offset`; its lines end as those of `text`."""
    return text[:offset] + piece.replace("\n", newline(text)) + text[offset:]


def line_start(text: str, offset: int) -> int:
    """Return where the line begins that `offset` is in."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Return where the line ends that `offset` is in, before what ends it."""
    end = text.find("\n", offset)
    end = len(text) if end < 0 else end
    return end - 1 if end > offset and text[end - 1] == "\r" else end


def appended(text: str, block: str) -> str:
    """Return `text` with the lines of `block` after it, an empty line between them."""
    if not text.strip(BYTE_ORDER_MARK + " \t\r\n"):
        ending = "\n" if text.endswith("\r") else ""  # alone it ends no line
        return inserted(text, len(text), ending + block)
    ending = "" if text.endswith("\n") else "\n"
    return inserted(text, len(text), f"{ending}\n{block}")


def with_item(text: str, opening: int, items: Sequence[tuple[int, int]], index: int, value: str) -> str:
    """Return `text` with one more item in a list in brackets, laid out as the items around it.

    `opening` is the offset behind the bracket, `items` are the spans of those that are there. Comments stay
    with the items that they are about.
    """
    if not items:
        return inserted(text, opening, value)
    lead = _lead(text, opening, items, min(index, len(items) - 1))
    if "\n" in lead:
        return _on_its_own_line(text, opening, items, index, lead + value)
    if index < len(items):
        return inserted(text, items[index][0], f"{value},{lead or ' '}")
    return inserted(text, items[-1][1], f",{lead or ' '}{value}")


def _on_its_own_line(
    text: str, opening: int, items: Sequence[tuple[int, int]], index: int, piece: str
) -> str:
    before = items[index - 1][1] if index else opening
    comma = _COMMA.match(text, before) if index else None
    after = comma.end() if comma else before
    stop = line_end(text, after)
    if text[after:stop].strip() and not text[after:stop].lstrip().startswith("#"):
        stop = after
    ending = "," if comma or index < len(items) else ""
    separator = "," if index and not comma else ""
    return text[:before] + separator + inserted(text[before:], stop - before, piece + ending)


def _lead(text: str, opening: int, items: Sequence[tuple[int, int]], index: int) -> str:
    """Return the white space before an item; where it is on a line of its own, that line's alone."""
    start = items[index][0]
    blank = text[items[index - 1][1] if index else opening : start]
    white = blank[len(blank.rstrip(" \t\r\n")) :]
    return "\n" + white.rpartition("\n")[2] if "\n" in white else white
