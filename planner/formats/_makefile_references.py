"""References of make in a text: where `$x`, `$(…)` and `${…}` stand; what `$(subst …)` makes of a value."""

import re
from collections.abc import Iterator
from functools import lru_cache

from planner.formats._shell_words import Value
from planner.model.source import Text

FUNCTION = re.compile(r"(?P<name>[a-z][a-z-]*)[ \t]+(?P<arguments>.*)\Z", re.DOTALL)
_ONE_WORD = re.compile(r"[\w./:,=@%+-]*\Z")
_LONGEST = 2000  # characters of a reference
_BRACKET = re.compile(r"[(){}]")
_BRACKETS = {"(": ")", "{": "}"}


@lru_cache(maxsize=64)  # the body of a loop or of a function is read again and again
def references(string: str) -> tuple[tuple[int, int], ...]:
    """Return where `$x`, `$$`, `$(…)` and `${…}` start and stop, none of them in another."""
    return tuple(_references(string)) if "$" in string else ()


def _references(string: str) -> Iterator[tuple[int, int]]:
    closing, position = _closings(string), 0
    while (dollar := string.find("$", position)) >= 0:
        opening = string[dollar + 1 : dollar + 2]
        stop = closing.get(dollar + 1, 0) if opening in _BRACKETS else dollar + 2 if opening.strip() else 0
        position = stop or dollar + 1
        if stop and stop - dollar <= _LONGEST:
            yield dollar, stop
        else:
            position = dollar + 1


def _closings(string: str) -> dict[int, int]:
    """Return what follows the bracket that closes each; the two kinds do not mind each other."""
    found: dict[int, int] = {}
    opened: dict[str, list[int]] = {")": [], "}": []}
    for match in _BRACKET.finditer(string):
        bracket = match[0]
        if bracket in _BRACKETS:
            opened[_BRACKETS[bracket]].append(match.start())
        elif opened[bracket]:
            found[opened[bracket].pop()] = match.end()
    return found


def itself(name: str, value: Text) -> tuple[int, int] | None:
    """Return where a value names the variable that it is set to."""
    found = re.search(rf"\$(?:\({re.escape(name)}\)|\{{{re.escape(name)}\}})", str(value))
    return found.span() if found else None


def is_word(text: Text) -> bool:
    """Tell whether a value is one word, but for the variables in it."""
    string, begin, pieces = str(text), 0, []
    for dollar, stop in references(string):
        pieces.append(string[begin : dollar + (string[dollar + 1] == "$")])
        begin = stop
        if FUNCTION.match(string, dollar + 2, max(stop - 1, dollar + 2)) and not string.startswith(
            ("shell", "if ", "or ", "strip", "subst"), dollar + 2
        ):
            return False
    pieces.append(string[begin:])
    return all(_ONE_WORD.match(piece) for piece in pieces)


def replaced(value: Value, old: str, new: str) -> Value:
    """Return a value with `new` in place of every `old`."""
    if not old or value.problem:
        return value
    pieces: list[Text] = []
    position = 0
    for match in re.finditer(re.escape(old), str(value.text)):
        pieces += value.text.cut(position, match.start()), Text.of(new)
        position = match.end()
    return Value(Text.join((*pieces, value.text.cut(position, len(value.text)))), value.trail)
