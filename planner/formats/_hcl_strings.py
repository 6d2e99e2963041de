"""Strings of HCL: escapes, the indentation that `<<-` takes away, and what functions make of them."""

import re
from collections.abc import Sequence
from typing import TypeVar

from planner.formats._hcl_nodes import Literal
from planner.model.source import Text

_QUOTED_ESCAPE = re.compile(
    r"\\(?:(?P<code>u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|(?P<letter>.))|(?P<mark>[$%])(?P=mark)\{", re.S
)
_HEREDOC_ESCAPE = re.compile(r"(?P<mark>[$%])(?P=mark)\{")
_LETTERS = {"n": Text.of("\n"), "r": Text.of("\r"), "t": Text.of("\t")}
_LAST_CHARACTER = 0x10FFFF

Part = TypeVar("Part")


def unescaped(text: Text, *, heredoc: bool = False) -> Text:
    """Return what a piece of a string stands for; in a heredoc a backslash is a backslash."""
    string = str(text)
    if "\\" not in string and "{" not in string:
        return text
    pieces: list[Text] = []
    position = 0
    for match in (_HEREDOC_ESCAPE if heredoc else _QUOTED_ESCAPE).finditer(string):
        if match.start() > position:
            pieces.append(text.cut(position, match.start()))
        pieces.append(_meant(text, match))
        position = match.end()
    return Text.join((*pieces, text.cut(position, len(string)))) if pieces else text


def _meant(text: Text, match: "re.Match[str]") -> Text:
    if match.lastgroup == "mark":
        begins = match.start()  # what follows is found where it is written, the first mark included
        return Text.join((text.cut(begins, begins + 1), text.cut(match.end() - 1, match.end())))
    if match.lastgroup == "code":
        code = match["code"]
        number = int(code[1:], 16)
        return Text.of(
            chr(number) if number <= _LAST_CHARACTER and not 0xD800 <= number < 0xE000 else "\ufffd"
        )
    letter = match["letter"]
    return _LETTERS[letter] if letter in _LETTERS else text.cut(match.end() - 1, match.end())


def dedented(parts: Sequence[Part]) -> tuple[Part | Literal, ...]:
    """Return the parts of a heredoc without the white space that all its lines begin with."""
    margin = _margin(parts)
    if not margin:
        return tuple(parts)
    result: list[Part | Literal] = []
    for index, part in enumerate(parts):
        result.append(
            Literal(_without_margin(part.text, margin, index == 0)) if isinstance(part, Literal) else part
        )
    return tuple(result)


def _margin(parts: Sequence[Part]) -> int:
    """Return how many blanks the line with the fewest begins with; blank lines do not count."""
    widths = []
    for index, part in enumerate(parts):
        lines = str(part.text).split("\n") if isinstance(part, Literal) else [""] * (index == 0)
        begins = lines if index == 0 else lines[1:]
        for number, line in enumerate(begins, start=len(lines) - len(begins)):
            blank = not line.strip() and (number < len(lines) - 1 or index == len(parts) - 1)
            if not blank:
                widths.append(len(line) - len(line.lstrip(" \t")))
    return min(widths, default=0)


def _without_margin(text: Text, margin: int, begins: bool) -> Text:
    string, pieces, position = str(text), [], 0
    while position <= len(string):
        end = string.find("\n", position) + 1 or len(string) + 1
        line = string[position:end]
        blanks = len(line) - len(line.lstrip(" \t")) if begins else 0
        pieces.append(text.cut(position + min(margin, blanks), end))
        position, begins = end, True
    return Text.join(pieces)


def replaced(text: Text, texts: list[str]) -> Text:
    """Return a text with one part of it replaced by another; a pattern (`/a+/`) is not followed."""
    if len(texts) != 2 or not texts[0] or (texts[0][0] == "/" and texts[0][-1] == "/" and len(texts[0]) > 1):
        return text
    old, new = texts
    pieces: list[Text] = []
    string, position = str(text), 0
    while (found := string.find(old, position)) >= 0:
        pieces += text.cut(position, found), Text.of(new)
        position = found + len(old)
    return Text.join((*pieces, text.cut(position, len(string))))


def changed(text: Text, string: str) -> Text:
    """Return a text, without its places where `string` is something else."""
    return text if str(text) == string else Text.of(string)


def without_prefix(text: Text, texts: list[str]) -> Text:
    """Return a text without the beginning that is given."""
    return text.cut(len(texts[0]), len(text)) if texts and str(text).startswith(texts[0]) else text


def without_suffix(text: Text, texts: list[str]) -> Text:
    """Return a text without the end that is given."""
    ends = bool(texts and texts[0] and str(text).endswith(texts[0]))
    return text.cut(0, len(text) - len(texts[0])) if ends else text


def stripped(text: Text, texts: list[str]) -> Text:
    """Return a text without the characters that are given at both ends."""
    string, marks = str(text), texts[0] if texts else ""
    start = len(string) - len(string.lstrip(marks))
    return text.cut(start, start + len(string.strip(marks)))
