"""Dockerfile words: quotes, escapes and variables, with the place of everything that is left.

https://docs.docker.com/reference/dockerfile/#environment-replacement. Where the documentation is silent, the
rules are those of BuildKit's `shell` package. What cannot be expanded raises Refused.
"""

import re

from planner.formats._dockerfile_patterns import InvalidPattern, matches, prefix, suffix, tokens
from planner.formats._dockerfile_text import Joined
from planner.formats._dockerfile_variables import Expansion, Lookup, Refused, Unknown, Variable, where_to_set
from planner.model.source import Text

DEEPEST = 100  # substitutions inside substitutions
LONGEST = 4096  # characters of a word with substitutions, and of what it becomes; no reference is longer
_SPECIAL_MARK = re.compile(r"[$'\"\\`]")
_PLAIN = re.compile(r"[^$'\"\\`}/]+")
_SPECIAL = frozenset("@*#?-$!0")


def expand(word: Joined, escape: str, lookup: Lookup) -> Expansion:
    """Return a word without quotes and escapes, its variables replaced. Raises Refused."""
    if not _SPECIAL_MARK.search(word.text):
        expansion = Expansion()
        expansion.text = word.cut(0, len(word.text))
        return expansion
    if len(word.text) > LONGEST:
        raise Refused(f"a word of {len(word.text)} characters is not expanded")
    expansion = Lexer(word, escape, lookup).until("")
    if len(expansion.text) > LONGEST:
        raise Refused(f"it becomes {len(expansion.text)} characters")
    return expansion


class Lexer:
    """A reader of one word. Without `lookup`, variables stay as they are written."""

    def __init__(self, word: Joined, escape: str, lookup: Lookup | None) -> None:
        self.position = 0
        self._word = word
        self._text = word.text
        self._escape = escape
        self._lookup = lookup
        self._depth = 0

    def until(self, stop: str, *, raw: bool = False) -> Expansion:
        """Read up to and over the character `stop`, or to the end; `raw` keeps escape characters."""
        value = Expansion()
        while self.position < len(self._text):
            character = self._text[self.position]
            if character == stop:
                self.position += 1
                return value.seal(self._word)
            if character == "'":
                self.single(value)
            elif character == '"':
                self.double(value, raw=raw)
            elif character == "$":
                self.dollar(value)
            elif character == self._escape:
                value.keep(self.position + (not raw), min(self.position + 2, len(self._text)))
                self.position += 2
            else:
                self._plain(value)
        if stop:
            raise Refused(f"bad substitution: {stop!r} is missing")
        return value.seal(self._word)

    def single(self, value: Expansion) -> None:
        """Read what single quotes enclose."""
        end = self._text.find("'", self.position + 1)
        if end < 0:
            raise Refused("a single quote is not closed")
        value.keep(self.position + 1, end)
        self.position = end + 1

    def double(self, value: Expansion, *, raw: bool = False) -> None:
        """Read what double quotes enclose."""
        self.position += 1
        while (character := self._peek()) != '"':
            if not character:
                raise Refused("a double quote is not closed")
            if character == "$":
                self.dollar(value)
            elif character == self._escape and self._peek(1) in ('"', "$", self._escape):
                value.keep(self.position + (not raw), self.position + 2)
                self.position += 2
            elif character == self._escape:
                value.keep(self.position, self.position + 1)
                self.position += 1
            else:
                self._plain(value)
        self.position += 1

    def dollar(self, value: Expansion) -> None:
        """Read a variable: `$V`, `${V}`, or one with an operator. A lone `$` is itself."""
        start = self.position
        self.position += 1
        if self._peek() == "{":
            self.position += 1
            self._braces(value, start)
        elif name := self._name():
            self._substitute(value, name, start)
        else:
            value.keep(start, self.position)

    def _braces(self, value: Expansion, start: int) -> None:
        if self._peek() in ("", "{", "}", ":"):
            raise Refused("bad substitution: a name must follow ${")
        name = self._name()
        operator = self._peek()
        self.position += 1
        colon = operator == ":"
        if colon:
            operator = self._peek()
            self.position += 1
        if operator == "}" and not colon:
            self._substitute(value, name, start)
            return
        self._depth += 1
        if self._depth > DEEPEST:
            raise Refused(f"more than {DEEPEST} substitutions inside one another")
        if operator in ("-", "+", "?"):
            self._choose(value, name, operator, colon, start)
        elif operator in ("#", "%", "/") and not colon:
            self._edit(value, name, operator, start)
        elif colon and operator not in ("#", "%") and self._lookup is None:
            self.until("}")
            value.keep(start, self.position)
        else:
            raise Refused(f"bad substitution: BuildKit has no operator {self._text[start : self.position]}")
        self._depth -= 1

    def _substitute(self, value: Expansion, name: str, start: int) -> None:
        """Put a variable's value."""
        if self._lookup is None:
            value.keep(start, self.position)
        else:
            value.pieces.append(self._current(value, name))

    def _choose(self, value: Expansion, name: str, operator: str, colon: bool, start: int) -> None:
        """Put the value or the word: `:-` `-` `:+` `+` `:?` `?`; those with a colon take empty for unset."""
        at = self.position
        word = self.until("}")
        if self._lookup is None:
            value.keep(start, self.position)
            return
        variable = self._lookup(name)
        current = variable.value if variable else None
        unset = current is None and not (variable and variable.refused)
        unset = unset or bool(colon and variable and not variable.refused and not current)
        value.substituted = True
        if operator == "?" and unset:
            raise Refused(
                f"{name} has no value ({word.text or 'it must not be empty'}): {where_to_set(name)}"
            )
        if operator == "+":
            if variable and not unset:
                value.absorb(word)
                value.uses.append(variable)
        elif unset:
            value.absorb(word)
            value.uses.append(Variable(name, word.text, "default", self._word.place(at)))
        else:
            value.pieces.append(self._current(value, name))

    def _edit(self, value: Expansion, name: str, operator: str, start: int) -> None:
        """Put the value without what a pattern covers, or with something else there."""
        twice = self._peek() == operator
        if operator == "/":
            self.position += twice
            pattern = self.until("/", raw=True)
            replacement = self.until("}", raw=True)
        else:
            pattern, replacement = self.until("}", raw=True), Expansion()
            twice = str(pattern.text).startswith(operator)
        if self._lookup is None:
            value.keep(start, self.position)
            return
        written = str(pattern.text)[twice and operator != "/" :]
        current = self._current(value, name)
        value.uses += [*pattern.uses, *replacement.uses]
        try:
            value.pieces.append(_edited(current, operator, written, twice, replacement.text))
        except InvalidPattern as error:
            raise Refused(str(error)) from error

    def _current(self, value: Expansion, name: str) -> Text:
        """Return a variable's value, nothing where it has none, and note that it was used."""
        value.substituted = True
        variable = self._lookup(name) if self._lookup else None
        if variable and variable.refused:
            raise Unknown(variable.refused)
        if variable is None or variable.value is None:
            value.missing.append(name)
            return Text()
        value.uses.append(variable)
        value.missing += variable.missing
        return variable.value

    def _plain(self, value: Expansion) -> None:
        match = _PLAIN.match(self._text, self.position)
        end = match.end() if match else self.position + 1
        value.keep(self.position, end)
        self.position = end

    def _peek(self, ahead: int = 0) -> str:
        return self._text[self.position + ahead : self.position + ahead + 1]

    def _name(self) -> str:
        """Read a name: letters, digits and `_`, or only digits, or one of the shell's special parameters."""
        start = self.position
        first = self._peek()
        if first in _SPECIAL and first and first != "0":
            self.position += 1
            return first
        part = str.isdecimal if first.isdecimal() else _in_name
        while self.position < len(self._text) and part(self._text[self.position]):
            self.position += 1
        return self._text[start : self.position]


def _in_name(character: str) -> bool:
    return character.isalpha() or character.isdecimal() or character == "_"


def _edited(value: Text, operator: str, pattern: str, twice: bool, replacement: Text) -> Text:
    written = str(value)
    if len(written) > LONGEST // 8 or len(pattern) * len(written) > LONGEST * 16:
        raise Refused("a pattern and a value that long are not compared")
    wanted = tokens(pattern)
    if operator == "#":
        return value.cut(prefix(wanted, written, longest=twice), len(written))
    if operator == "%":
        return value.cut(0, len(written) - suffix(wanted, written, longest=twice))
    pieces, position = [], 0
    for start, end in matches(wanted, written):
        pieces += [value.cut(position, start), replacement]
        position = end
        if not twice:
            break
    return Text.join([*pieces, value.cut(position, len(written))])
