"""XML as light nodes whose texts know where they stand.

Read by expat, in one pass. Entities that a document declares are not expanded, so none can grow; those of
HTML, which build tools let pass, are read as the characters they are written with.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.parsers import expat

import msgspec
from msgspec import Struct

from planner.formats._base import Candidate
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_DEEPEST = 100  # elements in elements; deeper ones are skipped
_HEAD = re.compile(r"\ufeff?\s*(?:<\?xml[^>]*>)?")
_UNKNOWN_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\w{1,8});)")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#xA": "\n", "#10": "\n"}
_ENTITY = re.compile(rf"&({'|'.join(_ENTITIES)});")
_LONGEST_TAG = 20_000
_FORBIDDEN = re.compile(r"[^\x09\x0a\x0d\x20-\x7e]")


class Element(msgspec.Struct, eq=False):
    """An element without its namespace."""

    name: str
    start: int  # of its `<`
    attributes: dict[str, str]
    children: "list[Element]" = []
    pieces: list[Text] = []

    @property
    def text(self) -> Text:
        """What stands in it, without the texts of its children and surrounding blanks."""
        return Text.join(self.pieces).strip()

    def all(self, *path: str) -> "Iterator[Element]":
        """Yield what stands at a path of names below it; `*` is any name."""
        found = [self]
        for name in path:
            found = [child for each in found for child in each.children if name in ("*", child.name)]
        yield from found

    def first(self, *path: str) -> "Element | None":
        """Return the first element at a path of names."""
        return next(self.all(*path), None)

    def value(self, *path: str) -> str:
        """Return the text of the first element at a path, else an empty text."""
        found = self.first(*path)
        return "" if found is None else str(found.text)

    def walk(self) -> "Iterator[Element]":
        """Yield the element and everything below it, in the order of the text."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))


class Xml(Struct, frozen=True):
    """What could be read of a text."""

    root: Element | None
    problem: str = ""  # why it was not read to its end
    place: int = 0  # where that shows


@lru_cache(maxsize=1)  # several formats in turn read the same file
def parse(source: SourceFile) -> Xml:
    """Read a text as far as it is XML. Never raises."""
    reader = _Reader(source.text, _covered(source.text))
    try:
        reader.parser.Parse(reader.covered.encode(), True)
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "syntax error")
        return Xml(reader.root, f"not valid XML at line {error.lineno} ({reason})", reader.offset)
    return Xml(reader.root)


def problems(parsed: Xml, role: Role) -> Iterator[Candidate]:
    """Yield why a file could not be read to its end."""
    if parsed.problem:
        yield Candidate(Text(), role, max(parsed.place, 0), "", problem=parsed.problem)


def _covered(text: str) -> str:
    """Return the text in ASCII, as long as it was, so that expat's offsets are those of characters."""
    head = _HEAD.match(text)
    length = head.end() if head else 0
    body = _FORBIDDEN.sub("x", text[length:])
    return " " * length + _UNKNOWN_ENTITY.sub("x", body)


class _Reader:
    def __init__(self, text: str, covered: str) -> None:
        self.text = text
        self.covered = covered
        self.root: Element | None = None
        self.stack: list[Element] = []
        self.too_deep = 0
        self.parser = expat.ParserCreate("us-ascii")
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._data

    @property
    def offset(self) -> int:
        return min(self.parser.CurrentByteIndex, len(self.text))

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        if self.too_deep or len(self.stack) >= _DEEPEST:
            self.too_deep += 1
            return
        element = Element(name.rpartition(":")[2], self.parser.CurrentByteIndex, attributes)
        if self.stack:
            self.stack[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self.stack.append(element)

    def _close(self, _name: str) -> None:
        if self.too_deep:
            self.too_deep -= 1
        else:
            self.stack.pop()

    def _data(self, data: str) -> None:
        if self.too_deep or not self.stack:
            return
        start = self.parser.CurrentByteIndex
        end = start + len(data)
        plain = self.covered[start:end] == data
        self.stack[-1].pieces.append(Text.at(start, self.text[start:end]) if plain else Text.of(data))


def attribute(source: SourceFile, element: Element, name: str) -> Text:
    """Return the value of an attribute with its place; nothing where the element has none."""
    if name not in element.attributes:
        return Text()
    match = re.compile(rf"\s{re.escape(name)}\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)')").search(
        source.text, element.start, element.start + _LONGEST_TAG
    )
    if match is None:
        return Text.of(element.attributes[name])
    group = 1 if match[1] is not None else 2
    return _unescaped(Text.at(match.start(group), match[group]))


def _unescaped(value: Text) -> Text:
    string = str(value)
    if "&" not in string:
        return value
    pieces, done = [], 0
    for match in _ENTITY.finditer(string):
        pieces += [value.cut(done, match.start()), Text.of(_ENTITIES[match[1]])]
        done = match.end()
    return Text.join((*pieces, value.cut(done, len(string))))
