"""JSON patches: the images that they put into objects, in patch files such as Kustomize applies."""

import re
from collections.abc import Iterator

from planner.formats._base import NOTHING, Candidate, Format, Given
from planner.formats._ci import value
from planner.formats._image_fields import is_image_key, written
from planner.formats._kubernetes_objects import images
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Node, Sequence, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_GIVING = frozenset({"add", "replace"})
_OPERATION = re.compile(r"op[\"']?\s*:\s*[\"']?(?:add|replace)\b")
_LAST = re.compile(r"/([^/]+)\Z")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of a list of operations."""
    if not _OPERATION.search(source.text):
        return
    for document in parse(source).documents:
        if type(document) is Sequence:
            yield from (settled(each, NOTHING) for each in _operations(document, source))


def _operations(document: Node, source: SourceFile) -> Iterator[Candidate]:
    for operation in select(document, "[]"):
        if value(operation, "op") not in _GIVING or not value(operation, "path").startswith("/"):
            continue
        last = _LAST.search(value(operation, "path"))
        if last and is_image_key(last[1]):
            for image in scalars_at(operation, "value"):
                yield written(image, Role.WORKLOAD, Confidence.CERTAIN)
        for part in select(operation, "value"):
            yield from images(part, source)


FORMAT = Format(
    name="json_patch",
    patterns=("*.y{a,}ml", "*.json"),
    words=((b"op:", b'op"', b"op'"), (b"path",), (b"value",), (b"mage",)),
    extract=extract,
    specification="https://datatracker.ietf.org/doc/html/rfc6902",
)
