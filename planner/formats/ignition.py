"""Ignition and Butane: the units and files that a machine starts with, each read as what it is.

A Butane file may have any name: what has units or files of this form is one. So is the `spec.config` of a
MachineConfig of OpenShift.
"""

import re
from collections.abc import Iterable, Iterator

from planner.formats._base import Embedded, Format, Given
from planner.formats._ci import value
from planner.formats._select import select
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.source import SourceFile, Text

_DATA = re.compile(r"data:(?P<type>[^,;]*(?:;[\w=-]+)*?)(?P<base64>;base64)?,")
_BEGINS = re.compile(r"(?m)^[ \t]*+(?:systemd|storage)[ \t]*+:|\"(?:systemd|storage)\"")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")


def extract(source: SourceFile, _given: Given) -> Iterator[Embedded]:
    """Yield the contents of units, of their drop-ins and of files."""
    if not _BEGINS.search(source.text):
        return
    for document in _configurations(parse(source).documents):
        for unit in select(document, "systemd.units[]"):
            yield from _unit(unit, value(unit, "name"))
            for drop_in in select(unit, "dropins[]"):
                yield from _unit(drop_in, f"{value(unit, 'name')}.d/{value(drop_in, 'name')}")
        for file in select(document, "storage.files[]"):
            yield from _file(file)


def _configurations(documents: Iterable[Node]) -> Iterator[Node]:
    for document in documents:
        yield document
        if value(document, "kind") == "MachineConfig":
            yield from select(document, "spec.config")


def _unit(unit: Node, name: str) -> Iterator[Embedded]:
    contents = unit.get("contents") if type(unit) is Mapping else None
    if type(contents) is Scalar:
        yield Embedded(contents.text, name)


def _file(file: Node) -> Iterator[Embedded]:
    contents = file.get("contents") if type(file) is Mapping else None
    path = value(file, "path").lstrip("/")
    if type(contents) is not Mapping or value(contents, "compression"):
        return
    inline, url = contents.get("inline"), contents.get("source")
    if type(inline) is Scalar:
        yield Embedded(inline.text, path)
    elif type(url) is Scalar and (data := _DATA.match(url.value)) and not data["base64"]:
        yield Embedded(_decoded(url.text.cut(data.end(), len(url.value))), path)


def _decoded(text: Text) -> Text:
    """Return a text with `%0A` and its like decoded, a character for each byte."""
    pieces: list[Text] = []
    position = 0
    for match in _PERCENT.finditer(str(text)):
        pieces += text.cut(position, match.start()), Text.of(chr(int(match[1], 16)))
        position = match.end()
    return Text.join((*pieces, text.cut(position, len(text))))


FORMAT = Format(
    name="ignition",
    patterns=(
        "*.{bu,butane,fcc,ign}",
        "*.{bu,butane,fcc,ign}.{tpl,tftpl,tmpl,j2,in}",
        "*.{yml,yaml}",
        "*.{yml,yaml}.{tpl,tftpl,tmpl,j2}",
        "*ignition*.json",
    ),
    words=((b"systemd", b"storage"), (b"contents",), (b"units", b"files")),
    extract=extract,
    specification="https://coreos.github.io/butane/specs/",
)
