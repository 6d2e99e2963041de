"""Ignition and Butane: the units and files that a machine starts with, each read as what it is."""

import re
from collections.abc import Iterator

from planner.formats._base import Embedded, Format, Given
from planner.formats._ci import value
from planner.formats._select import select
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.source import SourceFile, Text

_DATA = re.compile(r"data:(?P<type>[^,;]*(?:;[\w=-]+)*?)(?P<base64>;base64)?,")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")


def extract(source: SourceFile, _given: Given) -> Iterator[Embedded]:
    """Yield the contents of units, of their drop-ins and of files."""
    for document in parse(source).documents:
        for unit in select(document, "systemd.units[]"):
            yield from _unit(unit, value(unit, "name"))
            for drop_in in select(unit, "dropins[]"):
                yield from _unit(drop_in, f"{value(unit, 'name')}.d/{value(drop_in, 'name')}")
        for file in select(document, "storage.files[]"):
            yield from _file(file)


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
        "*butane*.{yml,yaml}",
        "*ignition*.{json,yml,yaml}",
    ),
    words=((b"systemd", b"storage"), (b"contents",)),
    extract=extract,
    specification="https://coreos.github.io/butane/specs/",
)
