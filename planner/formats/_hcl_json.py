"""The JSON syntax of HCL: a file as the bodies that `_hcl` makes of the native syntax.

Whether a member of a block is an attribute or a block inside of it is the tool's knowledge, so what is an
object, or a list of objects, is both: an attribute and blocks without labels.

https://github.com/hashicorp/hcl/blob/main/json/spec.md
"""

from collections.abc import Iterator, Mapping

from planner.formats._hcl import Hcl, template
from planner.formats._hcl_nodes import Array, Attribute, Block, Body, Expression, Literal, Object
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, Sequence, parse
from planner.model.source import SourceFile, Text

_DEPTH = 40  # of objects in objects
_COMMENT = "//"


def read_json(source: SourceFile, labels: Mapping[str, int]) -> Hcl:
    """Read a file. `labels` says how many labels the blocks at its top have: `{"resource": 2}`."""
    parsed = parse(source)
    blocks = [
        block
        for document in parsed.documents
        if type(document) is YamlMapping
        for key, value in document.entries()
        if key.value in labels
        for block in _blocks(key, value, labels[key.value], ())
    ]
    attributes = [
        attribute
        for document in parsed.documents
        for attribute in body(document).attributes
        if attribute.name not in labels
    ]
    return Hcl(Body(tuple(attributes), tuple(blocks)), parsed.problems)


def body(node: Node, depth: int = 0) -> Body:
    """Return an object as the inside of a block; anything else is an empty one."""
    if type(node) is not YamlMapping or depth > _DEPTH:
        return Body()
    entries = [(key, value) for key, value in node.entries() if key.value != _COMMENT]
    attributes = tuple(
        Attribute(key.value, key.start, expression(value, depth + 1)) for key, value in entries
    )
    inner = tuple(block for key, value in entries for block in _inner(key, value, depth + 1))
    return Body(attributes, inner)


def expression(node: Node, depth: int = 0) -> Expression:
    """Return a value; its strings are templates."""
    if depth > _DEPTH:
        return Literal(Text())
    match node:
        case Scalar():
            plain = node.plain or ("${" not in node.value and "%{" not in node.value)
            return Literal(node.text, quoted=not node.plain) if plain else template(node.text)
        case Sequence():
            return Array(tuple(expression(item, depth + 1) for item in node.items), Text.of("[…]"))
        case YamlMapping():
            entries = ((Literal(key.text), expression(value, depth + 1)) for key, value in node.entries())
            return Object(tuple(entries), Text.of("{…}"))


def _blocks(key: Scalar, node: Node, labels: int, above: tuple[str, ...]) -> Iterator[Block]:
    """Yield the blocks of one type, whose labels are the keys on the way to their bodies."""
    if type(node) is Sequence:
        for item in node.items:
            if type(item) is YamlMapping:
                yield from _blocks(key, item, labels, above)
    elif type(node) is YamlMapping and labels:
        for label, value in node.entries():
            if label.value != _COMMENT:
                yield from _blocks(key, value, labels - 1, (*above, label.value))
    elif type(node) is YamlMapping:
        yield Block(key.value, above, key.start, body(node))


def _inner(key: Scalar, node: Node, depth: int) -> Iterator[Block]:
    for item in node.items if type(node) is Sequence else (node,):
        if type(item) is YamlMapping:
            yield Block(key.value, (), key.start, body(item, depth))
