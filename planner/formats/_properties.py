"""Java's properties files: keys and values, with lines that go on and escapes.

https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)
"""

import re
from collections.abc import Iterator

from planner.model.source import Text

_LINE = re.compile(r"[^\S\n]*+(?P<line>[^\n]*+)(?:\n|\Z)")
_KEY = re.compile(r"(?P<key>(?:\\[\s\S]|[^\\=:\s])++)[^\S\n]*+[=:]?[^\S\n]*+")
_ESCAPE = re.compile(r"\\\r?\n[^\S\n]*+|\\u[0-9a-fA-F]{4}|\\[\s\S]?")
_SPOKEN = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def properties(text: str) -> Iterator[tuple[Text, Text]]:
    """Yield keys and values in the order of the text. Never raises."""
    position = 1 if text.startswith("\ufeff") else 0
    while position < len(text):
        match = _LINE.match(text, position)
        if match is None:
            return
        start, position = match.start("line"), match.end()
        if match["line"][:1] in ("", "#", "!", "\r"):
            continue
        end = match.end("line")
        while _goes_on(text, start, end) and end < len(text):
            following = text.find("\n", end + 1)
            end = following if following >= 0 else len(text)
        position = max(position, end + 1)
        key = _KEY.match(text, start, end)
        if key:
            value = Text.at(key.end(), text[key.end() : end])
            yield _plain(Text.at(key.start("key"), key["key"])), _plain(value).strip()


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether the line that ends here has an odd number of backslashes at its end."""
    stop = end - 1 if text[end - 1 : end] == "\r" else end
    first = stop
    while first > start and text[first - 1] == "\\":
        first -= 1
    return (stop - first) % 2 == 1


def _plain(text: Text) -> Text:
    """Return a text with its escapes resolved."""
    written = str(text)
    if "\\" not in written:
        return text
    pieces, done = [], 0
    for match in _ESCAPE.finditer(written):
        pieces += [text.cut(done, match.start()), _resolved(match[0], text, match.end())]
        done = match.end()
    return Text.join((*pieces, text.cut(done, len(written))))


def _resolved(escape: str, text: Text, end: int) -> Text:
    if len(escape) == 6:
        return Text.of(chr(int(escape[2:], 16)))
    if len(escape) != 2 or escape[1] == "\n":
        return Text()
    return Text.of(_SPOKEN[escape[1]]) if escape[1] in _SPOKEN else text.cut(end - 1, end)
