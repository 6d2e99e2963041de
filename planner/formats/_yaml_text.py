"""Where each character of a YAML scalar stands in the file.

Quoting, folding and indentation are undone piece by piece, as libyaml does (https://yaml.org/spec/1.1/#id903915).
The parser's value is the judge: when the pieces do not add up to it, the value stands nowhere.
"""

import re
from collections.abc import Iterator

from planner.model.source import Run, Text

_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
# Blanks are examined from the first one on, once: the second begins a fold only behind an escaped one.
_FOLDED = r"(?:(?<![ \t])|(?<=\\[ \t]))[ \t]*+(?:\r\n|[\n\r\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*"
_FOLD = re.compile(_FOLDED)
_DOUBLE = re.compile(
    r"(?P<escape>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\n\x85\u2028\u2029xuU]))"
    r"|(?P<joined>\\(?:\r\n|[\n\r\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*)"
    rf"|(?P<fold>{_FOLDED})"
)
_SINGLE = re.compile(rf"(?P<quote>'')|(?P<fold>{_FOLDED})")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?(?:\r\n|[\n\r\x85\u2028\u2029]|\Z)")
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_SPACE = Run(" ", -1)


def locate(text: str, start: int, end: int, style: str, value: str) -> Text:
    """Return `value`, the scalar at `text[start:end]`, with the place of every character of it."""
    quote = 1 if style in ("'", '"') else 0
    if text[start + quote : end - quote] == value and style not in ("|", ">"):
        return Text.at(start + quote, value)
    match style:
        case "'":
            found = _single(text, start + 1, end - 1)
        case '"':
            found = _double(text, start + 1, end - 1)
        case "|" | ">":
            found = _block(text, start, end, value, style == ">")
        case _:
            found = _plain(text, start, end)
    located = Text.made(found)
    return located if str(located) == value else Text.of(value)


def _plain(text: str, start: int, end: int) -> Iterator[Run]:
    for match in _FOLD.finditer(text, start, end):
        yield Run(text[start : match.start()], start)
        yield from _folded(text, match)
        start = match.end()
    yield Run(text[start:end], start)


def _single(text: str, start: int, end: int) -> Iterator[Run]:
    for match in _SINGLE.finditer(text, start, end):
        yield Run(text[start : match.start()], start)
        if match["quote"]:
            yield Run("'", match.start())
        else:
            yield from _folded(text, match)
        start = match.end()
    yield Run(text[start:end], start)


def _double(text: str, start: int, end: int) -> Iterator[Run]:
    for match in _DOUBLE.finditer(text, start, end):
        yield Run(text[start : match.start()], start)
        if match["escape"]:
            yield Run(_unescape(match["escape"][1:]), -1)
        elif match["joined"]:
            breaks = list(_BREAK.finditer(text, match.start(), match.end()))
            yield from (_line_feed(text, item) for item in breaks[1:])
        else:
            yield from _folded(text, match)
        start = match.end()
    yield Run(text[start:end], start)


def _unescape(code: str) -> str:
    if code[0] in "xuU":
        number = int(code[1:], 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _ESCAPES.get(code, code)


def _folded(text: str, match: "re.Match[str]") -> Iterator[Run]:
    """Yield what folding makes of line breaks: one is a space, of several the first is dropped."""
    if match[0].strip(" \t") == "\n":  # nearly always
        yield _SPACE
        return
    breaks = list(_BREAK.finditer(text, match.start(), match.end()))
    if len(breaks) == 1:
        yield _SPACE
    yield from (_line_feed(text, item) for item in breaks[1:])


def _line_feed(text: str, match: "re.Match[str]") -> Run:
    last = match.end() - 1
    return Run("\n", last if text[last] == "\n" else -1)


def _block(text: str, start: int, end: int, value: str, folded: bool) -> Iterator[Run]:
    header = _HEADER.match(text, start, end)
    if header is None:
        return
    lines = list(_lines(text, header.end(), end))
    indent = _indent(text, lines, value)
    pieces = _fold_block(text, lines, indent) if folded else _literal(text, lines, indent)
    yield from Text(tuple(pieces)).cut(0, len(value)).runs  # the rest is what chomping takes away


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int, Run]]:
    """Yield start and end of each line, and its line feed."""
    for match in _BREAK.finditer(text, start, end):
        yield start, match.start(), _line_feed(text, match)
        start = match.end()
    if start < end:
        yield start, end, Run("\n", -1)


def _indent(text: str, lines: list[tuple[int, int, Run]], value: str) -> int:
    """Compare the first line that has text with what became of it: the header may set the indentation."""
    kept = next((line for line in value.split("\n") if line.strip(" ")), "")
    for start, end, _ in lines:
        raw = text[start:end]
        if raw.strip(" "):
            return max(len(raw) - len(raw.lstrip(" ")) - (len(kept) - len(kept.lstrip(" "))), 0)
    return max((end - start for start, end, _ in lines), default=0)


def _literal(text: str, lines: list[tuple[int, int, Run]], indent: int) -> Iterator[Run]:
    for start, end, feed in lines:
        if end <= start + indent:
            yield feed
        elif feed.start == end:
            yield Run(text[start + indent : end + 1], start + indent)
        else:
            yield Run(text[start + indent : end], start + indent)
            yield feed


def _fold_block(text: str, lines: list[tuple[int, int, Run]], indent: int) -> Iterator[Run]:
    """Yield folded lines: a break between two lines is a space, unless one of them is indented more."""
    pending: list[Run] = []
    was_indented = True  # nothing stands before the first line to be joined with
    for start, end, feed in lines:
        if end <= start + indent:
            pending.append(feed)
            continue
        indented = text[start + indent] in " \t"
        if pending and not was_indented and not indented:
            pending = pending[1:] or [_SPACE]
        yield from pending
        yield Run(text[start + indent : end], start + indent)
        was_indented, pending = indented, [feed]
    yield from pending
