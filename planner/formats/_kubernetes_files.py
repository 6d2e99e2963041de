"""Files in Kubernetes objects: the keys of a ConfigMap, and of a Secret that is written in clear."""

from collections.abc import Iterator

from planner.formats._base import Embedded
from planner.formats._image_fields import filled
from planner.formats._kubernetes_objects import BLOCK, is_read_here, kind_of, objects
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.source import SourceFile

_KEYS = {"v1 ConfigMap": "data", "v1 Secret": "stringData"}


def files(document: Node, path: str) -> Iterator[Embedded]:
    """Yield the files that the objects of a document hold; `path` is the file they are all in.

    What holds objects itself is read where they are read, with the values that are known there.
    """
    for each in objects(document):
        data = each.get(key) if (key := _KEYS.get(kind_of(each))) else None
        for name, value in data.entries() if type(data) is Mapping else ():
            if type(value) is Scalar and filled(value) and not _holds_objects(value, path):
                yield Embedded(value.text, name.value)


def _holds_objects(value: Scalar, path: str) -> bool:
    if "apiVersion" not in value.value or value.style not in BLOCK:
        return False
    text = parse(SourceFile(path, value.value))
    return not text.complete or any(
        is_read_here(each) for document in text.documents for each in objects(document)
    )
