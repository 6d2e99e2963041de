"""JSON and YAML inside of strings of HCL, as values: what `jsondecode` and `yamldecode` give."""

from collections.abc import Iterator

from planner.formats._base import within
from planner.formats._hcl_values import MOST_ITEMS, Fields, Items, Result, scalar
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse
from planner.model.source import SourceFile, Text

_DEPTH = 30  # of lists in lists
_MOST = 20_000  # nodes of one text; aliases can stand for more than anyone would write


def decoded(text: Text) -> Result:
    """Return the value of a text; what can be read where not all of it can."""
    documents = parse(SourceFile("", str(text))).documents
    return _Decoder(text).value(documents[0], 0) if documents else scalar(Text())


class _Decoder:
    def __init__(self, host: Text) -> None:
        self.host = host
        self.left = _MOST

    def value(self, node: Node, depth: int) -> Result:
        self.left -= 1
        if depth > _DEPTH or self.left < 0:
            return scalar(Text())
        match node:
            case Scalar():
                null = node.plain and node.value in ("null", "~", "")
                return scalar(Text() if null else within(node.text, self.host))
            case Sequence():
                return Items(tuple(self.value(item, depth + 1) for item in node.items[:MOST_ITEMS]))
            case Mapping():
                return Fields(tuple(self._fields(node, depth)))

    def _fields(self, node: Mapping, depth: int) -> Iterator[tuple[str, Result]]:
        for key, value in node.entries()[:MOST_ITEMS]:
            yield key.value, self.value(value, depth + 1)
