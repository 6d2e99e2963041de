"""The expressions of HCL, from the nodes of its grammar to those of `_hcl_nodes`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from planner.formats._hcl_nodes import (
    Access,
    Array,
    Call,
    Choice,
    Comparison,
    Conditional,
    Expression,
    For,
    Interpolation,
    Literal,
    Name,
    Object,
    Splat,
    Step,
    Template,
    Unread,
)
from planner.formats._hcl_strings import dedented, unescaped
from planner.model.source import Text

if TYPE_CHECKING:
    from tree_sitter import Node

DEPTH = 60  # of expressions in expressions
_LONGEST_PATH = 200  # names and indices in a row
_MOST_PARTS = 5_000  # of a template
_SHOWN = 200  # characters of an expression that are kept to show it
_TAKEN = ("get_attr", "index", "splat")
_COMPARISONS = ("==", "!=")

Part = Literal | Interpolation | Choice


class Syntax:
    """Reads the nodes of one text; places are those of `text`."""

    def __init__(self, text: Text, *, chomp: bool = False) -> None:
        self.text = text
        self.string = str(text)
        self.chomp = chomp  # the last line end of a heredoc is not part of it

    def place(self, offset: int) -> int:
        """Return where a character of the text stands in the file."""
        return max(self.text.cut(offset, offset + 1).start, 0)

    def spelled(self, node: Node) -> str:
        """Return a node's own text."""
        return self.string[node.start_byte : node.end_byte]

    def label(self, node: Node) -> Text:
        """Return a label or a key, without its quotes."""
        if node.type == "identifier":
            return self.text.cut(node.start_byte, node.end_byte)
        return unescaped(self.text.cut(node.start_byte + 1, node.end_byte - 1))

    def unread(self, start: int, stop: int, reason: str) -> Unread:
        """Return an expression that is not read, with what is written."""
        return Unread(self._written(start, stop), reason)

    def expression(self, node: Node, depth: int = 0) -> Expression:
        """Read a node `expression`."""
        return self._chain(node.children, depth + 1)

    def _written(self, start: int, stop: int) -> Text:
        return self.text.cut(start, min(stop, start + _SHOWN))

    def _spanned(self, nodes: Sequence[Node]) -> Text:
        return self._written(nodes[0].start_byte, nodes[-1].end_byte)

    def _chain(self, children: Sequence[Node], depth: int) -> Expression:
        """Read one value and what is taken of it."""
        nodes = [child for child in children if child.type != "comment"]
        if not nodes:
            return Unread(Text(), "is missing")
        if depth > DEPTH or len(nodes) > _LONGEST_PATH:
            return Unread(self._spanned(nodes), "is nested too deep to be read")
        taken = next((index for index, child in enumerate(nodes) if child.type in _TAKEN), len(nodes))
        value = self._value(nodes[:taken] or nodes, depth)
        if taken == len(nodes):
            return value
        steps = tuple(self._steps(nodes[taken:], depth))
        written = self._spanned(nodes)
        if isinstance(value, Name):
            return Name((*value.steps, *steps), written)
        return Access(value, steps, written)

    def _value(self, nodes: Sequence[Node], depth: int) -> Expression:
        node = nodes[0]
        match node.type:
            case "(" if len(nodes) > 1:
                return self._chain(nodes[1:2], depth + 1)
            case "expression":
                return self._chain(node.children, depth + 1)
            case "variable_expr":
                return Name((self.spelled(node),), self._spanned(nodes))
            case "literal_value" | "template_expr" | "collection_value" | "for_expr" | "operation":
                child = next((each for each in node.children if each.type != "comment"), node)
                return self._inner(child, depth)
            case "function_call":
                return self._call(node, depth)
            case "conditional":
                return self._conditional(node, depth)
        return Unread(self._spanned(nodes), "is computed when it is applied")

    def _inner(self, node: Node, depth: int) -> Expression:
        match node.type:
            case "numeric_lit" | "bool_lit" | "null_lit":
                return Literal(self.text.cut(node.start_byte, node.end_byte), quoted=False)
            case "string_lit":
                return Literal(self.label(node))
            case "quoted_template":
                return self._template(node, depth)
            case "heredoc_template":
                return self._heredoc(node, depth)
            case "tuple":
                items = tuple(self._chain(child.children, depth + 1) for child in _expressions(node))
                return Array(items, self._spanned((node,)))
            case "object":
                return self._object(node, depth)
            case "for_tuple_expr" | "for_object_expr":
                return self._for(node, depth)
            case "binary_operation":
                return self._comparison(node, depth)
        return Unread(self._spanned((node,)), "is computed when it is applied")

    def _steps(self, nodes: Sequence[Node], depth: int) -> Iterator[Step]:
        for node in nodes:
            if node.type == "get_attr":
                yield self.spelled(node.children[-1])
            elif node.type == "index" and (inner := node.children[0]).type == "new_index":
                key = self._chain([child for child in inner.children if child.type not in "[]"], depth + 1)
                yield str(key.text) if isinstance(key, Literal) else key
            elif node.type == "index":
                yield self.spelled(node).lstrip(".")
            else:
                yield from self._splat(node, depth)

    def _splat(self, node: Node, depth: int) -> Iterator[Step]:
        yield Splat()
        for inner in node.children:
            yield from self._steps([child for child in inner.children if child.type in _TAKEN], depth)

    def _call(self, node: Node, depth: int) -> Expression:
        name = self.spelled(node.children[0])
        listed = next((child for child in node.children if child.type == "function_arguments"), None)
        arguments = tuple(
            self._chain(child.children, depth + 1) for child in (_expressions(listed) if listed else ())
        )
        spread = listed is not None and any(child.type == "ellipsis" for child in listed.children)
        return Call(name, arguments, self._spanned((node,)), spread)

    def _conditional(self, node: Node, depth: int) -> Expression:
        parts = [self._chain(child.children, depth + 1) for child in _expressions(node)]
        if len(parts) != 3:  # the condition, and the value in either case
            return Unread(self._spanned((node,)), "is no whole condition")
        return Conditional(parts[0], parts[1], parts[2], self._spanned((node,)))

    def _comparison(self, node: Node, depth: int) -> Expression:
        children = node.children
        at = next((index for index, child in enumerate(children) if child.type in _COMPARISONS), 0)
        if not at:
            return Unread(self._spanned((node,)), "is computed when it is applied")
        left, right = (self._chain(part, depth + 1) for part in (children[:at], children[at + 1 :]))
        return Comparison(left, right, children[at].type == "==", self._spanned((node,)))

    def _object(self, node: Node, depth: int) -> Expression:
        pairs = (_expressions(element) for element in node.children if element.type == "object_elem")
        entries = [
            (self._key(pair[0], depth), self._chain(pair[1].children, depth + 1))
            for pair in pairs
            if len(pair) == 2  # a key and a value
        ]
        return Object(tuple(entries), self._spanned((node,)))

    def _key(self, node: Node, depth: int) -> Expression:
        key = self._chain(node.children, depth + 1)
        bare = isinstance(key, Name) and node.children[0].type == "variable_expr"
        return Literal(self.text.cut(node.start_byte, node.end_byte)) if bare else key

    def _for(self, node: Node, depth: int) -> Expression:
        intro = next(child for child in node.children if child.type == "for_intro")
        names = [self.spelled(child) for child in intro.children if child.type == "identifier"]
        source, results = _expressions(intro), _expressions(node)
        if not names or not source or not results:
            return Unread(self._spanned((node,)), "is no whole loop")
        read = [self._chain(child.children, depth + 1) for child in (*source[:1], *results[:2])]
        name = read[1] if node.type == "for_object_expr" and len(read) > 2 else None
        return For(
            names[0] if len(names) > 1 else "", names[-1], read[0], name, read[-1], self._spanned((node,))
        )

    def _template(self, node: Node, depth: int) -> Expression:
        if node.child_count > _MOST_PARTS:
            return Unread(self._spanned((node,)), "has too many parts to be read")
        start, stop = node.start_byte + 1, node.end_byte - 1
        parts = tuple(self._parts(node.children[1:-1], start, stop, depth, heredoc=False))
        return Template(parts)

    def _heredoc(self, node: Node, depth: int) -> Expression:
        if node.child_count > _MOST_PARTS:
            return Unread(self._spanned((node,)), "has too many parts to be read")
        ends = [child for child in node.children if child.type == "heredoc_identifier"]
        start = self.string.find("\n", ends[0].end_byte) + 1
        stop = self.string.rfind("\n", 0, ends[-1].start_byte) + 1
        if len(ends) < 2 or not start or stop < start:
            return Unread(self._spanned((node,)), "is a text without its end")
        if self.chomp:
            stop -= 1
        inside = [child for child in node.children if start <= child.start_byte < stop]
        parts = tuple(self._parts(inside, start, stop, depth, heredoc=True))
        indented = self.spelled(node).startswith("<<-")
        parts = tuple(map(_unescaped, dedented(parts) if indented else parts))
        if all(isinstance(part, Literal) for part in parts):
            return Literal(Text.join(part.text for part in parts if isinstance(part, Literal)))
        return Template(parts, heredoc=not self.chomp)

    def _parts(
        self, nodes: Sequence[Node], start: int, stop: int, depth: int, *, heredoc: bool
    ) -> Iterator[Part]:
        """Yield what stands between two places: the interpolations among `nodes`, and the text between."""
        position = start
        for node in nodes:
            if node.type not in ("template_interpolation", "template_directive"):
                continue
            if node.start_byte > position:
                yield self._literal(position, node.start_byte, heredoc=heredoc)
            if node.type == "template_interpolation":
                yield self._interpolation(node, depth)
            else:
                yield from self._directive(node, depth, heredoc=heredoc)
            position = node.end_byte
        if stop > position:
            yield self._literal(position, stop, heredoc=heredoc)

    def _literal(self, start: int, stop: int, *, heredoc: bool) -> Literal:
        """Return a piece of text; that of a heredoc keeps its escapes until its indentation is gone."""
        text = self.text.cut(start, stop)
        return Literal(text if heredoc else unescaped(text))

    def _interpolation(self, node: Node, depth: int) -> Interpolation:
        inner = _expressions(node)
        written = self._spanned((node,))
        if not inner:
            return Interpolation(Unread(written, "is no expression"), written)
        return Interpolation(self._chain(inner[0].children, depth + 1), written)

    def _directive(self, node: Node, depth: int, *, heredoc: bool) -> Iterator[Part]:
        """Yield the branches of a condition, or the text that a loop repeats."""
        block = node.children[0]
        marks = [child for child in block.children if child.type.endswith(("_intro", "_clause", "_end"))]
        if depth > DEPTH or len(marks) < 2:
            yield Interpolation(
                Unread(self._spanned((node,)), "is no whole directive"), self._spanned((node,))
            )
            return
        branches = [
            self._between(block, before.end_byte, after.start_byte, depth, heredoc=heredoc)
            for before, after in pairwise(marks)
        ]
        if block.type == "template_if" and not heredoc:
            condition = [self._chain(each.children, depth + 1) for each in _expressions(marks[0])]
            no = branches[1] if len(branches) > 1 else Template(())
            yield Choice(condition[0] if condition else Unread(Text(), ""), branches[0], no)
        else:
            for branch in branches:
                yield from branch.parts

    def _between(self, block: Node, start: int, stop: int, depth: int, *, heredoc: bool) -> Template:
        inside = [child for child in block.children if start <= child.start_byte < stop]
        return Template(tuple(self._parts(inside, start, stop, depth + 1, heredoc=heredoc)))


def _expressions(node: Node) -> list[Node]:
    return [child for child in node.children if child.type == "expression"]


def _unescaped(part: Part) -> Part:
    return Literal(unescaped(part.text, heredoc=True)) if isinstance(part, Literal) else part
