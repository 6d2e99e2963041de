"""Functions of HCL that texts, lists and objects are made with; what any other gives is not known.

https://developer.hashicorp.com/terraform/language/functions
"""

import re
from collections.abc import Callable, Sequence

from planner.formats._hcl_decoding import decoded
from planner.formats._hcl_strings import changed, replaced, stripped, without_prefix, without_suffix
from planner.formats._hcl_values import (
    ABSENT,
    MOST_ITEMS,
    Encoded,
    Fields,
    Items,
    Result,
    alternatives,
    either,
    members,
    merged,
    scalar,
    select,
    unknown,
    words,
)
from planner.formats._shell_words import Piece, Value, Word
from planner.model.source import Text

Function = Callable[[Sequence[Result], Text], Result]

_VERB = re.compile(r"%(?:(?P<plain>[svdgq])|(?P<percent>%)|[^%a-zA-Z]*[a-zA-Z])")
_READERS = frozenset({"file", "templatefile", "filebase64", "fileset", "abspath"})


def call(function: str, arguments: Sequence[Result], written: Text) -> Result:
    """Return what a function makes of its arguments; `written` is the call."""
    known = _FUNCTIONS.get(function.removeprefix("core::"))
    if known is not None and arguments:
        return known(arguments, written)
    what = "reads another file" if function in _READERS else "is computed when it is applied"
    return unknown(written, "", f"{written} {what}")


def _first(arguments: Sequence[Result], _: Text) -> Result:
    return arguments[0]


def _format(arguments: Sequence[Result], written: Text) -> Result:
    pattern = next(words(arguments[0]), Word())
    if not pattern.known:
        return pattern
    rest = list(arguments[1:])
    pieces: list[Piece] = []
    position, text = 0, str(pattern)
    for match in _VERB.finditer(text):
        pieces += pattern.cut(position, match.start()).pieces
        position = match.end()
        if match["percent"]:
            pieces.append(Piece.literal(Text.of("%")))
        elif rest and match["plain"]:
            pieces += _pieces(rest.pop(0), written)
        else:
            return unknown(written, "", f"{written} is computed when it is applied")
    return Word((*pieces, *pattern.cut(position).pieces), quoted=True)


def _pieces(result: Result, written: Text) -> tuple[Piece, ...]:
    """Return a scalar as the pieces of a longer one."""
    found = list(words(result))
    if not found:
        return unknown(written, "", f"{written} is made of what is no text").pieces
    return found[0].pieces if len(found) == 1 else merged(found, written).pieces


def _join(arguments: Sequence[Result], written: Text) -> Result:
    if len(arguments) < 2:  # the separator, and a list
        return arguments[0]
    lists = list(alternatives(arguments[1]))
    if not all(isinstance(each, Items | Fields) for each in lists):
        return unknown(written, "", f"{written} joins a list that is not known")
    joined: list[Result] = []
    for each in lists:
        pieces: list[Piece] = []
        for _, item in members(each):
            pieces += _pieces(arguments[0], written) if pieces else ()
            pieces += _pieces(item, written)
        joined.append(Word(tuple(pieces), quoted=True))
    return either(joined, written)


def _coalesce(arguments: Sequence[Result], written: Text) -> Result:
    """Return the first that is set; what is not known may be."""
    found: list[Result] = []
    for argument in arguments:
        if _empty(argument):
            continue
        found.append(argument)
        if _known(argument):
            break
    return either(found, written) if found else scalar(Text())


def _empty(result: Result) -> bool:
    return isinstance(result, Word) and result.known and not any(value.text for value in result.choices())


def _known(result: Result) -> bool:
    return not isinstance(result, Word) or (result.known and all(value.text for value in result.choices()))


def _try(arguments: Sequence[Result], written: Text) -> Result:
    """Return the first that is known, with those before it that may be; what is absent fails."""
    found: list[Result] = []
    for argument in arguments:
        if _absent(argument) and argument is not arguments[-1]:
            continue
        found.append(argument)
        if not isinstance(argument, Word) or argument.known:
            break
    return either(found, written)


def _absent(result: Result) -> bool:
    problems = [value.problem for value in result.choices()] if isinstance(result, Word) else [""]
    return all(problem.endswith(ABSENT) for problem in problems)


def _lookup(arguments: Sequence[Result], written: Text) -> Result:
    if len(arguments) < 2:  # the map, and a key
        return arguments[0]
    keys = [value for word in words(arguments[1]) for value in word.choices()]
    known = keys and not any(key.problem for key in keys)
    names = [str(key.text) for key in keys] if known else ["*"]
    found = [each for name in names for each in select(arguments[0], name)]
    if not found or not known:
        found += arguments[2:3]
    return either(found, written) if found else unknown(written, "", f"{written} finds no such key")


def _element(arguments: Sequence[Result], written: Text) -> Result:
    items = [value for _, value in members(arguments[0])]
    index = next(words(arguments[1]), Word()) if len(arguments) > 1 else Word()
    if not items:
        return unknown(written, "", f"{written} is an item of a list that is not known")
    if index.known and str(index).isdecimal() and len(str(index)) < 9:  # digits; no list is longer
        return items[int(str(index)) % len(items)]
    return either(items, written)


def _each(change: Callable[[Text, list[str]], Text]) -> Function:
    """Return a function that changes a text, with other arguments as texts."""

    def apply(arguments: Sequence[Result], written: Text) -> Result:
        others = [next(words(argument), None) for argument in arguments[1:]]
        if not all(other is not None and other.known for other in others):
            return unknown(written, "", f"{written} is computed when it is applied")
        texts = [str(other) for other in others]
        values = [
            value if value.problem else Value(change(value.text, texts), value.trail)
            for word in words(arguments[0])
            for value in word.choices()
        ]
        if not values:
            return unknown(written, "", f"{written} is made of what is no text")
        return Word((Piece(written, tuple(values), str(written)),), quoted=True)

    return apply


def _concat(arguments: Sequence[Result], _: Text) -> Result:
    return Items(tuple(value for argument in arguments for _, value in members(argument))[:MOST_ITEMS])


def _flatten(arguments: Sequence[Result], _: Text) -> Result:
    found: list[Result] = []
    waiting = [value for _, value in members(arguments[0])][::-1]
    while waiting and len(found) < MOST_ITEMS:
        item = waiting.pop()
        if isinstance(item, Items):
            waiting.extend(reversed(item.items))
        else:
            found.append(item)
    return Items(tuple(found))


def _merge(arguments: Sequence[Result], _: Text) -> Result:
    """Return the entries of all; of equal keys the last, and those of both branches of a condition."""
    fields: dict[str, Result] = {}
    for argument in arguments:
        branches = list(alternatives(argument))
        for branch in branches:
            for key, value in members(branch):
                several = len(branches) > 1 and key in fields
                fields[key] = either([fields[key], value], Text.of(key)) if several else value
    return Fields(tuple(fields.items())[:MOST_ITEMS])


def _values(arguments: Sequence[Result], _: Text) -> Result:
    return Items(tuple(value for _, value in members(arguments[0])))


def _keys(arguments: Sequence[Result], _: Text) -> Result:
    return Items(tuple(scalar(Text.of(key)) for key, _ in members(arguments[0])))


def _split(arguments: Sequence[Result], written: Text) -> Result:
    parts = [next(words(argument), Word()) for argument in arguments[:2]]
    if len(parts) < 2 or not str(parts[0]) or not all(part.known for part in parts):  # separator and text
        return unknown(written, "", f"{written} is computed when it is applied")
    return Items(tuple(parts[1].split(str(parts[0]))[:MOST_ITEMS]))


def _one(arguments: Sequence[Result], written: Text) -> Result:
    found = [value for _, value in members(arguments[0])]
    return either(found, written) if found else arguments[0]


def _encoded(arguments: Sequence[Result], _: Text) -> Result:
    return Encoded(arguments[0])


def _decoded(arguments: Sequence[Result], written: Text) -> Result:
    """Return what was encoded, or what a text says."""
    found: list[Result] = []
    for each in alternatives(arguments[0]):
        if isinstance(each, Encoded):
            found.append(each.value)
        elif isinstance(each, Word) and each.known:
            found.append(decoded(next(each.choices(), Value(Text())).text))
    return (
        either(found, written) if found else unknown(written, "", f"{written} is computed when it is applied")
    )


_FUNCTIONS: dict[str, Function] = {
    **dict.fromkeys(
        ("tostring", "tolist", "toset", "tomap", "sensitive", "nonsensitive", "distinct", "sort",
         "reverse", "ephemeralasnull"),
        _first,
    ),
    "format": _format,
    "join": _join,
    "coalesce": _coalesce,
    "coalescelist": _coalesce,
    "try": _try,
    "lookup": _lookup,
    "element": _element,
    "get_env": lambda arguments, written: (
        arguments[1] if len(arguments) > 1 else unknown(written, "", f"{written} is the environment's")
    ),
    "base64encode": _first,  # what is encoded is a script or a file: what matters stands in it as it is
    "base64gzip": _first,
    "replace": _each(replaced),
    "lower": _each(lambda text, _: changed(text, str(text).lower())),
    "upper": _each(lambda text, _: changed(text, str(text).upper())),
    "trimspace": _each(lambda text, _: text.strip()),
    "chomp": _each(lambda text, _: text.cut(0, len(str(text).rstrip("\r\n")))),
    "trimprefix": _each(without_prefix),
    "trimsuffix": _each(without_suffix),
    "trim": _each(stripped),
    "concat": _concat,
    "flatten": _flatten,
    "compact": _flatten,
    "merge": _merge,
    "values": _values,
    "keys": _keys,
    "split": _split,
    "one": _one,
    "jsonencode": _encoded,
    "yamlencode": _encoded,
    "jsondecode": _decoded,
    "yamldecode": _decoded,
}  # fmt: skip
