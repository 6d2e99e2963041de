"""Values of HCL: a scalar is a `Word`; lists, objects, and values of which one counts."""

import json
from collections.abc import Iterator

from msgspec import Struct

from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word
from planner.model.source import Text

ABSENT = "is not set where it is defined"
MOST_ITEMS = 2_000  # of a list; concatenating lists to themselves must not fill the memory
_LONGEST = 500_000  # characters of a value written as JSON
_DEPTH = 40  # of values in values


class Items(Struct, frozen=True):
    """A list."""

    items: "tuple[Result, ...]" = ()


class Fields(Struct, frozen=True):
    """An object or a map."""

    fields: "tuple[tuple[str, Result], ...]" = ()

    def get(self, name: str) -> "Result | None":
        """Return what stands under a key; the last of equal keys counts."""
        return next((value for key, value in reversed(self.fields) if key == name), None)


class Either(Struct, frozen=True):
    """Values of which one counts: the branches of a condition, the items of a list whose index is unknown."""

    results: "tuple[Result, ...]"


class Encoded(Struct, frozen=True):
    """A text that another value was written to: `jsonencode(x)`."""

    value: "Result"


Result = Word | Items | Fields | Either | Encoded


def unknown(written: Text, name: str, problem: str) -> Word:
    """Return a scalar that has no value here."""
    return Word((Piece.unknown(written, name or str(written), problem),))


def scalar(text: Text) -> Word:
    """Return a known scalar."""
    return Word.literal(text) if text else Word((), quoted=True)


def alternatives(result: "Result | None") -> "Iterator[Result]":
    """Yield the values of which one counts; a value by itself is the only one."""
    if isinstance(result, Either):
        for each in result.results:
            yield from alternatives(each)
    elif result is not None:
        yield result


def either(results: "list[Result]", written: Text) -> "Result":
    """Return one of several values; several scalars become one word with as many choices."""
    distinct = list(dict.fromkeys(each for result in results for each in alternatives(result)))[:MOST_CHOICES]
    if len(distinct) == 1:
        return distinct[0]
    found = [each for each in distinct if isinstance(each, Word)]
    if distinct and len(found) == len(distinct):
        return merged(found, written)
    return Either(tuple(distinct))


def merged(found: list[Word], written: Text) -> Word:
    """Return a word with the choices of several."""
    values = tuple(dict.fromkeys(value for word in found for value in word.choices()))[:MOST_CHOICES]
    return Word((Piece(written, values or (Value(Text()),), str(written)),), quoted=True)


def words(result: "Result | None") -> Iterator[Word]:
    """Yield the scalars that a value can be."""
    for each in alternatives(result):
        if isinstance(each, Word):
            yield each
        elif isinstance(each, Encoded):
            yield scalar(json_text(each.value))


def members(result: "Result | None") -> "Iterator[tuple[str, Result]]":
    """Yield the entries of an object by key, or those of a list by index; of anything else none."""
    for each in alternatives(result):
        if isinstance(each, Fields):
            yield from each.fields
        elif isinstance(each, Items):
            yield from ((str(index), item) for index, item in enumerate(each.items))


def select(result: "Result | None", *path: str) -> "Iterator[Result]":
    """Yield what stands at the end of a path of keys; the key `*` is every entry, of a list or an object."""
    found = list(alternatives(result))
    for key in path:
        below = [value for each in found for name, value in members(each) if key in ("*", name)]
        found = [each for value in below for each in alternatives(value)][:MOST_ITEMS]
    yield from found


def flattened(result: "Result", name: str, depth: int = 0) -> Iterator[tuple[str, Text]]:
    """Yield the known scalars of a value by dotted name: `images.web`; of several choices the first."""
    if isinstance(result, Word):
        if result.known and not any(len(piece.values) > 1 for piece in result.pieces):
            yield name, next(result.choices(), Value(Text())).text
    elif depth < _DEPTH:
        for key, value in members(result):
            yield from flattened(value, f"{name}.{key}", depth + 1)


def json_text(result: "Result") -> Text:
    """Return a value as JSON, each text in it with its place; an unknown one as it is written."""
    pieces: list[Text] = []
    room = _LONGEST
    for piece in _json(result, 0):
        room -= len(piece)
        if room < 0:
            break
        pieces.append(piece)
    return Text.join(pieces)


def _json(result: "Result", depth: int) -> Iterator[Text]:
    if depth > _DEPTH:
        yield Text.of("null")
        return
    match result:
        case Word():
            yield from _string(next(result.choices(), Value(Text())).text)
        case Items(items):
            yield Text.of("[")
            for index, item in enumerate(items):
                yield Text.of(", " if index else "")
                yield from _json(item, depth + 1)
            yield Text.of("]")
        case Fields(fields):
            yield Text.of("{")
            for index, (key, value) in enumerate(fields):
                yield Text.of((", " if index else "") + json.dumps(key) + ": ")
                yield from _json(value, depth + 1)
            yield Text.of("}")
        case Either(results):
            yield from _json(results[0], depth + 1) if results else (Text.of("null"),)
        case Encoded(value):
            yield from _string(json_text(value)) if depth < 2 else (Text.of("null"),)  # of texts in texts


def _string(text: Text) -> Iterator[Text]:
    """Yield a string in quotes; characters that JSON escapes lose their place."""
    yield Text.of('"')
    for run in text.runs:
        plain = json.dumps(run.text, ensure_ascii=False)[1:-1]
        if plain == run.text:
            yield Text((run,))
        else:
            yield from _escaped(Text((run,)))
    yield Text.of('"')


def _escaped(text: Text) -> Iterator[Text]:
    string, position = str(text), 0
    for index, character in enumerate(string):
        if character in '"\\' or character < " ":
            yield text.cut(position, index)
            yield Text.of(json.dumps(character)[1:-1])
            position = index + 1
    yield text.cut(position, len(string))
