"""Builds nodes from libyaml's events; nothing is composed, loaded or resolved.

Two texts of one length are in play: the file's, and the one the parser is given, in which templates and
forbidden characters are covered.
"""

import re

import yaml
from yaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    StreamEndEvent,
)

from planner.formats._yaml_nodes import Mapping, Node, Scalar, Sequence, expanded, over_merged, uncovered

DEPTH = 200  # levels of nesting that are read
# Nodes that aliases may stand for, pairs that mappings have from others, and characters for each further one
LEAST_ALIASED, PER_ALIASED = 10_000, 10

_PROPERTIES = re.compile(r"(?:[&!]\S*+(?:\s++|\Z)(?:#[^\n]*+\n\s*+)*+)++")


class TooDeep(Exception):
    """There are more levels than are read."""


class Reader:
    """One pass over a text. `documents` holds what is complete, and after `close` what was started."""

    def __init__(self, original: str, covered: str) -> None:
        self.documents: list[Node] = []
        self.position = 0  # offset behind the last event
        self._original = original
        self._covered = covered
        self.unfollowed = -1  # offset of the first alias that is not followed, as there are too many
        self._aliased = False
        self._room = LEAST_ALIASED + len(original) // PER_ALIASED
        self._sizes: dict[int, int] = {}  # of what anchors hold, with the aliases in it
        self._anchors: dict[str, Node] = {}
        self._open: list[tuple[Sequence | Mapping, list[Node]]] = []  # containers and their children so far

    def run(self) -> None:
        """Read all events. Raises yaml.YAMLError, UnicodeEncodeError and TooDeep."""
        original, covered = self._original, self._covered
        as_written = original is covered
        children, opened = self.documents, self._open
        following = yaml.CSafeLoader(covered).get_event
        event = None
        try:
            while True:
                event = following()
                if isinstance(event, ScalarEvent):
                    start, end = event.start_mark.index, event.end_mark.index  # type: ignore[union-attr]  # both are always set
                    own = event.anchor is None and event.tag is None
                    if own and (as_written or original[start:end] == covered[start:end]):
                        children.append(Scalar(event.value, start, end, event.style or "", "", original))
                    else:
                        children.append(self._scalar(event, start, end))
                elif isinstance(event, CollectionStartEvent):
                    node = self._container(event)
                    children.append(node)
                    children = []
                    opened.append((node, children))
                elif isinstance(event, CollectionEndEvent):
                    _fill(*opened.pop())
                    children = opened[-1][1] if opened else self.documents
                elif isinstance(event, AliasEvent):
                    children.append(self._alias(event, children))
                elif isinstance(event, DocumentStartEvent):
                    self._anchors = {}
                elif isinstance(event, StreamEndEvent):
                    return
        finally:
            self.position = _span(event)[1] if event else 0

    def _scalar(self, event: ScalarEvent, start: int, end: int) -> Scalar:
        """Return a scalar that has properties, or in which something is covered."""
        if event.anchor is not None or event.tag is not None:
            start = self._content(start, end)
        scalar = Scalar(event.value, start, end, event.style or "", _tag(event.tag), self._original)
        if self._original[start:end] != self._covered[start:end]:
            scalar = uncovered(scalar, self._original, self._covered)
        if event.anchor is not None:
            self._anchors[event.anchor] = scalar
        return scalar

    def _container(self, event: CollectionStartEvent) -> Sequence | Mapping:
        if len(self._open) >= DEPTH:
            raise TooDeep
        start: int = event.start_mark.index  # type: ignore[union-attr]  # always set
        if event.anchor is not None or event.tag is not None:
            start = self._content(start, _span(event)[1])
        kind = Mapping if isinstance(event, MappingStartEvent) else Sequence
        node = kind(start, _tag(event.tag))
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: AliasEvent, before: list[Node]) -> Node:
        """Return the node of the anchor; an alias without one is the text it is written as.

        What a mapping is merged from (`<<`) is looked up in its place, and not read again.
        """
        self._aliased = True
        start, end = _span(event)
        known = self._anchors.get(event.anchor or "")
        merged = before and type(before[-1]) is Scalar and before[-1].value == "<<"
        if known is not None and type(known) is not Scalar and not merged:
            self._room -= expanded(known, self._sizes)
            for node, _ in self._open:  # of which more may follow
                self._sizes.pop(id(node), None)
        if known is not None and self._room < 0:
            self.unfollowed = self.unfollowed if self.unfollowed >= 0 else start
            known = None
        return known or Scalar(self._original[start:end], start, end, "", "", self._original)

    def _content(self, start: int, end: int) -> int:
        """Return where a node begins after its anchor and tag."""
        match = _PROPERTIES.match(self._covered, start, end)
        return match.end() if match else start

    def close(self) -> int:
        """Keep what the open containers hold; return the start of the line from which nothing is known."""
        pending = self.position
        for node, children in reversed(self._open):
            if isinstance(node, Mapping) and len(children) % 2:
                pending = min(pending, children[-1].start)
            _fill(node, children)
        self._open.clear()
        return self._original.rfind("\n", 0, pending) + 1

    def over_merged(self) -> tuple[Mapping | None, Mapping | None]:
        """Return where mappings are merged from more others than are heeded, and from more than is read."""
        if not self._aliased or "<<" not in self._original:
            return None, None
        return over_merged(self.documents, LEAST_ALIASED + len(self._original) // PER_ALIASED)


def _span(event: yaml.Event) -> tuple[int, int]:
    start, end = event.start_mark, event.end_mark
    return start.index if start else 0, end.index if end else 0


def _fill(node: Sequence | Mapping, children: list[Node]) -> None:
    if type(node) is Mapping:
        following = iter(children)
        node.pairs = list(zip(following, following, strict=False))
    elif type(node) is Sequence:
        node.items = children


def _tag(tag: str | None) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!", 1) if tag else ""
