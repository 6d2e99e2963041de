"""XML as light elements that know where their text stands.

Only what is needed to read settings: names without prefixes, children, text. A document that declares
entities is not read: they could stand for more text than fits into memory.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from planner.model.source import Run, SourceFile, Text

_NOT_PLAIN = re.compile(r"[^\t\n\r\x20-\x7e]")  # one byte for each character makes offsets of bytes true


@dataclass(slots=True, eq=False)
class Element:
    """An element; complete before anything is asked."""

    name: str  # without the prefix of its namespace
    start: int
    children: "list[Element]" = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)  # its own text, without that of its children

    @property
    def text(self) -> Text:
        """The text without what surrounds it; character references stand nowhere."""
        return Text.join((Text(tuple(self.runs)),)).strip()

    def all(self, *path: str) -> "Iterator[Element]":
        """Yield the elements at a path below; `*` is any name."""
        found = [self]
        for name in path:
            found = [child for each in found for child in each.children if name in ("*", child.name)]
        yield from found

    def first(self, *path: str) -> "Element | None":
        """Return the first element at a path below."""
        return next(self.all(*path), None)

    def says(self, *path: str) -> str:
        """Return the text of the first element at a path below; empty where there is none."""
        found = self.first(*path)
        return str(found.text) if found else ""

    def below(self, name: str) -> "Iterator[Element]":
        """Yield every element of a name, however deep, in the order of the file."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            if element.name == name:
                yield element
            waiting.extend(reversed(element.children))


@dataclass(frozen=True, slots=True)
class Xml:
    """What could be read of a file: all up to the first error."""

    root: Element
    problem: str = ""  # why it ends there
    offset: int = 0  # where


@lru_cache(maxsize=1)  # several formats in turn read the same file
def parse(source: SourceFile) -> Xml:
    """Read a text as far as it is XML; what precedes the first `<` is passed over. Never raises."""
    return _Reader(source.text).read()


class _EntitiesDeclared(Exception):  # noqa: N818 -- no error: it ends the parsing
    pass


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.begin = max(text.find("<"), 0)
        self.plain = _NOT_PLAIN.sub("x", text[self.begin :]) if text else ""
        self.parser = expat.ParserCreate("us-ascii")
        self.root = Element("", 0)
        self.open = [self.root]

    def read(self) -> Xml:
        parser = self.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        try:
            parser.Parse(self.plain, True)
        except expat.ExpatError as error:
            reason = f"not valid XML at line {self._line()}: {expat.ErrorString(error.code)}"
            return Xml(self.root, reason, self._place())
        except _EntitiesDeclared:
            return Xml(self.root, "it declares entities, which are not read", self._place())
        return Xml(self.root)

    def _line(self) -> int:
        return self.parser.ErrorLineNumber + self.text.count("\n", 0, self.begin)

    def _place(self) -> int:
        return min(self.begin + max(self.parser.CurrentByteIndex, 0), len(self.text))

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        element = Element(name.rpartition(":")[2], self._place())
        self.open[-1].children.append(element)
        self.open.append(element)

    def _end(self, _name: str) -> None:
        self.open.pop()

    def _characters(self, characters: str) -> None:
        index = self.parser.CurrentByteIndex
        start = self.begin + index
        if self.plain.startswith(characters, index):
            run = Run(self.text[start : start + len(characters)], start)
        else:
            run = Run(characters, -1)
        self.open[-1].runs.append(run)

    def _entity(self, *_declaration: object) -> None:
        raise _EntitiesDeclared
