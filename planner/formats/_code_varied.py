"""Names that stand for one string after another: variables of loops, parameters of tests with values.

`for image in [...]`, `@pytest.mark.parametrize("image", [...])`, `it.each([...])("…", (image) => …)`,
`@ValueSource(strings = {...})`, `[InlineData("…")]`, and `tc.image` of a table of cases.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from planner.formats._code_branches import of_branches, of_entry
from planner.formats._code_calls import Argument, Group
from planner.formats._code_settings import default_in
from planner.formats._code_tokens import Kind, Token
from planner.formats._image_fields import versioned
from planner.formats._official_images import is_official
from planner.formats._shell_words import Piece, Value, Word, named
from planner.model.source import Text

if TYPE_CHECKING:
    from planner.formats._code_file import CodeFile

_MOST = 64  # values of a name
_CASES = 2000  # groups among which the cases of a table are
_SITES = 40  # places where a name stands that are read
_HEAD = 10  # tokens of the head of a loop before what it goes through
_NEAR = 24  # groups before a method that may be its attributes
_DEEPEST = 3  # names of names
_LISTS = frozenset(
    {
        "listOf",
        "setOf",
        "arrayOf",
        "of",
        "asList",
        "List",
        "Seq",
        "Set",
        "Array",
        "list",
        "tuple",
        "set",
        "vec",
    }
)
_EACH = frozenset({"forEach", "map", "each", "flatMap"})
_ROWS = frozenset({"InlineData", "TestCase", "Arguments", "DataRow"})
_OPENERS = frozenset("([{")


def varied(file: CodeFile, word: Word, offset: int) -> Word:
    """Return a word with every value that the names in it are given one after another."""
    whole = len(word.pieces) == 1
    pieces = tuple(_filled(file, piece, offset, whole=whole) for piece in word.pieces)
    return replace(word, pieces=pieces) if pieces != word.pieces else word


def _filled(file: CodeFile, piece: Piece, offset: int, *, whole: bool) -> Piece:
    if not piece.name or not piece.values[0].problem:
        return piece
    found = _values(file, piece.name, offset)
    if whole and "." in piece.name:  # tables of cases are full of names that nobody pulls
        found = (value for value in found if versioned(str(value)) or is_official(str(value)))
    values = tuple(islice(dict.fromkeys(found), _MOST))
    if not values and (default := default_in(piece.written)):
        return replace(piece, values=(named(default[0], Value(default[1]), "default"),))
    if not values:
        return piece
    return replace(piece, values=tuple(named(piece.name, Value(value)) for value in values))


def _values(file: CodeFile, name: str, offset: int) -> Iterator[Text]:
    owner, _, field = name.rpartition(".")
    if name == "request.param":
        yield from _of_fixture(file, offset)
    elif owner and "." not in owner and _is_looped(file, owner, offset):
        yield from _of_table(file, field, offset)
    elif not name.isidentifier():
        yield from of_entry(file, name)
    else:
        found = list(_of_calls(file, name, offset)) or list(_of_loops(file, name, offset))
        found = found or list(_of_attributes(file, name, offset))
        yield from found or of_branches(file, name, offset)


class Sites:
    """Where a name of a file is the variable of a loop, or the parameter of what is called for each item."""

    def __init__(self, file: CodeFile, name: str) -> None:
        self.places = file.names.get(name, ())
        self.looped = [index for index in self.places if _looped(file, index)]
        varied = {index: tuple(_at_site(file, index)) for index in self.places}
        self.values = {index: found for index, found in varied.items() if found}
        self.varied = list(self.values)


def _sites(file: CodeFile, name: str) -> Sites:
    """Return the places of a name, which are looked for once for all its uses."""
    found = file.sites.get(name)
    if found is None:
        found = file.sites[name] = Sites(file, name)
    return found


def _nearest(file: CodeFile, places: Sequence[int], chosen: Sequence[int], offset: int) -> int:
    """Return the last of the chosen places before an offset, -1 where none is among the nearest of all."""

    def start(index: int) -> int:
        return file.tokens[index].start

    at = bisect_left(chosen, offset, key=start) - 1
    if at < 0:
        return -1
    near = bisect_left(places, offset, key=start) - bisect_left(places, chosen[at]) <= _SITES
    return chosen[at] if near else -1


def _of_loops(file: CodeFile, name: str, offset: int) -> tuple[Text, ...]:
    """Read `for x in […]`, `for (const x of […])`, `for _, x := range …`, `[…].forEach((x) => …)`."""
    sites = _sites(file, name)
    return sites.values.get(_nearest(file, sites.places, sites.varied, offset), ())


def _at_site(file: CodeFile, index: int) -> Iterator[Text]:
    begin = _looped(file, index)
    yield from islice(_items(file, begin) if begin else _of_lambda(file, index), _CASES)


def _looped(file: CodeFile, index: int) -> int:
    """Return where begins what a loop goes through whose variable stands here; 0 for none."""
    tokens = file.tokens
    before = bisect_left(file.loops, index)
    if not before or file.loops[before - 1] < index - _HEAD:
        return 0
    for place in range(index + 1, min(index + 4, len(tokens) - 1)):
        text = tokens[place].text
        if text in ("in", "of", "range") or (text == ":" and tokens[place + 1].text != "="):
            return place + 1
        if text not in (":", "=", ")"):
            break
    return 0


def _is_looped(file: CodeFile, name: str, offset: int) -> bool:
    sites = _sites(file, name)
    return _nearest(file, sites.places, sites.looped, offset) >= 0


def _of_lambda(file: CodeFile, index: int) -> Iterator[Text]:
    """Read what the parameter of a function stands for that a list or a table of cases calls."""
    groups = list(islice(file.around(index), 2)) if file.has_arrows else []
    if not groups:
        return
    inner = groups[0]
    is_list = inner.bracket == "(" and inner.method in ("", "async", "function") and len(groups) > 1
    call = groups[1] if is_list else inner
    after = (inner.closed if is_list else index) + 1
    arrow = file.tokens[after : after + 2]
    if [token.text for token in arrow] != ["=", ">"]:
        return
    place = sum(each.start < file.tokens[index].start for each in inner.arguments) - 1 if is_list else 0
    before = file.closing.get(call.opened - 1)
    if before is not None and before.method == "each" and before.arguments:
        yield from _items(file, _at(file, before.arguments[0]), max(place, 0))
    elif call.method in _EACH:
        yield from _items(file, file.place(call) if not call.name.startswith(".") else _begin(file, call))


def _begin(file: CodeFile, call: Group) -> int:
    """Return which token a list begins with that a method is called on."""
    before = file.closing.get(call.opened - 3)
    return before.opened if before is not None else 0


def _at(file: CodeFile, argument: Argument) -> int:
    return bisect_left(file.tokens, argument.start, key=lambda token: token.start)


def _of_calls(file: CodeFile, name: str, offset: int) -> Iterator[Text]:
    """Read the nearest `parametrize("x,y", […])` before."""
    for call in reversed(file.named_calls("parametrize", offset)[-_SITES:]):
        first, second = call.positional(0), call.positional(1)
        if first is None or second is None or not first.tokens or first.tokens[0].kind is not Kind.STRING:
            continue
        names = [each.strip() for each in first.tokens[0].text.split(",")]
        if name in names:
            yield from _items(file, _at(file, second), names.index(name))
            return


def _of_fixture(file: CodeFile, offset: int) -> Iterator[Text]:
    for call in reversed(file.named_calls("fixture", offset)[-_SITES:]):
        if (given := call.keyword("params")) is not None:
            yield from _items(file, _at(file, given))
            return


def _of_attributes(file: CodeFile, name: str, offset: int) -> Iterator[Text]:
    """Read `@ValueSource(strings = {…})` and `[InlineData(…)]` before a method with such a parameter."""
    declared = [start for start, _ in file.parameters(name) if start < offset]
    if not declared:
        return
    last = bisect_left(file.groups, declared[-1], key=lambda group: group.start)
    method = next((each for each in file.groups[last : last + 3] if each.start == declared[-1]), None)
    place = _position(method, name) if method is not None else 0
    for group in file.groups[max(last - _NEAR, 0) : last]:
        if group.method == "ValueSource" and (given := group.keyword("strings")) is not None:
            yield from _items(file, _at(file, given))
        elif group.method in _ROWS and len(group.arguments) > place:
            yield from _text(file, group.arguments[place].tokens)


def _position(method: Group, name: str) -> int:
    for place, argument in enumerate(method.arguments):
        if name == argument.name or any(token.text == name for token in argument.tokens):
            return place
    return 0


def _of_table(file: CodeFile, field: str, offset: int) -> Iterator[Text]:
    """Read the fields of the cases that stand in the same function."""
    index = bisect_left(file.tokens, offset, key=lambda token: token.start)
    above = [group for group in file.around(index) if group.bracket == "{"]
    if not above:
        return
    first = bisect_left(file.groups, above[-1].opened, key=lambda group: group.opened)
    for group in file.groups[first : first + _CASES]:
        if group.start > offset:
            return
        if group.bracket == "{" and (given := group.keyword(field)) is not None:
            yield from _text(file, given.tokens)


def _items(file: CodeFile, begin: int, place: int = 0, depth: int = 0) -> Iterator[Text]:
    """Yield the strings of a list that begins at a token; of rows of several, those in their place."""
    if not begin or begin >= len(file.tokens) or depth > _DEEPEST:
        return
    token = file.tokens[begin]
    group = _list_at(file, begin)
    if group is None:
        places = file.places.get(token.text, ()) if token.kind is Kind.NAME else ()
        if len(places) == 1:
            yield from _items(file, places[0], place, depth + 1)
        return
    for argument in islice(group.arguments, _MOST):
        yield from _item(file, argument, place)


def _item(file: CodeFile, argument: Argument, place: int) -> Iterator[Text]:
    tokens = argument.tokens
    row = (
        _list_at(file, _at(file, argument))
        if tokens and tokens[0].text in _OPENERS | {"pytest", "param"}
        else None
    )
    if row is None:
        yield from _text(file, tokens)
    elif len(row.arguments) > place:
        yield from _text(file, row.arguments[place].tokens)


def _list_at(file: CodeFile, begin: int) -> Group | None:
    """Return the brackets of a list: `[`, `listOf(`, `[]string{`, `new[] {`, `pytest.param(`."""
    first = bisect_left(file.groups, begin, key=lambda group: group.opened)
    for group in file.groups[first : first + 2]:
        if group.opened == begin and (group.arguments or group.bracket == "("):
            return group
        between = [token.text for token in file.tokens[begin : group.opened]]
        if len(between) > 6 or any(text in (";", "=", ")", ",") for text in between):
            return None
        if group.bracket == "(" and (group.method in _LISTS or group.method == "param"):
            return group
        if group.bracket == "{" and ("]" in between):
            return group
    return None


def _text(file: CodeFile, tokens: Sequence[Token]) -> Iterator[Text]:
    if len(tokens) == 1 and tokens[0].kind is Kind.STRING and not tokens[0].holes:
        yield tokens[0].value
    elif len(tokens) == 1 and tokens[0].kind is Kind.NAME and (known := file.constants.get(tokens[0].text)):
        yield known
