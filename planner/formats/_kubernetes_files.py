"""Files in Kubernetes objects: the keys of a ConfigMap, and of a Secret that is written in clear."""

from collections.abc import Iterator

from planner.formats._base import Embedded
from planner.formats._image_fields import filled
from planner.formats._kubernetes_objects import BLOCK, is_read_here, kind_of, objects
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.source import SourceFile

_JENKINS = "<org.csanchez.jenkins.plugins.kubernetes"  # pods of agents, whatever the key is called
_KEYS = {"v1 ConfigMap": "data", "v1 Secret": "stringData"}


def files(document: Node, path: str) -> Iterator[Embedded]:
    """Yield the files that the objects of a document hold; `path` is the file they are all in.

    What holds objects itself is read where they are read, with the values that are known there.
    """
    for each in objects(document):
        data = each.get(key) if (key := _KEYS.get(kind_of(each))) else None
        for name, value in data.entries() if type(data) is Mapping else ():
            if type(value) is Scalar and filled(value):
                held = _held(value, path)
                if _JENKINS in value.value:
                    yield Embedded(value.text, formats=("jenkins_xml",))
                elif held is not None and not any(map(is_read_here, held)):
                    known = not held or name.value.endswith((".yaml", ".yml", ".json"))
                    yield Embedded(value.text, name.value if known else f"{name.value}.yaml")


def _held(value: Scalar, path: str) -> list[Mapping] | None:
    """Return the objects that a text holds; None where it begins to hold some and is broken."""
    if "apiVersion" not in value.value or value.style not in BLOCK:
        return []
    text = parse(SourceFile(path, value.value))
    return [each for document in text.documents for each in objects(document)] if text.complete else None
