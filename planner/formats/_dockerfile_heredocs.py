"""Here-documents of a Dockerfile: which lines belong to RUN, COPY or ADD and are no instructions.

https://docs.docker.com/reference/dockerfile/#here-documents. The line is cut into words as BuildKit's `shell`
package does it; a word that it cannot read means that the line has no here-document at all.
"""

import json
import re
from bisect import bisect_left
from collections import defaultdict

from msgspec import Struct

from planner.formats._dockerfile_text import SPACE, Joined
from planner.formats._dockerfile_variables import Expansion, Refused
from planner.formats._dockerfile_words import Lexer

_DOCUMENT = re.compile(r"[0-9]*<<(-?)[\t\n\f\r ]*([^<]*)\Z")
_OPENING = re.compile(r"<<[\t\r ]*|<")
_PLAIN = re.compile(rf"[^'\"$\\<{SPACE}]+")
_ESCAPE = "\\"  # in here-documents whatever the escape directive says


class Heredoc(Struct, frozen=True):
    """What ends a here-document."""

    name: str  # without quotes
    tabs: bool  # `<<-`: tabs before it do not count


def heredocs(line: str) -> list[Heredoc]:
    """Return the here-documents that a line opens, in order."""
    try:
        opened = [_DOCUMENT.match(word) for word in _words(line)]
        return [found for match in opened if match and (found := _heredoc(match[2], bool(match[1])))]
    except Refused:
        return []


def is_list(arguments: str) -> bool:
    """Return whether arguments are a JSON array of texts, in which nothing is a here-document."""
    if not arguments.lstrip(SPACE).startswith("["):
        return False
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _heredoc(written: str, tabs: bool) -> Heredoc | None:
    if len(_words(written)) != 1:
        return None
    name = str(Lexer(Joined(written, (0,), (0,)), _ESCAPE, None).until("").text)
    return Heredoc(name, tabs) if name else None


def _words(text: str) -> list[str]:
    """Cut a text at white space that is not quoted; `<<` takes the spaces after it."""
    lexer = Lexer(Joined(text, (0,), (0,)), _ESCAPE, None)
    ignored = Expansion()
    found, word = [], ""
    while lexer.position < len(text):
        start = lexer.position
        character = text[start]
        if character in SPACE:
            lexer.position += 1
            if word:
                found.append(word)
            word = ""
            continue
        _advance(lexer, text, ignored)
        piece = text[start : lexer.position]
        first, *others = piece.split() if character == "$" else [piece]
        word += first
        for other in others:
            found.append(word)
            word = other
    return [*found, word] if word else found


def _advance(lexer: Lexer, text: str, ignored: Expansion) -> None:
    """Step over the piece of a word that begins here. Raises Refused."""
    match text[lexer.position]:
        case "'":
            lexer.single(ignored)
        case '"':
            lexer.double(ignored)
        case "$":
            lexer.dollar(ignored)
        case "\\":
            lexer.position = min(lexer.position + 2, len(text))
        case _:
            piece = _OPENING.match(text, lexer.position) or _PLAIN.match(text, lexer.position)
            lexer.position = piece.end() if piece else lexer.position + 1


class Ends:
    """Where the lines stand that can end a here-document."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: dict[bool, dict[str, list[tuple[int, int]]]] = {}

    def after(self, heredoc: Heredoc, position: int) -> tuple[int, int] | None:
        """Return where the line that ends a here-document begins, and where the next; None for no end."""
        if heredoc.tabs not in self._lines:
            self._lines[heredoc.tabs] = self._index(heredoc.tabs)
        lines = self._lines[heredoc.tabs].get(heredoc.name, [])
        found = bisect_left(lines, (position, 0))
        return lines[found] if found < len(lines) else None

    def _index(self, tabs: bool) -> dict[str, list[tuple[int, int]]]:
        lines = defaultdict(list)
        start = 0
        for line in self._text.split("\n"):
            end = start + len(line) + 1
            written = line.rstrip("\r")
            lines[written.lstrip("\t") if tabs else written].append((start, end))
            start = end
        return lines
