"""Documentation: images in the code of Markdown, reStructuredText, AsciiDoc and notebooks.

Prose names no images. What its code pulls is listed as documentation, and never moved.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Embedded, Format, Given, Item, embedded
from planner.formats._ci import items as listed
from planner.formats._ci import value
from planner.formats._markdown_code import in_shell, items, mentioned
from planner.formats._select import select
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_MAGIC = re.compile(r"[ \t]*%%(?P<name>[\w!]+)[ \t]*(?P<rest>[^\n]*)\n")
_SHELLS = frozenset({"bash", "sh", "script", "!"})
_BANG = re.compile(r"(?m)^[ \t]*(?:!|%(?:sx|system)[ \t])[^\n]*+(?:(?<=\\)\n[^\n]*+)*+")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield what the code in a text names."""
    kind = source.path.rpartition(".")[2].lower()
    if kind == "ipynb":
        yield from _notebook(source)
    else:
        yield from items(source, kind)


def _notebook(source: SourceFile) -> Iterator[Item]:
    for document in parse(source).documents:
        for cell in select(document, "cells[]"):
            text = _text(cell)
            inner = SourceFile(source.path, str(text))
            if value(cell, "cell_type") == "markdown":
                yield from embedded(items(inner, "md"), text)
            elif value(cell, "cell_type") == "code":
                yield from embedded(mentioned(_code(inner)), text)


def _text(cell: Node) -> Text:
    """Return the source of a cell, which is a text or a list of lines."""
    lines = listed(cell.get("source")) if type(cell) is Mapping else []
    return Text.join(line.text for line in lines if type(line) is Scalar)


def _code(cell: SourceFile) -> Iterator[Item]:
    """Read `%%bash`, `%%writefile NAME` and lines with `!`."""
    magic = _MAGIC.match(cell.text)
    if magic and magic["name"] in _SHELLS:
        yield from in_shell(cell, Text.at(magic.end(), cell.text[magic.end() :]))
    elif magic and magic["name"] == "writefile":
        name = magic["rest"].split()[-1:]
        if name:
            yield Embedded(Text.at(magic.end(), cell.text[magic.end() :]), name[0], role=Role.DOCUMENTATION)
    else:
        for line in _BANG.finditer(cell.text):
            start = line.start() + len(line[0]) - len(line[0].lstrip(" \t!%"))
            yield from in_shell(cell, Text.at(start, cell.text[start : line.end()]))


FORMAT = Format(
    name="markdown",
    patterns=("*.{md,mdx,markdown,mdown,rst,adoc,asciidoc,ipynb,qmd,Rmd}", "*.{MD,RST}", "README"),
    words=(
        (
            b"docker", b"podman", b"nerdctl", b"image:", b'image"', b"FROM ", b"container", b"Image=",
            b"image =", b"kubectl", b"skopeo", b"crane ", b"repository:", b"Container",
        ),
    ),
    extract=extract,
    builds=True,
    specification="https://spec.commonmark.org/0.31.2/#fenced-code-blocks",
    general=True,
)  # fmt: skip
