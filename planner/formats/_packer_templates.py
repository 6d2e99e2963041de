"""Templates of Packer in JSON, of the kind that came before HCL.

https://developer.hashicorp.com/packer/docs/templates/legacy_json_templates
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from planner.formats._ci import entries, items, scalars, value
from planner.formats._shell_words import Piece, Value, Word, expand, named
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar
from planner.model.source import Text

_ACTION = re.compile(
    r"\{\{-?\s*+user\s++(?:`(?P<raw>[^`{}]*+)`|\"(?P<name>[^\"{}]*+)\"|'(?P<other>[^'{}]*+)')\s*+-?\}\}"
    r"|\{\{[^{}]*+\}\}"
)
_DEPTH = 5  # variables in variables


class Part(Struct, frozen=True):
    """A builder, a provisioner or a post-processor: its type, and its fields as words."""

    section: str
    type: str
    fields: Mapping[str, tuple[Word, ...]]


def parts(document: Node, given: Mapping[str, Text]) -> Iterator[Part]:
    """Yield what a template is made of, with its variables replaced."""
    if type(document) is not YamlMapping:
        return
    variables = {
        name: node.text
        for name, node in entries(document.get("variables"))
        if type(node) is Scalar and node.value
    }
    scope = {**variables, **given}
    for section in ("builders", "provisioners", "post-processors"):
        for node in items(document.get(section)):
            for each in items(node):  # post-processors that follow each other are a list of their own
                if type(each) is YamlMapping:
                    yield _part(section, each, scope)


def _part(section: str, node: YamlMapping, scope: Mapping[str, Text]) -> Part:
    fields = {
        key.value: tuple(_word(scalar.text, scope, 0) for scalar in scalars(each))
        for key, each in node.entries()
    }
    return Part(section, value(node, "type"), fields)


def _word(text: Text, scope: Mapping[str, Text], depth: int) -> Word:
    def piece(written: Text, match: re.Match[str]) -> Piece:
        name = match["raw"] or match["name"] or match["other"] or ""
        if not name or depth >= _DEPTH:
            return Piece.unknown(written, match[0], f"{match[0]} is known only when Packer runs")
        if name not in scope:
            reason = f"variable {name} has no value: give it a default under variables"
            return Piece.unknown(written, name, reason)
        found = _word(scope[name], scope, depth + 1).choices()
        return Piece(written, tuple(named(name, each) for each in found) or (Value(Text()),), name)

    return expand(text, _ACTION, piece)
