"""YAML and JSON as light nodes that know where they stand, read from libyaml's events.

Documents are never composed or loaded: hostile input (deep nesting, alias bombs) costs what its length costs.
Templates are covered before parsing, characters that YAML forbids replaced; values show the file's own text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from planner.formats._template import mask
from planner.formats._yaml_lines import Line
from planner.formats._yaml_lines import lines as _pairs
from planner.formats._yaml_text import locate
from planner.model.source import SourceFile, Text

DEPTH = 200  # levels of nesting that are read
EXPANDED = 1_000_000  # nodes that aliases may stand for without a word

_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+|\Z)(?:#[^\n]*\n\s*)*)+")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_RESERVED = re.compile(r"(?m)(?<=[:\-] )[@%`](?=\S)")


class Scalar:
    """A leaf. Two are equal only if they are the same place."""

    __slots__ = ("_origin", "end", "start", "style", "tag", "value")

    def __init__(self, value: str, start: int, end: int, style: str, tag: str, origin: str | Text) -> None:
        self.value = value  # without quotes and folding; template actions as they are written
        self.start = start  # of the raw text, with quotes, without anchor and tag
        self.end = end
        self.style = style  # "" (plain) ' " | >
        self.tag = tag  # as it is written, "" if none
        self._origin = origin  # the file's text, or the value's places where they are known already

    def __repr__(self) -> str:
        return f"Scalar({self.value!r}, {self.start})"

    @property
    def plain(self) -> bool:
        """Whether it is written without quotes, on one or more lines."""
        return not self.style

    @property
    def text(self) -> Text:
        """The value with the place of every character."""
        if isinstance(self._origin, Text):
            return self._origin
        return locate(self._origin, self.start, self.end, self.style, self.value)


class Sequence:
    """A list."""

    __slots__ = ("items", "start", "tag")

    def __init__(self, start: int, tag: str) -> None:
        self.items: list[Node] = []
        self.start = start
        self.tag = tag  # as it is written, "" if none


class Mapping:
    """Pairs in the order they are written; a key may stand twice."""

    __slots__ = ("pairs", "start", "tag")

    def __init__(self, start: int, tag: str) -> None:
        self.pairs: list[tuple[Node, Node]] = []
        self.start = start
        self.tag = tag  # as it is written, "" if none

    def get(self, *keys: str) -> "Node | None":
        """Return what stands under the keys, one mapping in the other; the last of equal keys counts."""
        node: Node | None = self
        for key in keys:
            if type(node) is not Mapping:
                return None
            node = node._value(key)
        return node

    def _value(self, key: str) -> "Node | None":
        found, merged = None, False
        for name, value in self.pairs:
            if type(name) is Scalar:
                if name.value == key:
                    found = value
                elif name.value == "<<":
                    merged = True
        if found is None and merged:
            return next((value for name, value in self.entries() if name.value == key), None)
        return found

    def entries(self) -> "Iterator[tuple[Scalar, Node]]":
        """Yield the pairs whose keys are scalars; those of merged mappings (`<<`) follow where they are not overridden."""
        own = [(key, value) for key, value in self.pairs if type(key) is Scalar]
        if any(key.value == "<<" for key, _ in own):
            return _merged(self)
        return iter(own)


Node = Scalar | Sequence | Mapping


def _merged(mapping: Mapping) -> Iterator[tuple[Scalar, Node]]:
    seen: set[str] = set()
    visited: set[int] = set()
    waiting: list[Node] = [mapping]
    while waiting:
        node = waiting.pop()
        if type(node) is Sequence:
            waiting.extend(reversed(node.items))
        elif type(node) is Mapping and id(node) not in visited:
            visited.add(id(node))
            own = [(key, value) for key, value in node.pairs if type(key) is Scalar]
            yield from ((key, value) for key, value in own if key.value not in seen and key.value != "<<")
            seen.update(key.value for key, _ in own)
            waiting.extend(value for key, value in reversed(own) if key.value == "<<")


@dataclass(frozen=True, slots=True)
class Yaml:
    """What could be read of a text."""

    documents: tuple[Node, ...]
    problems: tuple[tuple[int, str], ...] = ()  # offset, reason with what was done about it
    complete: bool = True
    read: int = 0  # offset from which `lines` has to go on where it is not complete


class _TooDeep(Exception):
    """More levels than are read."""


def parse(source: SourceFile) -> Yaml:
    """Read a text as far as it is YAML; JSON is YAML. Never raises."""
    covered = mask(source.text)
    if covered.startswith("\ufeff"):
        covered = "\n" + covered[1:]  # libyaml's offsets do not count the mark
    found = _read(source, covered)
    if found.complete:
        return found
    repaired = _repaired(covered)
    again = _read(source, repaired) if repaired != covered else found
    return again if again.complete else found


def walk(node: Node) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Yield every distinct node once, in the order of the file, with its path of keys; list items are `[]`."""
    seen: set[int] = set()
    waiting: list[tuple[tuple[str, ...], Node]] = [((), node)]
    while waiting:
        path, node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield path, node
        if type(node) is Mapping:
            waiting.extend(((*path, _name(key)), value) for key, value in reversed(node.pairs))
        elif type(node) is Sequence:
            waiting.extend(((*path, "[]"), item) for item in reversed(node.items))


def lines(source: SourceFile, start: int = 0) -> Iterator[Line]:
    """Yield `key: value` pairs of a text that is no YAML, from the offset `start` on."""
    return _pairs(source.text, start)


def _name(key: Node) -> str:
    return key.value if type(key) is Scalar else "?"


def _repaired(covered: str) -> str:
    """Return the text without what libyaml refuses and other parsers let pass, as long as it was."""
    covered = _SURROGATE_ESCAPE.sub(r"\\ufffd", covered)
    return _RESERVED.sub("x", covered).replace("\t", " ")


def _read(source: SourceFile, covered: str) -> Yaml:
    reader = _Reader(source.text, covered)
    try:
        reader.run()
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        cleaned = _FORBIDDEN.sub("\ufffd", covered)
        if cleaned != covered:
            return _read(source, cleaned)
        return _incomplete(source, reader, 0, "it has characters that YAML forbids")
    except yaml.MarkedYAMLError as error:
        offset = error.problem_mark.index if error.problem_mark else reader.position
        return _incomplete(source, reader, offset, error.problem or "syntax error")
    except _TooDeep:
        return _incomplete(source, reader, reader.position, f"nested deeper than {DEPTH} levels")
    return Yaml(tuple(reader.documents), tuple(_expansion(reader)))


def _incomplete(source: SourceFile, reader: "_Reader", offset: int, reason: str) -> Yaml:
    offset = min(offset, len(source.text))
    read = reader.close()
    line, _ = source.position(offset)
    problem = f"not valid YAML at line {line} ({' '.join(reason.split())}): read line by line"
    return Yaml(tuple(reader.documents), ((offset, problem), *_expansion(reader)), complete=False, read=read)


class _Reader:
    """Builds nodes from events. `documents` holds what is complete, or was when the events ended."""

    def __init__(self, original: str, covered: str) -> None:
        self.documents: list[Node] = []
        self.aliased = False
        self.position = 0  # offset behind the last event
        self._original = original
        self._covered = covered
        self._open: list[tuple[Node, list[Node]]] = []  # containers and their children so far

    def run(self) -> None:
        """Read all events. Raises what libyaml raises, and _TooDeep."""
        original, same = self._original, self._original is self._covered
        anchors: dict[str, Node] = {}
        children, opened = self.documents, self._open
        parents: list[list[Node]] = []
        following = yaml.CSafeLoader(self._covered).get_event
        while True:
            event = following()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                ...
