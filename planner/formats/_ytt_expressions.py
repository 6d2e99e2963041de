"""Expressions of ytt that make a text: `data.values.image`, `"nginx:" + tag`, `"{}:{}".format(a, b)`.

What is more than that - functions, conditions, loops - is known only when the template is rendered.
https://carvel.dev/ytt/docs/latest/lang/
"""

import re
from collections.abc import Mapping

from msgspec import Struct

from planner.formats._base import Given
from planner.formats._shell_words import Piece, Value, Word, named
from planner.model.source import Text

DATA = "data.values."
_TOKEN = re.compile(
    r"(?P<string>\"[^\"\\\n]*\"|'[^'\\\n]*')(?P<format>\.format)?|(?P<name>[A-Za-z_]\w*(?:\.\w+)*)"
    r"|(?P<index>\[\"[\w-]+\"\]|\['[\w-]+'\])|(?P<sign>[-+%(),])|(?P<space>[ \t]+)|(?P<comment>\#.*)"
    r"|(?P<other>.)"
)
_DIGITS = 6  # of a number of an argument
_HOLE = re.compile(r"\{\d*\}|%[sd]")
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*\Z")
_VALUES = "data.values"  # which many a module hands on as `values`
_DEEPEST = 8  # names that stand for expressions, and parentheses
_LONGEST = 500  # characters of an expression that is read
_NOT_SET = "{} is not set in a file of data values"
_UNREADABLE = "it is known only when ytt renders the template"


class _Unreadable(Exception):
    """The text is more than is understood here."""


class Scope(Struct, frozen=True):
    """The data values, and the names that a template gives to expressions."""

    given: Given
    assigned: Mapping[str, Text]

    def word(self, expression: Text, depth: int = _DEEPEST) -> Word:
        """Return what an expression makes, with a problem for what is not known."""
        try:
            if len(expression) > _LONGEST or not depth:
                raise _Unreadable
            reader = _Reader(self, expression, depth)
            word = Word(reader.sum(), quoted=True)
            reader.expect_end()
        except _Unreadable:
            return Word((Piece.unknown(expression, "", _UNREADABLE),))
        return word

    def named(self, name: str, written: Text, depth: int) -> tuple[Piece, ...]:
        """Return what a name stands for."""
        if (text := self.given.get(name)) is not None:
            return (Piece(written, (named(name, Value(text)),), name),)
        if (expression := self.assigned.get(name)) is not None:
            return self.word(expression, depth - 1).pieces
        first, dot, rest = name.partition(".")
        above = str(self.assigned.get(first, _VALUES if first == "values" else ""))
        if dot and depth and _PATH.match(above):
            return self.named(f"{above}.{rest}", written, depth - 1)
        reason = _NOT_SET.format(name) if name.startswith(DATA) else _UNREADABLE
        return (Piece.unknown(written, name, reason),)


class _Reader:
    def __init__(self, scope: Scope, expression: Text, depth: int) -> None:
        self.scope = scope
        self.expression = expression
        self.depth = depth
        found = _TOKEN.finditer(str(expression))
        self.tokens = [each for each in found if each.lastgroup not in ("space", "comment")]
        self.position = 0

    def sum(self) -> tuple[Piece, ...]:
        """Read terms with `+` between them."""
        pieces = self._term()
        while self._takes("+"):
            pieces += self._term()
        return pieces

    def expect_end(self) -> None:
        """Refuse what follows an expression."""
        if self.position < len(self.tokens):
            raise _Unreadable

    def _next(self) -> "re.Match[str]":
        if self.position >= len(self.tokens):
            raise _Unreadable
        self.position += 1
        return self.tokens[self.position - 1]

    def _takes(self, sign: str) -> bool:
        found = self.position < len(self.tokens) and self.tokens[self.position][0] == sign
        self.position += found
        return found

    def _term(self) -> tuple[Piece, ...]:
        token = self._next()
        if token["string"]:
            text = self.expression.cut(token.start("string") + 1, token.end("string") - 1)
            if token["format"]:
                return self._filled(text, self._arguments())
            if self._takes("%"):
                return self._filled(text, self._arguments() if self._peeks("(") else [self._term()])
            return (Piece.literal(text),)
        if token["name"] == "str":
            (inner,) = self._arguments() or [()]
            return inner
        if token["name"]:
            return self._named(token)
        if token[0] == "(":
            inner = self._inner()
            if not self._takes(")"):
                raise _Unreadable
            return inner
        raise _Unreadable

    def _peeks(self, sign: str) -> bool:
        return self.position < len(self.tokens) and self.tokens[self.position][0] == sign

    def _named(self, token: "re.Match[str]") -> tuple[Piece, ...]:
        name, end = token["name"], token.end()
        while self.position < len(self.tokens) and self.tokens[self.position]["index"]:
            index = self._next()
            name, end = f"{name}.{index['index'][2:-2]}", index.end()
        if self._peeks("("):
            raise _Unreadable
        return self.scope.named(name, self.expression.cut(token.start(), end), self.depth)

    def _inner(self) -> tuple[Piece, ...]:
        self.depth -= 1
        if self.depth < 0:
            raise _Unreadable
        pieces = self.sum()
        self.depth += 1
        return pieces

    def _arguments(self) -> list[tuple[Piece, ...]]:
        if not self._takes("("):
            raise _Unreadable
        found: list[tuple[Piece, ...]] = []
        while not self._takes(")"):
            found.append(self._inner())
            if not self._takes(",") and not self._peeks(")"):
                raise _Unreadable
        return found

    def _filled(self, text: Text, arguments: list[tuple[Piece, ...]]) -> tuple[Piece, ...]:
        """Put arguments in the place of `{}` and `%s`, in their order."""
        pieces: list[Piece] = []
        position = 0
        for count, hole in enumerate(_HOLE.finditer(str(text))):
            number = hole[0][1:-1] if hole[0][0] == "{" else ""
            index = int(number[:_DIGITS]) if number else count
            if index >= len(arguments):
                raise _Unreadable
            pieces += Piece.literal(text.cut(position, hole.start())), *arguments[index]
            position = hole.end()
        return (*pieces, Piece.literal(text.cut(position, len(text))))
