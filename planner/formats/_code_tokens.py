"""Tokens of source code: names, strings, numbers and marks; comments and white space are dropped.

No language is parsed. What is kept is enough to tell a literal in a known call from one that is data.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from enum import Enum
from functools import cached_property

import msgspec

from planner.formats._code_languages import Language
from planner.formats._code_strings import Form, Hole, Literal, Reader
from planner.model.source import Text

_BEFORE_OPERANDS = frozenset(
    {"return", "typeof", "case", "in", "of", "else", "do", "void", "delete", "throw", "new", "and", "or",
     "not", "if", "unless", "when", "while", "until", "assert"}
)  # fmt: skip
_HEREDOC = re.compile(r"<<[~-]?[\"'`]?(\w+)")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_WORD = re.compile(r"\S+")
_MOST_SLASHES = 16  # in a line, that begin no literal although they could
_CLOSERS = {"[": "]", "(": ")", "{": "}", "<": ">"}


class Kind(Enum):
    """What a token is."""

    NAME = "name"
    STRING = "string"
    NUMBER = "number"
    MARK = "mark"  # one punctuation character


class Token(msgspec.Struct, frozen=True, gc=False):  # by the hundred thousand: cheaper than a tuple
    """A token. `text` is its value: of a string what it says, of all others what is written."""

    kind: Kind
    text: str
    start: int  # offset in the file, of a string with its quotes
    end: int
    literal: Text | None = None  # the value of a string, unless it is what stands between two quotes
    holes: tuple[Hole, ...] = ()
    first: bool = False  # whether a line begins with it; told of names only

    @property
    def value(self) -> Text:
        """The value with its places."""
        if self.literal is not None:
            return self.literal
        return Text.at(self.start + (self.kind is Kind.STRING), self.text)

    @property
    def interpolated(self) -> bool:
        """Whether the string holds expressions; its value shows them as they are written."""
        return bool(self.holes)


def tokens(text: str, language: Language) -> list[Token]:
    """Return the tokens of a text. An unterminated string ends at its line; any text has tokens."""
    return _Tokenizer(text, language).read()


class _Tokenizer:
    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language = language
        self.literals = Reader(text, language.nesting)
        self.end = len(text.rstrip())
        self.found: list[Token] = []
        self.unclosed: set[str] = set()  # closings of comments that do not come any more
        self.line_end = len(text) + 1  # of the line whose heredocs follow it
        self.body_end = 0  # where those end
        self.slashes = 0  # in a line, that could begin a literal and do not
        self.slashes_end = 0  # of that line

    def read(self) -> list[Token]:
        position = 0
        while position >= 0:
            position = self._one(self._plain(position))
        return self.found

    def _plain(self, position: int) -> int:
        """Read names, numbers, marks and simple strings; return where something else follows."""
        add, marks, quotes = self.found.append, self.language.marks, self.language.quotes
        mark, name = Kind.MARK, Kind.NAME
        run = self.language.plain.match(self.text, position, min(self.end, self.line_end))
        end = position
        for piece in self.language.pieces.findall(run[0]) if run else ():  # a match for each would cost twice
            end += len(piece)
            if piece in marks:  # every other one
                add(Token(mark, piece, end - 1, end))
                continue
            written = piece.lstrip()
            start = end - len(written)
            if written[0].isalpha():
                add(Token(name, written, start, end, None, (), "\n" in piece))
            elif written in marks:
                add(Token(mark, written, start, end))
            elif written[0] in quotes:
                add(Token(Kind.STRING, written[1:-1], start, end))
            elif written[0].isdecimal():
                add(Token(Kind.NUMBER, written, start, end))
            elif len(written) > 1 or written.isascii() or written.isalnum():
                add(Token(name, written, start, end, None, (), "\n" in piece))
            else:
                add(Token(mark, written, start, end))
        return end

    def _one(self, position: int) -> int:
        """Read one token; return where the text goes on, -1 at the end."""
        match = self.language.tokens.match(self.text, position, self.end)
        if match is None:
            return -1
        group, end = match.lastgroup or "", match.end()
        start = match.start(group)
        if start >= self.line_end:
            self.line_end = len(self.text) + 1
            return self.body_end
        if group == "comment":
            return end
        if group == "mark" and self.language.regexes and match[group] == "/":
            return self._slash(start, end)
        return self._other(group, match[group], start, end)

    def _other(self, group: str, opening: str, start: int, end: int) -> int:
        if group == "block":
            return self._comment(opening, end)
        if group == "character":
            begin = self.text.index("'", start) + 1
            return self._string(_one(self.text, begin, end), start)
        if group == "heredoc":
            return self._heredoc(opening, start, end)
        if group == "words":
            return self._words(opening, start, end)
        form = self.language.forms[group]
        if opening.startswith("%") and self._after_operand():  # the remainder of a division
            self.found.append(Token(Kind.MARK, "%", start, start + 1))
            return start + 1
        return self._string(self.literals.read(form, start, end), start)

    def _string(self, literal: Literal, start: int) -> int:
        value = literal.value
        self.found.append(Token(Kind.STRING, str(value), start, literal.end, value, literal.holes))
        return literal.end

    def _slash(self, start: int, end: int) -> int:
        match = None if self._after_operand() else self._slashes(start)
        if match and self.language.slashes_are_strings:
            return self._string(self.literals.read(_SLASHY, start, end), start)
        end = match.end() if match else end
        self.found.append(Token(Kind.MARK, "/", start, end))
        return end

    def _slashes(self, start: int) -> "re.Match[str] | None":
        """Match a literal between slashes; a line in which many end nowhere has no more of them."""
        if start >= self.slashes_end:
            self.slashes = 0
        if self.slashes >= _MOST_SLASHES:
            return None
        match = self.language.slashes.match(self.text, start)
        if match is None:
            if not self.slashes:
                end = self.text.find("\n", start)
                self.slashes_end = len(self.text) if end < 0 else end
            self.slashes += 1
        return match

    def _after_operand(self) -> bool:
        if not self.found:
            return False
        last = self.found[-1]
        if last.kind is Kind.MARK:
            return last.text in ")]}<"
        return last.kind is not Kind.NAME or last.text not in _BEFORE_OPERANDS

    def _comment(self, opening: str, end: int) -> int:
        """Pass over a comment; one that does not end is over with its line."""
        closing = dict(self.language.block_comments)[opening]
        found = -1 if closing in self.unclosed else self.text.find(closing, end)
        if found >= 0:
            return found + len(closing)
        self.unclosed.add(closing)
        line = self.text.find("\n", end)
        return len(self.text) if line < 0 else line

    def _words(self, opening: str, start: int, end: int) -> int:
        """Read `%w[a b]` as `["a", "b"]`."""
        closing = _CLOSERS.get(opening[-1], opening[-1])
        stop = -1 if closing in self.unclosed else self.text.find(closing, end)
        if stop < 0:
            self.unclosed.add(closing)
            stop = end
        self.found.append(Token(Kind.MARK, "[", start, end, Text.of("[")))
        for word in _WORD.finditer(self.text, end, stop):
            value = Text.at(word.start(), word[0])
            self.found.append(Token(Kind.STRING, word[0], word.start(), word.end(), value))
            self.found.append(Token(Kind.MARK, ",", word.end(), word.end(), Text.of(",")))
        self.found.append(Token(Kind.MARK, "]", stop, stop + 1, Text.of("]")))
        return min(stop + 1, len(self.text)) if stop > end else end

    def _heredoc(self, opening: str, start: int, end: int) -> int:
        """Read the lines from the next one up to the one that is the heredoc's name."""
        name = _HEREDOC.match(opening)
        line = self.text.find("\n", end) if self.line_end > len(self.text) else self.line_end
        ends = self._lines.get(name[1], []) if name and line >= 0 else []
        begin = max(line + 1, self.body_end)
        place = bisect_left(ends, begin)
        if place == len(ends):
            self.found.append(Token(Kind.MARK, "<", start, start + 1))
            return start + 1
        self.line_end = line
        stop = ends[place]
        after = self.text.find("\n", stop)
        self.body_end = len(self.text) if after < 0 else after
        value = Text.at(begin, self.text[begin:stop])
        self.found.append(Token(Kind.STRING, str(value), start, end, value))
        return end

    @cached_property
    def _lines(self) -> dict[str, list[int]]:
        """Where lines begin that are no more than a name."""
        found: dict[str, list[int]] = {}
        for match in re.finditer(r"^[ \t]*+(\w++)\r?$", self.text, re.MULTILINE):
            found.setdefault(match[1], []).append(match.start())
        return found


_SLASHY = Form("/", "/", r"\\/", hole=r"\$\{", name=r"\$[A-Za-z_]\w*+")


def _one(text: str, start: int, end: int) -> Literal:
    """Return a literal of one character."""
    return Literal(Text.at(start, text[start : end - 1]), (), end)


def places_of_names(read: Sequence[Token]) -> dict[str, list[int]]:
    """Return the indexes of the tokens that are names, by the name, in their order."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    name = Kind.NAME
    for index, token in enumerate(read):
        if token.kind is name:
            found[token.text].append(index)
    return found
