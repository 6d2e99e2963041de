"""Jinja as Ansible uses it: expressions that a name or a part of it may be made of.

Names with members, texts, `~` and `+`, conditions, and filters that keep a text as it is or give a default.
https://jinja.palletsprojects.com/en/stable/templates/#expressions
"""

import re
from collections.abc import Callable
from itertools import islice, product
from typing import NamedTuple

from msgspec import Struct

from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, expand, join
from planner.model.source import Text

ACTION = re.compile(r"\{\{(?P<body>(?:[^{}]|\{[^{}]*+\})*+)\}\}|\{%[^{}%]*+%\}|\{#[^{}#]*+#\}")
_TOKEN = re.compile(
    r"(?P<string>'(?:[^'\\]|\\.)*+'|\"(?:[^\"\\]|\\.)*+\")|(?P<name>[A-Za-z_]\w*+)|(?P<number>\d[\w.]*+)"
    r"|(?P<space>\s++)|(?P<sign>.)",
    re.DOTALL,
)
_NAME = re.compile(r"\s*+((?!(?:omit|[tT]rue|[fF]alse|[nN]one)\b)[A-Za-z_]\w*+)\s*+")
_SAME = frozenset({"string", "trim", "quote", "mandatory", "safe", "e", "escape"})
_FALSE = frozenset({"", "false", "no", "off", "none", "null", "0"})
_LONGEST = 1000  # characters of an expression
_DEEPEST = 8  # parentheses in parentheses
_NOTHING = (Value(Text()),)

Lookup = Callable[
    [str], tuple[Value, ...]
]  # the values of a name with its members (`a.b.0`), () if it has none


def filled(text: Text, lookup: Lookup, missing: str) -> Word:
    """Return a text with its expressions evaluated; `missing` says of a `{name}` where it could be set."""

    def piece(written: Text, match: re.Match[str]) -> Piece:
        name = " ".join(match[0].split())
        body = match["body"]
        if body is None or len(body) > _LONGEST:
            return Piece.unknown(written, name, f"{name} is decided when the template is filled in")
        if plain := _NAME.fullmatch(body):  # nearly always
            values = lookup(plain[1]) or (Value(written, (), missing.format(name=plain[1])),)
            return Piece(written, values, name)
        start = match.start("body") - match.start()
        expression = written.cut(start, start + len(body))
        return Piece(written, _Reader(expression, lookup, missing, written).whole(), name)

    return expand(text, ACTION, piece)


class _Token(NamedTuple):
    kind: str
    start: int
    text: str


class _Unreadable(Exception):
    """The text is no expression of the kind that is understood here."""


class _Reader(Struct):
    expression: Text
    lookup: Lookup
    missing: str
    written: Text  # the whole action
    position: int = 0
    depth: int = 0
    tokens: tuple[_Token, ...] = ()

    def whole(self) -> tuple[Value, ...]:
        """Return what the expression may be, at least one value."""
        matches = _TOKEN.finditer(str(self.expression).strip("-"))
        self.tokens = tuple(
            _Token(match.lastgroup or "", match.start(), match[0])
            for match in matches
            if match.lastgroup != "space"
        )
        try:
            values = self._choice()
        except _Unreadable:
            values = ()
        if not values or self.position < len(self.tokens):
            shown = " ".join(str(self.written).split())
            return (Value(self.written, (), f"{shown} is more than a composition of names and texts"),)
        return values

    def _next(self) -> str:
        return self.tokens[self.position].text if self.position < len(self.tokens) else ""

    def _take(self, *texts: str) -> bool:
        if self._next() in texts:
            self.position += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise _Unreadable

    def _choice(self) -> tuple[Value, ...]:
        """Read `a if condition else b`: either may be, unless the condition is a name that is known."""
        values = self._sum()
        if not self._take("if"):
            return values
        start = self.position
        while self._next() not in ("else", ")", ""):
            self.position += 1
        holds = self._holds(self.tokens[start : self.position])
        others = self._choice() if self._take("else") else ()
        if holds is None:
            return (*values, *others)
        return values if holds else others or _NOTHING

    def _holds(self, condition: tuple[_Token, ...]) -> bool | None:
        """Tell whether a condition holds that is a name alone; None for any other, or where it may not."""
        if len(condition) != 1 or condition[0].kind != "name":
            return None
        values = self.lookup(condition[0].text)
        truths = {str(value.text).lower() not in _FALSE for value in values}
        return truths.pop() if len(truths) == 1 and not any(value.problem for value in values) else None

    def _sum(self) -> tuple[Value, ...]:
        parts = [self._filtered()]
        while self._take("~", "+"):
            parts.append(self._filtered())
        if len(parts) == 1:
            return parts[0]
        return tuple(join(chosen) for chosen in islice(product(*parts), MOST_CHOICES))

    def _filtered(self) -> tuple[Value, ...]:
        values = self._operand()
        while self._take("|"):
            name = self._next()
            self.position += 1
            arguments = self._arguments() if self._take("(") else []
            values = self._filter(values, name, arguments)
        return values

    def _filter(
        self, values: tuple[Value, ...], name: str, arguments: list[tuple[Value, ...]]
    ) -> tuple[Value, ...]:
        if name in ("default", "d"):
            given = arguments[0] if arguments else _NOTHING
            known = tuple(
                value for value in values if not value.problem and (value.text or len(arguments) < 2)
            )
            return known or given
        if name in _SAME:
            return values
        if name == "lower" and all(str(value.text).islower() for value in values if not value.problem):
            return values
        raise _Unreadable

    def _arguments(self) -> list[tuple[Value, ...]]:
        found = []
        while not self._take(")"):
            if self.position >= len(self.tokens):
                raise _Unreadable
            found.append(self._nested())
            if not self._take(","):
                self._expect(")")
                break
        return found

    def _nested(self) -> tuple[Value, ...]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Unreadable
        values = self._choice()
        self.depth -= 1
        return values

    def _operand(self) -> tuple[Value, ...]:
        if self._take("("):
            values = self._nested()
            self._expect(")")
            return values
        if self.position >= len(self.tokens):
            raise _Unreadable
        token = self.tokens[self.position]
        self.position += 1
        if token.kind == "string" and "\\" not in token.text:
            return (Value(self.expression.cut(token.start + 1, token.start + len(token.text) - 1)),)
        if token.kind == "number":
            return (Value(self.expression.cut(token.start, token.start + len(token.text))),)
        if token.kind == "name":
            names = [token.text]
            while self._next() in (".", "["):
                names = [f"{name}.{member}" for member in self._member() for name in names][:MOST_CHOICES]
            return self._named(names)
        raise _Unreadable

    def _member(self) -> list[str]:
        """Return what may follow a name: `.tag`, `['tag']`, `[0]`, and `[name]` with what that stands for."""
        bracket = self._take("[")
        if not bracket:
            self.position += 1
        token = self.tokens[self.position] if self.position < len(self.tokens) else _Token("", 0, "")
        if bracket and token.kind == "name":
            found = [str(value.text) for value in self._nested() if not value.problem]
        elif token.kind in ("name", "number", "string"):
            found = [token.text.strip("'\"")]
            self.position += 1
        else:
            raise _Unreadable
        if bracket:
            self._expect("]")
        return found

    def _named(self, names: list[str]) -> tuple[Value, ...]:
        if not names:
            raise _Unreadable
        name = names[0]
        if name == "omit":
            return _NOTHING
        if name in ("true", "false", "True", "False", "none", "None"):
            return (Value(Text.of(name)),)
        if self._next() == "(":  # a function such as lookup
            self.position += 1
            self._arguments()
            return (Value(self.written, (), f"{name}() is called when it runs"),)
        if values := tuple(value for each in names for value in self.lookup(each)):
            return values
        return (Value(self.written, (), self.missing.format(name=name)),)
