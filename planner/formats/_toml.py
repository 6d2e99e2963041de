"""TOML as its strings: each with the path of its keys and the place of every character.

Texts that are no valid TOML are read as far as they go. In a path an item of a list is `[]`, and so is a
table of `[[an.array]]`.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from planner.formats._base import Candidate
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

DEEPEST = 32  # keys of a path; what is below stands under the same path

_TOKEN = re.compile(
    r"""(?xs)
      (?P<blank> [ \t\r\ufeff]++ | \#[^\n]*+ )
    | (?P<basics> \"{3} (?: [^"\\] | \\.? | "{1,2}(?!") )*+ (?: "{3,5} | \Z ) )
    | (?P<literals> '{3} (?: [^'] | '{1,2}(?!') )*+ (?: '{3,5} | \Z ) )
    | (?P<basic> " (?: [^"\\\n] | \\[^\n] )*+ "? )
    | (?P<literal> ' [^'\n]*+ '? )
    | (?P<bare> [\w+-]++ )
    | (?P<mark> . )
    """
)
_STRINGS = {"basics": 3, "literals": 3, "basic": 1, "literal": 1}  # and how many quotes begin each
_ESCAPE = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([ \t\r]*\n\s*)|(.))", re.DOTALL
)
_LETTERS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}
_LAST = 0x10FFFF


class String(Struct, frozen=True):
    """A string that is a value."""

    keys: tuple[str, ...]
    value: Text
    start: int  # of the quote


class _State(Struct):
    """Where a reading stands: the table, the lists and inline tables that are open, and the key so far."""

    table: tuple[str, ...] = ()
    opened: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    in_value: bool = False
    header: int = 0  # brackets of a header that are open

    @property
    def path(self) -> tuple[str, ...]:
        before = self.opened[-1][1] if self.opened else self.table
        return (*before, *self.key)[:DEEPEST]

    def name(self, part: str) -> None:
        if len(self.key) < DEEPEST:
            self.key.append(part)

    def mark(self, mark: str) -> None:
        if mark == "\n":
            self._end_of_line()
        elif self.header or (mark == "[" and not self.in_value and not self.opened and not self.key):
            self._header(mark)
        elif mark == "=" and not self.in_value:
            self.in_value = True
        elif mark in "[{" and self.in_value:
            self._open(mark)
        elif mark in "]}" and self.opened:
            self.opened.pop()
            self.key, self.in_value = [], bool(self.opened) and self.opened[-1][0] == "["
        elif mark == "," and self.opened:
            self.key, self.in_value = [], self.opened[-1][0] == "["

    def _end_of_line(self) -> None:
        self.header = 0
        if not self.opened:
            self.key, self.in_value = [], False

    def _header(self, mark: str) -> None:
        if mark == "[":
            self.header += 1
        elif mark == "]" and self.header:
            ending = ("[]",) if self.header > 1 else ()
            self.table, self.key, self.header = (*self.key, *ending)[:DEEPEST], [], 0

    def _open(self, mark: str) -> None:
        path = self.path
        self.opened.append((mark, (*path, "[]")[:DEEPEST] if mark == "[" else path))
        self.key, self.in_value = [], mark == "["


def strings(text: str) -> Iterator[String]:
    """Yield every string that is a value, in the order of the text. Never raises."""
    state = _State()
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup or ""
        if kind == "mark":
            state.mark(token[0])
        elif kind in _STRINGS:
            value = _value(token, kind)
            if state.in_value:
                yield String(state.path, value, token.start())
            else:
                state.name(str(value))
        elif kind == "bare" and not state.in_value:
            state.name(token[0])


def _value(token: "re.Match[str]", kind: str) -> Text:
    quotes = _STRINGS[kind]
    start, end = token.start() + quotes, token.end()
    if end - start >= quotes and token[0].endswith(token[0][:quotes]):
        end -= quotes
    text = Text.at(start, token.string[start:end])
    if quotes == 3:
        feed = re.match(r"\r?\n", str(text))
        text = text.cut(feed.end(), len(text)) if feed else text
    return _unescaped(text) if kind.startswith("basic") and "\\" in str(text) else text


def _unescaped(text: Text) -> Text:
    pieces: list[Text] = []
    done, string, start = 0, str(text), text.start
    for match in _ESCAPE.finditer(string):
        pieces += Text.at(start + done, string[done : match.start()]), _meant(match, start)
        done = match.end()
    return Text.join((*pieces, Text.at(start + done, string[done:])))


def _meant(match: "re.Match[str]", start: int) -> Text:
    if number := match[1] or match[2] or match[3]:
        code = int(number, 16)
        return Text.of(chr(code) if code <= _LAST else "\ufffd")
    if match[4]:
        return Text()  # the end of a line that is taken back
    letter = match[5]
    return Text.of(_LETTERS[letter]) if letter in _LETTERS else Text.at(start + match.start(5), letter)


def images(source: SourceFile, fields: Mapping[tuple[str, ...], Role]) -> Iterator[Candidate]:
    """Yield every string that stands under one of the paths."""
    for string in strings(source.text):
        role = fields.get(string.keys)
        if role is not None and string.value:
            yield Candidate(string.value, role, string.start + 1, str(string.value))
