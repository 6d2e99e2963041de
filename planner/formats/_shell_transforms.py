"""`${V%.*}`, `${V##*/}`, `${V/a/b}`, `${V:0:3}`, `${V,,}`: what a shell makes of a value that is known.

What is cut keeps its place; what is put in or changed stands nowhere.

https://www.gnu.org/software/bash/manual/html_node/Shell-Parameter-Expansion.html
"""

import re
from collections.abc import Callable

from planner.model.source import Text

_LONGEST = 300  # characters of a value; no reference is as long, and patterns are tried at every place of it
_STARS = 1  # in a pattern; more could be tried in too many ways
_OPERATOR = re.compile(r"%%|%|##|#|//|/[#%]?|:|\^\^|,,|\^|,")
_SLICE = re.compile(r":\s*+(\(?\s*+-?[0-9]{1,9}+\s*+\)?|)\s*+(?::\s*+(-?[0-9]{1,9}+)\s*+)?\Z")
_GLOB = re.compile(r"\\(.)|\*|\?|\[[!^]?[^\]]+\]|.", re.DOTALL)
_UNKNOWN = re.compile(r"[$`'\"(]")  # in a pattern: it is made when the script runs

Transform = Callable[[Text], Text | None]  # None where the value cannot be known


def transform(operation: str) -> Transform | None:
    """Return what `%.*` and its like, the part of an expansion after the name, do; None if not known."""
    operator = _OPERATOR.match(operation)
    rest = operation[operator.end() :] if operator else ""
    if not operator or _UNKNOWN.search(rest) or rest.count("*") > _STARS:
        return None
    match operator[0]:
        case "%" | "%%":
            return _without_end(rest, longest=operator[0] == "%%")
        case "#" | "##":
            return _without_start(rest, longest=operator[0] == "##")
        case ":":
            return _slice(operation)
        case "^" | "^^" | "," | ",,":
            return _cased(operator[0]) if not rest else None
        case _:
            return _replaced(operator[0], rest)


def _short(change: Transform) -> Transform:
    return lambda value: change(value) if len(value) <= _LONGEST else None


def _compiled(glob: str) -> re.Pattern[str]:
    return re.compile("".join(map(_piece, _GLOB.finditer(glob))), re.DOTALL)


def _piece(token: "re.Match[str]") -> str:
    if token[1]:
        return re.escape(token[1])
    match token[0]:
        case "*":
            return ".*"
        case "?":
            return "."
    if len(token[0]) > 1:
        inside = token[0][1:-1].replace("\\", "\\\\").replace("[", "\\[").replace("&&", "&\\&")
        return f"[{'^' + inside[1:] if inside[0] in '!^' else inside}]"
    return re.escape(token[0])


def _pattern(glob: str) -> re.Pattern[str] | None:
    try:
        return _compiled(glob)
    except re.error:
        return None


def _without_end(glob: str, *, longest: bool) -> Transform | None:
    pattern = _pattern(glob)

    def change(value: Text) -> Text:
        string = str(value)
        places = range(len(string) + 1) if longest else range(len(string), -1, -1)
        found = (place for place in places if pattern and pattern.fullmatch(string, place))
        return value.cut(0, next(found, len(string)))

    return _short(change) if pattern else None


def _without_start(glob: str, *, longest: bool) -> Transform | None:
    pattern = _pattern(glob)

    def change(value: Text) -> Text:
        string = str(value)
        places = range(len(string), -1, -1) if longest else range(len(string) + 1)
        found = (place for place in places if pattern and pattern.fullmatch(string, 0, place))
        return value.cut(next(found, 0), len(string))

    return _short(change) if pattern else None


def _replaced(operator: str, rest: str) -> Transform | None:
    """Read `/from/to`, `//from/to` (all), `/#from/to` (at the start) and `/%from/to` (at the end)."""
    split = re.match(r"((?:[^/\\]|\\.)*+)(?:/(.*))?\Z", rest, re.DOTALL)
    pattern = _pattern(split[1]) if split and split[1] else None
    if split is None or pattern is None:
        return None
    to = Text.of(split[2] or "")
    anchored = {"/#": rf"\A(?:{pattern.pattern})", "/%": rf"(?:{pattern.pattern})\Z"}.get(operator)
    searched = re.compile(anchored, re.DOTALL) if anchored else pattern

    def change(value: Text) -> Text:
        pieces: list[Text] = []
        position = 0
        for match in searched.finditer(str(value)):
            if match.end() > match.start():
                pieces += value.cut(position, match.start()), to
                position = match.end()
                if operator != "//":
                    break
        return Text.join((*pieces, value.cut(position, len(value))))

    return _short(change)


def _slice(operation: str) -> Transform | None:
    numbers = _SLICE.match(operation)
    if numbers is None:
        return None
    start = int(numbers[1].strip("() ") or 0)
    length = int(numbers[2]) if numbers[2] else None

    def change(value: Text) -> Text:
        size = len(value)
        low = min(max(start + size if start < 0 else start, 0), size)
        high = size if length is None else length + (size if length < 0 else low)
        return value.cut(low, max(min(high, size), low))

    return _short(change)


def _cased(operator: str) -> Transform:
    change = str.upper if operator[0] == "^" else str.lower

    def cased(value: Text) -> Text:
        string = str(value)
        result = change(string) if len(operator) == 2 else change(string[:1]) + string[1:]
        return value if result == string else Text.of(result)

    return _short(cased)
