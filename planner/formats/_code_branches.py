"""What a name stands for that branches set, or an entry of a collection: one text or another.

`image := os.Getenv("IMAGE"); if image == "" { image = "mysql:9" }`, `IMAGES["db"]`, `IMAGES.db`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from planner.formats import _code as code
from planner.formats._code_constants import ending
from planner.formats._image_fields import versioned
from planner.model.source import Text

if TYPE_CHECKING:
    from planner.formats._code_file import CodeFile

_MOST = 16  # texts that a name is set to
_MOST_ENTRIES = 64
_HEAD = 12  # tokens before the bracket of a collection: `new Dictionary<string, string>`
_ENTRY = re.compile(r"(?P<owner>[\w.]+)\[:?(?P<key>[\w.-]+)\]\Z")
_BLOCKS = frozenset("{")


def of_branches(file: CodeFile, name: str, offset: int) -> Iterator[Text]:
    """Yield the texts that a name is set to before an offset, in the nearest block that sets it."""
    places = file.places.get(name, ())
    before = places[: bisect_left(places, offset, key=lambda index: file.tokens[index].start)]
    if len(places) < 2 or not before or _is_given(file, name, file.tokens[before[-1]].start, offset):
        return
    first = _scope(file, before[-1], offset)
    for place in islice((each for each in before if each >= first), _MOST):
        word = code.word(file.tokens[place : ending(file.tokens, place)], file.constants)
        yield from (value.text for value in word.choices() if not value.problem and value.text)


def _is_given(file: CodeFile, name: str, start: int, offset: int) -> bool:
    """Whether a function that is declared between two offsets has a parameter of a name."""
    return any(start < declared < offset for declared, _ in file.parameters(name))


def _scope(file: CodeFile, last: int, offset: int) -> int:
    """Return where the innermost block begins that holds an assignment and what stands at an offset."""
    index = bisect_left(file.tokens, offset, key=lambda token: token.start)
    if file.language is code.PYTHON:
        starts = [each for each in file.names.get("def", ()) if each <= index and file.tokens[each].first]
        return starts[-1] if starts and starts[-1] <= last else 0
    for group in file.around(index):
        if group.bracket in _BLOCKS and group.opened < last:
            return group.opened
    return 0


def of_entry(file: CodeFile, name: str) -> Iterator[Text]:
    """Yield the entry of a collection by its key; all that are images where the key is a name."""
    entry = _ENTRY.match(name)
    owner, _, key = name.rpartition(".")
    if entry is not None:
        owner, key = entry["owner"], entry["key"]
    places = file.places.get(owner.rpartition(".")[2], ())
    group = _collection(file, places[0]) if len(places) == 1 else None
    if group is None:
        return
    given = group.keyword(key)
    if given is not None:
        yield from _text(file, given.tokens)
    elif entry is not None:
        for each in islice(group.arguments, _MOST_ENTRIES):
            yield from (text for text in _text(file, each.tokens) if versioned(str(text)))


def _collection(file: CodeFile, begin: int) -> code.Group | None:
    """Return the braces of a collection with keys that an expression is."""
    for group in file.opened(begin):
        if group.opened > begin + _HEAD:
            return None
        if group.bracket == "{":
            return group
    return None


def _text(file: CodeFile, tokens: Sequence[code.Token]) -> Iterator[Text]:
    word = code.word(tokens, file.constants) if tokens else None
    yield from (value.text for value in word.choices() if not value.problem) if word is not None else ()
