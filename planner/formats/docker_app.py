"""Docker App: the parameters of an app, which its Compose file has as variables.

An app is a folder of three files, or one file of three documents: metadata, Compose, parameters.
"""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Binding, Format, Given
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.source import SourceFile, Text

_PARAMETERS = 2  # the document of a single file that holds them
_DEEPEST = 10  # of `a.b.c`


def extract(source: SourceFile, _given: Given) -> Iterator[Binding]:
    """Yield the values, `a.b` for what stands in a section."""
    documents = parse(source).documents
    single = source.path.endswith(".dockerapp")
    found = documents[_PARAMETERS : _PARAMETERS + 1] if single else documents[:1]
    values = {name: text for document in found for name, text in _values(document, "", _DEEPEST)}
    if values:
        yield Binding(
            source.path if single else f"{posixpath.dirname(source.path)}/", "compose", values, True
        )


def _values(node: Node, prefix: str, depth: int) -> Iterator[tuple[str, Text]]:
    if type(node) is Scalar:
        yield prefix, node.text
    elif type(node) is Mapping and depth:
        for key, value in node.entries():
            yield from _values(value, f"{prefix}.{key.value}" if prefix else key.value, depth - 1)


FORMAT = Format(
    name="docker_app",
    patterns=("*.dockerapp", "*.dockerapp/{parameters,settings}.y{a,}ml"),
    words=((b":",),),
    extract=extract,
    specification="https://github.com/docker/app",
)
