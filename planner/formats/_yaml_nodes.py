"""The nodes of a YAML text: scalars, sequences and mappings that know where they stand.

An alias is the node of its anchor, so nodes form a graph: shared, and circular where a text says so.
"""

from collections.abc import Iterable, Iterator

import msgspec

from planner.formats._yaml_text import locate
from planner.model.source import Run, Text

_MERGE = "<<"
MERGED = 32  # mappings that one may be merged from, itself among them; a longer chain is an attack


class Scalar(msgspec.Struct, eq=False, gc=False):  # most of a text is scalars: half the cost of a class
    """A leaf. Two are equal only if they are the same place."""

    value: str  # without quotes and folding; template actions as they are written
    start: int  # of the raw text, with quotes, without anchor and tag
    end: int
    style: str  # "" (plain) ' " | >
    tag: str  # as it is written, "" if none
    _origin: str | Text  # the file's text, or the value's places where they are known already

    def __repr__(self) -> str:
        return f"Scalar({self.value!r}, {self.start})"

    @property
    def plain(self) -> bool:
        """Whether it is written without quotes."""
        return not self.style

    @property
    def text(self) -> Text:
        """The value with the place of every character."""
        if not isinstance(self._origin, Text):  # located once: it is asked for again and again
            self._origin = locate(self._origin, self.start, self.end, self.style, self.value)
        return self._origin


class Sequence(msgspec.Struct, eq=False):
    """A list."""

    start: int
    tag: str  # as it is written, "" if none
    items: "list[Node]" = []


class Mapping(msgspec.Struct, eq=False):
    """Pairs in the order they are written; a key may stand twice. Complete before anything is asked."""

    start: int
    tag: str  # as it is written, "" if none
    pairs: "list[tuple[Node, Node]]" = []
    _own: "dict[str, Node] | None" = None  # made when it is first asked for, as is the next
    _sources: "tuple[Mapping, ...] | None" = None
    _above: "tuple[Node, ...] | None" = None
    _crowded: bool = False  # whether pairs of others are no entries of it, as there are too many in the text

    def get(self, *keys: str) -> "Node | None":
        """Return what stands under the keys, one mapping in the other; the last of equal keys counts."""
        node: Node | None = self
        for key in keys:
            if type(node) is not Mapping:
                return None
            own, above = node._own or node.own, node  # the first is asked for at every node by every format
            node = own.get(key)
            if node is None and _MERGE in own:
                node = next((each.own[key] for each in above.sources if key in each.own), None)
        return node

    @property
    def own(self) -> "dict[str, Node]":
        """What it holds by key, without what it is merged from."""
        if self._own is None:
            self._own = {key.value: value for key, value in self.pairs if type(key) is Scalar}
        return self._own

    @property
    def merges(self) -> bool:
        """Whether it is merged from others (`<<`)."""
        return _MERGE in self.own

    @property
    def above(self) -> "tuple[Node, ...]":
        """What it says it is merged from, the last first."""
        if self._above is None:
            merged = (value for key, value in reversed(self.pairs) if _is_merge(key)) if self.merges else ()
            self._above = tuple(merged)
        return self._above

    @property
    def sources(self) -> "tuple[Mapping, ...]":
        """This mapping and all it is merged from (`<<`), what overrides others first."""
        if self._sources is None:
            self._sources = _sources(self) if self.merges else (self,)
        return self._sources

    def entries(self, *, merged: bool = True) -> "list[tuple[Scalar, Node]]":
        """Return the pairs with scalar keys, then those of merged mappings (`<<`) that are not overridden."""
        own = [(key, value) for key, value in self.pairs if type(key) is Scalar]
        return list(_merged(self)) if merged and self.merges and not self._crowded else own


Node = Scalar | Sequence | Mapping


def _sources(mapping: Mapping) -> tuple[Mapping, ...]:
    """Return a mapping and all it is merged from, what overrides others first."""
    found: dict[int, Mapping] = {}
    lists: set[int] = set()
    waiting: list[Node] = [mapping]
    while waiting and len(found) + len(lists) < MERGED:
        node = waiting.pop()
        if type(node) is Sequence and id(node) not in lists:
            lists.add(id(node))
            waiting.extend(reversed(node.items))
        elif type(node) is Mapping and id(node) not in found:
            if node._sources is not None:  # worked out before: a chain of mappings is followed once
                found |= {id(each): each for each in node._sources if id(each) not in found}
            else:
                found[id(node)] = node
                waiting.extend(node.above)
    return tuple(found.values())[:MERGED]


def over_merged(documents: Iterable[Node], room: int) -> tuple[Mapping | None, Mapping | None]:
    """Return the first mapping that is merged from more others than are heeded, and the first without room.

    `room` is for the pairs that all mappings have from others; where none is left they are no entries of it.
    """
    far: Mapping | None = None
    crowded: Mapping | None = None
    for node in (node for document in documents for _, node in walk(document)):
        if type(node) is Mapping and node.merges:
            if len(node.sources) >= MERGED:
                far = far or node
            room -= sum([len(source.pairs) for source in node.sources[1:]])
            if room < 0:
                node._crowded = True
                crowded = crowded or node
    return far, crowded


def _is_merge(key: Node) -> bool:
    return type(key) is Scalar and key.value == _MERGE


def _merged(mapping: Mapping) -> Iterator[tuple[Scalar, Node]]:
    seen = {_MERGE}
    for source in mapping.sources:
        own = [(key, value) for key, value in source.pairs if type(key) is Scalar]
        yield from ((key, value) for key, value in own if key.value not in seen)
        seen.update(source.own)


def uncovered(scalar: Scalar, original: str, covered: str) -> Scalar:
    """Return a scalar with the file's own characters where the parser saw others."""
    start, end = scalar.start, scalar.end
    text = locate(covered, start, end, scalar.style, scalar.value)
    if scalar.value and text.start < 0:
        text = Text.at(start, covered[start:end])  # no place is known: the raw text is nearer than stand-ins
    runs = [
        Run(original[run.start : run.start + len(run.text)], run.start) if run.start >= 0 else run
        for run in text.runs
    ]
    shown = Text(tuple(runs))
    return Scalar(str(shown), start, end, scalar.style, scalar.tag, shown)


def children(node: Node) -> list[Node]:
    """Return what a node holds, keys included."""
    match node:
        case Mapping():
            return [child for pair in node.pairs for child in pair]
        case Sequence():
            return node.items
        case Scalar():
            return []


def walk(node: Node) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Yield every distinct node once, in the file's order, with its path of keys; a list item is `[]`."""
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


def _name(key: Node) -> str:
    return key.value if type(key) is Scalar else "?"


def expanded(node: Node, sizes: dict[int, int]) -> int:
    """Return how many nodes this is with its aliases expanded, at most 10^15; a circle counts once.

    `sizes` are those that were worked out before, by the identity of what is no leaf: most nodes are.
    """
    waiting = [(node, False)]
    while waiting:
        node, entered = waiting.pop()
        if entered:
            below = [sizes.get(id(child), 1) for child in children(node)]
            sizes[id(node)] = min(1 + sum(below), 10**15)
        elif id(node) not in sizes:
            sizes[id(node)] = 1
            waiting.append((node, True))
            waiting.extend([(child, False) for child in children(node) if type(child) is not Scalar])
    return sizes[id(node)]
