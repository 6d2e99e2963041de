"""References of make in a text: where `$x`, `$(…)` and `${…}` stand."""

import re
from collections.abc import Iterator

_LONGEST = 2000  # characters of a reference
_BRACKET = re.compile(r"[(){}]")
_BRACKETS = {"(": ")", "{": "}"}


def references(string: str) -> Iterator[tuple[int, int]]:
    """Yield where `$x`, `$$`, `$(…)` and `${…}` start and stop, none of them in another."""
    if "$" not in string:
        return
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
