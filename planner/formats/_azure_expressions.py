"""Expressions of deployments to Azure, in Bicep and in ARM templates: texts made of parameters and variables.

Both have the same functions; Bicep has interpolation, `?:` and `??`, a template `parameters('x')`. Of a
condition both branches may be.
https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string
"""

import re
from collections.abc import Callable
from itertools import islice, product

from msgspec import Struct

from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, join, named
from planner.model.source import Text

Lookup = Callable[[str], tuple[Value, ...]]  # of a parameter or a variable; () if it has no value

LONGEST = 1_000  # characters of an expression
_STRING = r"'(?:[^'\\\n]|\\.|'')*+'"
_TOKEN = re.compile(rf"\s*+(?:(?P<string>{_STRING})|(?P<name>[A-Za-z_]\w*+)|(?P<sign>\?\?|[^\s\w]|\d++))")
_INTERPOLATION = re.compile(r"\\.|''|\$\{(?P<inner>[^{}]*+)\}")
_PLACE = re.compile(r"\{(\d)\}")
_NAMED = frozenset({"parameters", "variables"})
_SAME = frozenset({"string", "trim", "tolower"})
_DEEPEST = 12
_UNKNOWN = "{name} is known only when it is deployed"


def evaluated(text: Text, lookup: Lookup) -> Word:
    """Return what an expression may be."""
    if len(text) > LONGEST:
        return Word((Piece.unknown(text, "", "longer than any reference"),))
    name = str(text).strip()
    return Word((Piece(text, _Reader(text, lookup).whole(), name),))


class _Unread(Exception):
    """The text is no expression of the kind that is understood here."""


class _Reader(Struct):
    text: Text
    lookup: Lookup
    position: int = 0
    depth: int = 0

    def whole(self) -> tuple[Value, ...]:
        """Return the values of all of the text, at least one."""
        try:
            values = self._choice()
        except _Unread:
            values = ()
        if not values or str(self.text)[self.position :].strip():
            return (self._unknown(str(self.text).strip()),)
        return values

    def _unknown(self, name: str) -> Value:
        return Value(self.text, (), _UNKNOWN.format(name=" ".join(name.split())))

    def _next(self) -> str:
        match = _TOKEN.match(str(self.text), self.position)
        return match[0].strip() if match else ""

    def _take(self, *signs: str) -> bool:
        match = _TOKEN.match(str(self.text), self.position)
        if match and match["sign"] in signs:
            self.position = match.end()
            return True
        return False

    def _choice(self) -> tuple[Value, ...]:
        """Read `a ?? b` and `c ? a : b`: either may be."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Unread
        question = self._question()
        if question is not None:
            self.position = question
            first = self._choice()
            if not self._take(":"):
                raise _Unread
            values = _known((*first, *self._choice()))
        else:
            values = self._term()
            if self._take("??"):
                values = _known((*values, *self._choice()))
        self.depth -= 1
        return values

    def _question(self) -> int | None:
        """Return where the first branch begins, after a condition of whatever kind and its `?`."""
        level, position = 0, self.position
        while match := _TOKEN.match(str(self.text), position):
            sign, position = match["sign"], match.end()
            if sign == "?" and not level and str(self.text)[position : position + 1] not in (".", "["):
                return position
            level += (sign in ("(", "[")) - (sign in (")", "]"))
            if level < 0 or (sign in (",", ":") and not level):
                break
        return None

    def _term(self) -> tuple[Value, ...]:
        if self._take("("):
            values = self._choice()
            if not self._take(")"):
                raise _Unread
            return values
        match = _TOKEN.match(str(self.text), self.position)
        if match is None or match["sign"]:
            raise _Unread
        self.position = match.end()
        if match["string"]:
            return self._string(match.start("string"), match.end("string"))
        if self._take("("):
            return self._call(match["name"].lower(), match.start("name"))
        if self._member():
            return (self._unknown(str(self.text)[match.start("name") : self.position]),)
        return self.lookup(match["name"]) or (self._unknown(match["name"]),)

    def _member(self) -> bool:
        """Pass over `.properties.loginServer` and `['x']`; tell whether there was any."""
        match = re.compile(r"(?:\s*[.!]?\.\s*\w+|\s*\[[^\[\]]*\])+").match(str(self.text), self.position)
        if match:
            self.position = match.end()
        return match is not None

    def _string(self, start: int, end: int) -> tuple[Value, ...]:
        inside = self.text.cut(start + 1, end - 1)
        parts: list[tuple[Value, ...]] = []
        position = 0
        for match in _INTERPOLATION.finditer(str(inside)):
            parts.append((Value(inside.cut(position, match.start())),))
            position = match.end()
            if match["inner"] is not None:
                expression = inside.cut(*match.span("inner"))
                parts.append(_Reader(expression, self.lookup, 0, self.depth).whole())
            else:
                parts.append((Value(inside.cut(match.end() - 1, match.end())),))
        parts.append((Value(inside.cut(position, len(inside))),))
        return tuple(join(chosen) for chosen in islice(product(*parts), MOST_CHOICES))

    def _arguments(self) -> list[tuple[Value, ...]]:
        found: list[tuple[Value, ...]] = []
        while not self._take(")"):
            found.append(self._choice())
            if not self._take(",") and self._next() != ")":
                raise _Unread
        return found

    def _call(self, name: str, start: int) -> tuple[Value, ...]:
        before = self.position
        try:
            arguments = self._arguments()
        except _Unread:
            self.position = self._closed(before)
            arguments = []
        spelled = str(self.text)[start : self.position]
        outer = self._member()
        if not arguments or outer:
            return (self._unknown(spelled),)
        if name in _NAMED:
            key = str(arguments[0][0].text)
            return self.lookup(key) or (self._unknown(key),)
        if name == "concat":
            return tuple(join(chosen) for chosen in islice(product(*arguments), MOST_CHOICES))
        if name == "format":
            return self._formatted(arguments)
        if name in _SAME:
            return arguments[0]
        if name in ("if", "coalesce"):
            return _known(tuple(value for each in arguments[name == "if" :] for value in each))
        return (self._unknown(spelled),)

    def _closed(self, start: int) -> int:
        """Return where the call ends whose arguments begin at `start`."""
        level, position = 1, start
        while level and (match := _TOKEN.match(str(self.text), position)):
            level += (match["sign"] == "(") - (match["sign"] == ")")
            position = match.end()
        if level:
            raise _Unread
        return position

    def _formatted(self, arguments: list[tuple[Value, ...]]) -> tuple[Value, ...]:
        pattern = arguments[0][0].text
        parts: list[tuple[Value, ...]] = []
        position = 0
        for match in _PLACE.finditer(str(pattern)):
            parts.append((Value(pattern.cut(position, match.start())),))
            position = match.end()
            number = int(match[1]) + 1
            if number >= len(arguments):
                raise _Unread
            parts.append(arguments[number])
        parts.append((Value(pattern.cut(position, len(pattern))),))
        return tuple(join(chosen) for chosen in islice(product(*parts), MOST_CHOICES))


def _known(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return those of several values that are known, or all where none is."""
    return tuple(value for value in values if not value.problem) or values


def through(name: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return values as they are seen through a parameter or a variable."""
    return tuple(named(name, value) for value in values)
