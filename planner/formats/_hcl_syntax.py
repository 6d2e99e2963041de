"""The expressions of HCL, from a text to the nodes of `_hcl_nodes`.

What is no HCL ends an expression, and what was read of it until then counts.

https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#expressions
"""

import re

from planner.formats._hcl_nodes import (
    Access,
    Array,
    Call,
    Comparison,
    Conditional,
    Expression,
    For,
    Literal,
    Name,
    Object,
    Splat,
    Step,
    Unread,
)
from planner.formats._hcl_templates import heredoc, quoted
from planner.formats._hcl_tokens import IDENTIFIER, SHOWN, Tokens
from planner.model.source import Text

MISSING = Unread(Text(), "is missing")

_LONGEST_PATH = 200  # names and indices in a row
_MOST_SIDES = 20  # of comparisons in a row
_COMPUTED = "is computed when it is applied"
_COMPARISONS = ("==", "!=")
_S = r"[ \t\r\n]"
_NAME = re.compile(rf"{IDENTIFIER}(?:::{IDENTIFIER})*+")
_DIGITS = "0123456789"
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]++|\d++(?:\.\d++)?+(?:[eE][-+]?\d++)?+")
CONSTANTS = frozenset({"true", "false", "null"})
_OPERATOR = re.compile(r"\|\||&&|==|!=|>=|<=|[><+\-*/%]")
_ATTRIBUTE = re.compile(rf"\.{_S}*+(?:(?P<key>{IDENTIFIER}|\d++)|\*)")
_BEFORE_CALL = frozenset("( \t")
_CALL = re.compile(r"[ \t]*+\(")
_LOOP = re.compile(
    rf"for{_S}++(?:(?P<key>{IDENTIFIER}){_S}*+,{_S}*+)?(?P<item>{IDENTIFIER}){_S}++in(?![\w-])"
)
_CONDITION = re.compile(r"if(?![\w-])")


class Syntax(Tokens):
    """Reads expressions, from where it stands."""

    def expression(self) -> Expression:
        """Read an expression; `MISSING` where there is none."""
        start = self.next()
        value = self._operation()
        return self._conditional(value, start) if self.continues() == "?" else value

    def _conditional(self, condition: Expression, start: int) -> Expression:
        self.open(self.next())
        yes = self.expression()
        self.expect(":")
        no = self.expression()
        self.depth -= 1
        if self.failed:
            return Unread(self.written(start), "is no whole condition")
        return Conditional(condition, yes, no, self.written(start))

    def _operation(self) -> Expression:
        """Read operands and operators; what counts is whether the last to be applied is a comparison."""
        start = begin = self.next()
        sides = [self._operand()]
        operators: list[str] = []
        while operator := self._operator():
            operators.append(operator)
            if operator in _COMPARISONS:
                begin = self.next()
                sides.append(self._operand())
            else:
                is_shown = self.position > begin + SHOWN
                self._operand()
                if not is_shown:
                    sides[-1] = Unread(self.written(begin), _COMPUTED)
        if not operators:
            return sides[0]
        written = self.written(start)
        signs = [each for each in operators if each in _COMPARISONS]
        if not signs or "&&" in operators or "||" in operators or len(sides) > _MOST_SIDES:
            return Unread(written, _COMPUTED)
        value = sides[0]
        for sign, side in zip(signs, sides[1:], strict=True):
            value = Comparison(value, side, sign == "==", written)
        return value

    def _operator(self) -> str:
        if self.continues() not in "|&=!><+-*/%":
            return ""
        found = _OPERATOR.match(self.string, self.next(), self.limit)
        if self.failed or not found:
            return ""
        self.position = found.end()
        return found.group()

    def _operand(self) -> Expression:
        start = self.next()
        while self.character() in ("!", "-"):
            self.position = self.next() + 1
        at = self.next()
        value = self._taken(self._value(), at)
        return value if at == start or self.failed else Unread(self.written(start), _COMPUTED)

    def _value(self) -> Expression:
        at, character = self.next(), self.character()
        match character:
            case '"':
                return quoted(self, at)
            case "[":
                return self._array(at)
            case "{":
                return self._object(at)
            case "(":
                self.open(at)
                value = self.expression()
                self.close(")")
                return value
            case "<" if self.string.startswith("<<", at, self.limit):
                return heredoc(self, at)
        return self._word(at)

    def _word(self, at: int) -> Expression:
        """Read a name, a call, a number or a constant."""
        if self.failed or at >= self.limit:
            self.fail(at)
            return MISSING
        if self.string[at] in _DIGITS and (number := _NUMBER.match(self.string, at, self.limit)):
            self.position = number.end()
            return Literal(self.cut(at, number.end()), quoted=False)
        name = _NAME.match(self.string, at, self.limit)
        if not name:
            self.fail(at)
            return MISSING
        self.position = name.end()
        if self.string[self.position : self.position + 1] in _BEFORE_CALL and self.end_of(_CALL) > name.end():
            return self._call(name.group(), at)
        if name.group() in CONSTANTS:
            return Literal(self.cut(at, name.end()), quoted=False)
        return Name((name.group(),), self.written(at))

    def _taken(self, value: Expression, start: int) -> Expression:
        """Read what is taken of a value."""
        steps: list[Step] = []
        while (character := self.continues()) and character in ".[":
            at = self.next()
            if character == "[":
                if self.string.find("\n", self.position, at) >= 0:
                    break
                steps.append(self._index(at))
                continue
            found = _ATTRIBUTE.match(self.string, at, self.limit)
            if not found:
                break
            self.position = found.end()
            steps.append(found["key"] or Splat())
        if not steps:
            return value
        written = self.written(start)
        if len(steps) >= _LONGEST_PATH:
            return Unread(written, "is nested too deep to be read")
        if isinstance(value, Name):
            return Name((*value.steps, *steps), written)
        return Access(value, tuple(steps), written)

    def _index(self, at: int) -> Step:
        self.open(at)
        key: Step = Splat() if self.follows("*") else self.expression()
        self.close("]")
        return str(key.text) if isinstance(key, Literal) else key

    def _call(self, name: str, start: int) -> Expression:
        self.open(self.next())
        arguments, is_spread = self._items(")")
        return Call(name, arguments, self.written(start), is_spread)

    def _array(self, start: int) -> Expression:
        self.open(start)
        if loop := self._loop_head():
            return self._loop(loop, start, "]")
        items, _ = self._items("]")
        return Array(items, self.written(start))

    def _items(self, closing: str) -> tuple[tuple[Expression, ...], bool]:
        """Read values up to a bracket; the second tells whether the last is a list of them."""
        items: list[Expression] = []
        is_spread = False
        while self.character() not in ("", closing):
            item = self.expression()
            if item is not MISSING:
                items.append(item)
            is_spread = self.follows("...")
            if not self.follows(","):
                break
        self.close(closing)
        return tuple(items), is_spread

    def _object(self, start: int) -> Expression:
        self.open(start)
        if loop := self._loop_head():
            return self._loop(loop, start, "}")
        entries: list[tuple[Expression, Expression]] = []
        while self.character() not in ("", "}"):
            key = self._key()
            if self.character() == "{":
                self.note(self.next())  # a block in an object: the language before HCL 2 had no other
            elif not self.follows(":"):
                self.expect("=")
            value = self.expression()
            if value is not MISSING:
                entries.append((key, value))
            self.follows(",")
        self.close("}")
        return Object(tuple(entries), self.written(start))

    def _key(self) -> Expression:
        start = self.next()
        key = self._operand()
        is_bare = isinstance(key, Name) and self.string[start] != "("
        return Literal(self.cut(start, self.position)) if is_bare else key

    def _loop_head(self) -> re.Match[str] | None:
        return None if self.character() != "f" else _LOOP.match(self.string, self.next(), self.limit)

    def _loop(self, head: re.Match[str], start: int, closing: str) -> Expression:
        self.position = head.end()
        source = self.expression()
        self.expect(":")
        name = None
        if closing == "}":
            name = self.expression()
            self.expect("=>")
        value = self.expression()
        self.follows("...")
        if self.character() == "i" and (condition := _CONDITION.match(self.string, self.next(), self.limit)):
            self.position = condition.end()
            self.expression()
        self.close(closing)
        if self.failed:
            return Unread(self.written(start), "is no whole loop")
        return For(head["key"] or "", head["item"], source, name, value, self.written(start))
