"""Functions of Helm's templates that make lists and maps, or ask what is in them.

https://helm.sh/docs/chart_template_guide/function_list/#lists-and-list-functions
"""

import re
from itertools import chain, pairwise

from planner.formats._chart_functions import Function, joined
from planner.formats._chart_scope import Arguments, Listed, Merged, Node, Scope, Unknown, Value, truth
from planner.model.source import Text

_MOST = 200  # items of a list, or layers of a map
_MAPS = (Arguments, Merged, Node)


def call(scope: Scope, name: str, arguments: list[Value]) -> Value:
    """Return what a function makes of its arguments; the piped one is the last."""
    function, least = FUNCTIONS[name]
    if len(arguments) < least:
        return Unknown()
    unknown = next((each for each in arguments if isinstance(each, Unknown)), None)
    return unknown or function(scope, arguments)


def _list(_scope: Scope, arguments: list[Value]) -> Value:
    return Listed(tuple(arguments[:_MOST]))


def _items(value: Value) -> tuple[Value, ...] | None:
    return value.items if isinstance(value, Listed) else None


def _append(_scope: Scope, arguments: list[Value]) -> Value:
    items = _items(arguments[0])
    return Unknown() if items is None else Listed((*items, *arguments[1:])[:_MOST])


def _concat(_scope: Scope, arguments: list[Value]) -> Value:
    lists = [each.items for each in arguments if isinstance(each, Listed)]
    return Listed(tuple(chain(*lists))[:_MOST]) if len(lists) == len(arguments) else Unknown()


def _compact(scope: Scope, arguments: list[Value]) -> Value:
    """Return a list without what is empty; it is not known when that is not."""
    items = _items(arguments[0])
    if items is None:
        return Unknown()
    empty = [scope.empty(each) for each in items]
    if None in empty:
        return scope.lacking(items[empty.index(None)])
    return Listed(tuple(each for each, nothing in zip(items, empty, strict=True) if not nothing))


def _first(_scope: Scope, arguments: list[Value]) -> Value:
    items = _items(arguments[0])
    return items[0] if items else Unknown()


def _last(_scope: Scope, arguments: list[Value]) -> Value:
    items = _items(arguments[0])
    return items[-1] if items else Unknown()


def _join(scope: Scope, arguments: list[Value]) -> Value:
    separator, items = arguments[0], _items(arguments[1])
    if items is None or not isinstance(separator, Text):
        return Unknown()
    texts = [scope.printed(each) for each in items]
    between: list[Text | Unknown] = [separator] * (2 * len(texts) - 1) if texts else []
    between[::2] = texts
    return joined(between)


def _split(scope: Scope, arguments: list[Value]) -> Value:
    """Return the pieces of a text by their numbers, as `_0`, `_1`."""
    pieces = _pieces(scope, arguments)
    if isinstance(pieces, Unknown):
        return pieces
    return Arguments({f"_{index}": piece for index, piece in enumerate(pieces)})


def _split_list(scope: Scope, arguments: list[Value]) -> Value:
    pieces = _pieces(scope, arguments)
    return pieces if isinstance(pieces, Unknown) else Listed(tuple(pieces))


def _pieces(scope: Scope, arguments: list[Value]) -> list[Text] | Unknown:
    separator, text = scope.printed(arguments[0]), scope.printed(arguments[1])
    if isinstance(separator, Unknown) or isinstance(text, Unknown):
        return text if isinstance(text, Unknown) else Unknown()
    sign, whole = str(separator), str(text)
    if not sign or whole.count(sign) > _MOST:
        return Unknown()
    ends = [match.span() for match in re.finditer(re.escape(sign), whole)]
    return [text.cut(one[1], two[0]) for one, two in pairwise([(0, 0), *ends, (len(whole), len(whole))])]


def _merge(_scope: Scope, arguments: list[Value]) -> Value:
    return Merged(tuple(arguments[:_MOST])) if all(map(_is_map, arguments)) else Unknown()


def _merge_overwrite(scope: Scope, arguments: list[Value]) -> Value:
    return _merge(scope, arguments[::-1])


def _set(scope: Scope, arguments: list[Value]) -> Value:
    """Return a map with one more name in it."""
    key = arguments[1]
    if not isinstance(key, Text) or len(arguments) != 3:
        return Unknown()
    return _merge(scope, [Arguments({str(key): arguments[2]}), arguments[0]])


def _same(_scope: Scope, arguments: list[Value]) -> Value:
    return arguments[0]


def _is_map(value: Value) -> bool:
    return isinstance(value, _MAPS) or (isinstance(value, Text) and not value)


def _has_key(scope: Scope, arguments: list[Value]) -> Value:
    """Whether a map has a name; what is set to nothing counts as well, and is not told apart here."""
    key = arguments[1]
    if not isinstance(key, Text):
        return Unknown()
    empty = scope.empty(scope.member(arguments[0], f".{key}"))
    return scope.lacking(arguments[0]) if empty is None else truth(not empty)


def _dig(scope: Scope, arguments: list[Value]) -> Value:
    """Return what names lead to in a map, which is the last argument; the one before it is the default."""
    *names, default, value = arguments
    for name in names:
        if not isinstance(name, Text):
            return Unknown()
        value = scope.member(value, f".{name}")
    empty = scope.empty(value)
    return scope.lacking(value) if empty is None else default if empty else value


def _length(scope: Scope, arguments: list[Value]) -> Value:
    value = arguments[0]
    if isinstance(value, Text):
        return Text.of(str(len(value)))
    items = scope.items(value)
    return Unknown() if items is None else Text.of(str(len(items)))


def _is_kind(scope: Scope, arguments: list[Value]) -> Value:
    """Whether a value is of a kind, where what is known of it tells."""
    kind, value = str(scope.printed(arguments[0])), arguments[1]
    asked, empty = _KINDS.get(kind), scope.empty(value)
    if asked is None or empty is None or (asked == "text" and (empty or str(value) == "true")):
        return Unknown()
    if isinstance(value, Text):
        return truth(asked == ("text" if value else "nothing"))
    if isinstance(value, Listed):
        return truth(asked == "list")
    return truth(asked == ("nothing" if empty and isinstance(value, Node) else "map"))


_KINDS = {
    "string": "text", "map": "map", "map[string]interface {}": "map", "slice": "list",
    "[]interface {}": "list", "invalid": "nothing", "<nil>": "nothing",
}  # fmt: skip
FUNCTIONS: dict[str, tuple[Function, int]] = {  # with the fewest arguments each takes
    "list": (_list, 0), "tuple": (_list, 0), "append": (_append, 2), "concat": (_concat, 1),
    "compact": (_compact, 1), "first": (_first, 1), "last": (_last, 1), "join": (_join, 2),
    "split": (_split, 2), "splitList": (_split_list, 2), "merge": (_merge, 1), "mustMerge": (_merge, 1),
    "mergeOverwrite": (_merge_overwrite, 1), "mustMergeOverwrite": (_merge_overwrite, 1), "set": (_set, 3),
    "deepCopy": (_same, 1), "mustDeepCopy": (_same, 1), "hasKey": (_has_key, 2), "dig": (_dig, 3),
    "len": (_length, 1), "kindIs": (_is_kind, 2), "typeIs": (_is_kind, 2),
}  # fmt: skip
