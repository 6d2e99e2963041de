"""Functions of Helm's templates that a reference may be made with; pieces keep their places.

https://helm.sh/docs/chart_template_guide/function_list/
"""

import re
from collections.abc import Callable

from planner.formats._chart_scope import Arguments, Listed, Scope, Unknown, Value, truth
from planner.model.source import Text

_VERB = re.compile(r"%(?:[svdq]|%)|%")
_NUMBER = re.compile(r"-?\d{1,4}\Z", re.ASCII)
_LONGEST = 2000  # characters of what a template makes; a longer text is no reference

Function = Callable[[Scope, list[Value]], Value]


def call(scope: Scope, name: str, arguments: list[Value]) -> Value:
    """Return what a function makes of its arguments; the piped one is the last."""
    function = _FUNCTIONS.get(name)
    least, most = _COUNTS.get(name, (1, 1))
    if function is None or not least <= len(arguments) <= most:
        return Unknown()
    return function(scope, arguments)


def joined(pieces: list[Text | Unknown]) -> Text | Unknown:
    """Return the pieces as one text, or the first that is not known."""
    texts: list[Text] = []
    for piece in pieces:
        if isinstance(piece, Unknown):
            return piece
        texts.append(piece)
    text = Text.join(texts)
    return text if len(text) <= _LONGEST else Unknown()


def first_filled(scope: Scope, values: list[Value]) -> Value:
    """Return the first value that is set, else the last; it is not known when one before it is not."""
    for value in values[:-1]:
        empty = scope.empty(value)
        if empty is None:
            return scope.lacking(value)
        if not empty:
            return value
    return values[-1]


def _same(scope: Scope, arguments: list[Value]) -> Value:
    """Return a value that quotes or a change of type leave as it is: YAML takes the quotes away again."""
    return scope.printed(arguments[-1])


def _trim(scope: Scope, arguments: list[Value]) -> Value:
    text = scope.printed(arguments[-1])
    return text.strip() if isinstance(text, Text) else text


def _default(scope: Scope, arguments: list[Value]) -> Value:
    return first_filled(scope, arguments[::-1])


def _coalesce(scope: Scope, arguments: list[Value]) -> Value:
    return first_filled(scope, arguments)


def _required(_scope: Scope, arguments: list[Value]) -> Value:
    return arguments[1]


def _print(scope: Scope, arguments: list[Value]) -> Value:
    return joined([scope.printed(each) for each in arguments])


def _printf(scope: Scope, arguments: list[Value]) -> Value:
    pattern, values = arguments[0], arguments[1:]
    if not isinstance(pattern, Text):
        return Unknown()
    pieces: list[Text | Unknown] = []
    position = 0
    for match in _VERB.finditer(str(pattern)):
        pieces.append(pattern.cut(position, match.start()))
        position = match.end()
        if match[0] == "%%":
            pieces.append(Text.of("%"))
        elif len(match[0]) == 1 or not values:
            return Unknown()
        else:
            pieces.append(scope.printed(values[0]))
            values = values[1:]
    return joined([*pieces, pattern.cut(position, len(pattern))]) if not values else Unknown()


def _dict(_scope: Scope, arguments: list[Value]) -> Value:
    names, values = arguments[::2], arguments[1::2]
    if len(names) != len(values) or not all(isinstance(name, Text) for name in names):
        return Unknown()
    return Arguments({str(name): value for name, value in zip(names, values, strict=True)})


def _index(scope: Scope, arguments: list[Value]) -> Value:
    value = arguments[0]
    for key in arguments[1:]:
        if not isinstance(key, Text):
            return Unknown()
        value = _item(value, str(key)) if isinstance(value, Listed) else scope.member(value, f".{key}")
    return value


def _item(value: Listed, key: str) -> Value:
    number = int(key) if _NUMBER.match(key) else len(value.items)
    return value.items[number] if number < len(value.items) else Unknown()


def _ternary(scope: Scope, arguments: list[Value]) -> Value:
    empty = scope.empty(arguments[2])
    return scope.lacking(arguments[2]) if empty is None else arguments[1 if empty else 0]


def _empty(scope: Scope, arguments: list[Value]) -> Value:
    empty = scope.empty(arguments[0])
    return scope.lacking(arguments[0]) if empty is None else truth(empty)


def _and(scope: Scope, arguments: list[Value]) -> Value:
    for value in arguments[:-1]:
        empty = scope.empty(value)
        if empty is None:
            return scope.lacking(value)
        if empty:
            return value
    return arguments[-1]


def _equal(scope: Scope, arguments: list[Value]) -> Value:
    texts = [scope.printed(each) for each in arguments]
    unknown = next((text for text in texts if isinstance(text, Unknown)), None)
    return unknown or truth(any(str(text) == str(texts[0]) for text in texts[1:]))


def _unequal(scope: Scope, arguments: list[Value]) -> Value:
    equal = _equal(scope, arguments)
    return equal if isinstance(equal, Unknown) else truth(str(equal) == "false")


def _has_prefix(scope: Scope, arguments: list[Value]) -> Value:
    return _compared(scope, arguments, str.startswith)


def _has_suffix(scope: Scope, arguments: list[Value]) -> Value:
    return _compared(scope, arguments, str.endswith)


def _contains(scope: Scope, arguments: list[Value]) -> Value:
    return _compared(scope, arguments, str.__contains__)


def _compared(scope: Scope, arguments: list[Value], holds: Callable[[str, str], bool]) -> Value:
    part, text = (scope.printed(each) for each in arguments)
    if isinstance(part, Unknown) or isinstance(text, Unknown):
        return Unknown()
    return truth(holds(str(text), str(part)))


def _changed(change: Callable[[str], str]) -> Function:
    """Return a function that changes the letters of a text; one that it leaves as it is keeps its places."""

    def function(scope: Scope, arguments: list[Value]) -> Value:
        text = scope.printed(arguments[0])
        if isinstance(text, Unknown) or (made := change(str(text))) == str(text):
            return text
        return Text.of(made)

    return function


def _camel_case(text: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[-_.\s]+", text))


def _untitled(text: str) -> str:
    return re.sub(r"(?<!\S)\w", lambda match: match[0].lower(), text)


def _truncated(scope: Scope, arguments: list[Value]) -> Value:
    """Return the first characters of a text, or the last where the number is negative."""
    number, text = (scope.printed(each) for each in arguments)
    if isinstance(text, Unknown) or not _NUMBER.match(str(number)):
        return text if isinstance(text, Unknown) else Unknown()
    count = int(str(number))
    return text.cut(0, count) if count >= 0 else text.cut(max(len(text) + count, 0), len(text))


def _replaced(scope: Scope, arguments: list[Value]) -> Value:
    """Return a text with another part in place of one; where that is not in it, the text keeps its places."""
    old, new, text = (scope.printed(each) for each in arguments)
    unknown = next((each for each in (old, new, text) if isinstance(each, Unknown)), None)
    if unknown or isinstance(text, Unknown) or str(old) not in str(text):
        return unknown or text
    made = str(text).replace(str(old), str(new))
    return Text.of(made) if len(made) <= _LONGEST else Unknown()


def _without_prefix(scope: Scope, arguments: list[Value]) -> Value:
    part, text = (scope.printed(each) for each in arguments)
    if isinstance(part, Unknown) or isinstance(text, Unknown):
        return text if isinstance(text, Unknown) else part
    return text.cut(len(part), len(text)) if str(text).startswith(str(part)) else text


def _without_suffix(scope: Scope, arguments: list[Value]) -> Value:
    part, text = (scope.printed(each) for each in arguments)
    if isinstance(part, Unknown) or isinstance(text, Unknown):
        return text if isinstance(text, Unknown) else part
    return text.cut(0, len(text) - len(part)) if str(text).endswith(str(part)) else text


_FUNCTIONS: dict[str, Function] = {
    "quote": _same, "squote": _same, "toString": _same, "trim": _trim, "default": _default,
    "coalesce": _coalesce, "or": _coalesce, "and": _and, "required": _required, "print": _print,
    "printf": _printf, "dict": _dict, "index": _index, "get": _index, "ternary": _ternary, "empty": _empty,
    "not": _empty, "eq": _equal, "ne": _unequal, "hasPrefix": _has_prefix, "trimPrefix": _without_prefix,
    "trimSuffix": _without_suffix, "hasSuffix": _has_suffix, "contains": _contains,
    "lower": _changed(str.lower), "upper": _changed(str.upper), "camelcase": _changed(_camel_case),
    "untitle": _changed(_untitled), "trunc": _truncated, "replace": _replaced,
}  # fmt: skip
_ANY = 20
_COUNTS = {
    "default": (2, 2), "coalesce": (1, _ANY), "or": (1, _ANY), "and": (1, _ANY), "required": (2, 2),
    "print": (1, _ANY), "printf": (1, _ANY), "dict": (0, _ANY), "index": (2, _ANY), "get": (2, 2),
    "ternary": (3, 3), "eq": (2, _ANY), "ne": (2, 2), "hasPrefix": (2, 2), "trimPrefix": (2, 2),
    "trimSuffix": (2, 2), "hasSuffix": (2, 2), "contains": (2, 2), "trunc": (2, 2), "replace": (3, 3),
}  # fmt: skip
