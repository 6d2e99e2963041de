"""Expressions in the actions of Helm's templates: `.Values.image.tag | default .Chart.AppVersion`.

https://pkg.go.dev/text/template#hdr-Pipelines
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec import Struct

from planner.formats._chart_scope import Scope, Unknown, Value, truth
from planner.model.source import Text

_TOKEN = re.compile(
    r"(?P<string>\"(?:[^\"\\\n]|\\.)*+\"|`[^`]*+`)|(?P<field>(?:\.\w++)++|\.)|(?P<variable>\$\w*+)"
    r"|(?P<word>[A-Za-z_]\w*+)|(?P<number>-?\d[\w.]*+)|(?P<sign>[|()])|(?P<space>\s++)|(?P<other>.)",
    re.DOTALL,
)
_DEEPEST = 12  # parentheses in parentheses
_CONSTANTS = {"true": truth(True), "false": truth(False), "nil": Text()}


class _Token(NamedTuple):
    kind: str
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class _Unreadable(Exception):
    """The text is no expression of the kind that is understood here."""


class Surroundings(Struct, frozen=True):
    """What an expression may refer to."""

    scope: Scope
    dot: Value
    variables: Mapping[str, Value]  # "$tag"; "$" is the dot at the top
    call: Callable[[str, list[Value]], Value]  # a function's name and its arguments


def evaluate(expression: Text, surroundings: Surroundings) -> Value:
    """Return the value of a pipeline, its pieces with their places."""
    reader = _Reader(expression, surroundings, _tokens(str(expression)))
    try:
        value = reader.pipeline()
    except _Unreadable:
        return Unknown()
    return value if reader.token is None else Unknown()


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(match.lastgroup or "", match.start(), match[0])
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "space"
    ]


class _Reader(Struct):
    expression: Text
    around: Surroundings
    tokens: list[_Token]
    position: int = 0
    depth: int = 0

    @property
    def token(self) -> _Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def pipeline(self) -> Value:
        value = self._command([])
        while self.token and self.token.text == "|":
            self.position += 1
            value = self._command([value])
        return value

    def _command(self, piped: list[Value]) -> Value:
        token = self.token
        if token and token.kind == "word" and token.text not in _CONSTANTS:
            self.position += 1
            arguments = self._operands()
            return self.around.call(token.text, arguments + piped)
        operands = self._operands() + piped
        if len(operands) != 1:
            raise _Unreadable
        return operands[0]

    def _operands(self) -> list[Value]:
        found: list[Value] = []
        while (token := self.token) and token.text not in ("|", ")"):
            found.append(self._with_members(self._operand(token)))
        return found

    def _operand(self, token: _Token) -> Value:
        self.position += 1
        match token.kind:
            case "string":
                if "\\" in token.text and token.text[0] == '"':
                    raise _Unreadable
                return self.expression.cut(token.start + 1, token.end - 1)
            case "number":
                return self.expression.cut(token.start, token.end)
            case "field":
                return self._field(self.around.dot, token)
            case "variable":
                return self.around.variables.get(token.text, Unknown())
            case "word" if token.text in _CONSTANTS:
                return _CONSTANTS[token.text]
            case "word":
                return self.around.call(token.text, [])
        if token.text != "(":
            raise _Unreadable
        return self._in_parentheses()

    def _in_parentheses(self) -> Value:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Unreadable
        value = self.pipeline()
        if self.token is None or self.token.text != ")":
            raise _Unreadable
        self.position += 1
        self.depth -= 1
        return value

    def _with_members(self, value: Value) -> Value:
        """Read the `.a.b` that follows `$x` or a parenthesis without a space."""
        before, token = self.tokens[self.position - 1], self.token
        if token is None or token.kind != "field" or token.start != before.end:
            return value
        if before.kind not in ("variable", "sign"):
            raise _Unreadable
        self.position += 1
        return self._field(value, token)

    def _field(self, value: Value, token: _Token) -> Value:
        return value if token.text == "." else self.around.scope.member(value, token.text)
