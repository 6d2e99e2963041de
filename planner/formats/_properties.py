"""Properties files of Java: keys and values with their places.

https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)
"""

import re
from collections.abc import Iterator

from planner.model.source import Text

_LINE = re.compile(
    r"[ \t\f]*+(?P<key>(?:[^\\\s=:#!]|\\.)(?:[^\\\s=:]|\\.)*+)[ \t\f]*+(?:[=:][ \t\f]*+)?(?P<value>)"
)
_ESCAPE = re.compile(r"\\(.)")
_BLANKS = re.compile(r"[ \t\f]*+")


def properties(text: str) -> Iterator[tuple[str, Text]]:
    """Yield the keys and values of a text; a value may go on in the next line after a backslash."""
    position = 1 if text.startswith("\ufeff") else 0
    while position < len(text):
        end = _end(text, position)
        match = _LINE.match(text, position, end)
        if match is None:
            position = end + 1
            continue
        pieces, start = [], match.end()
        while _continues(text, start, end):
            pieces.append(Text.at(start, text[start:end].rstrip("\r")[:-1]))
            blanks = _BLANKS.match(text, end + 1)
            start = blanks.end() if blanks else end + 1
            end = _end(text, start)
        pieces.append(Text.at(start, text[start:end].rstrip()))
        yield _ESCAPE.sub(r"\1", match["key"]), _plain(Text.join(pieces))
        position = end + 1


def _end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _continues(text: str, start: int, end: int) -> bool:
    line = text[start:end].rstrip("\r")
    return end < len(text) and (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _plain(value: Text) -> Text:
    """Return a value without its backslashes: `docker.io/a\\:1` is `docker.io/a:1`."""
    string = str(value)
    if "\\" not in string:
        return value
    pieces, done = [], 0
    for match in _ESCAPE.finditer(string):
        pieces += [value.cut(done, match.start()), value.cut(match.start(1), match.end())]
        done = match.end()
    return Text.join((*pieces, value.cut(done, len(string))))
