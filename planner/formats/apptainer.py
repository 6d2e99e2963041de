"""Apptainer and Singularity: the image that each stage of a definition file starts from.

Only the agent `docker` pulls from a registry; others build from a library, a file, or a distribution.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from planner.formats._base import Candidate, Format, Given
from planner.formats._docker_commands import image
from planner.formats._shell_words import Piece, Value, Word, expand, named
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_HEADER = re.compile(
    r"(?im)^[ \t]*(?P<key>bootstrap|from|registry|namespace|stage)[ \t]*:(?P<value>[^\r\n]*)"
)
_SECTION = re.compile(r"(?m)^[ \t]*%(?P<name>\w+)")
_BOOTSTRAP = re.compile(r"(?im)^[ \t]*bootstrap[ \t]*:")
_VARIABLE = re.compile(r"\{\{[ \t]*(?P<name>\w+)[ \t]*\}\}")
_ARGUMENT = re.compile(
    r"(?m)^[ \t]*(?P<name>\w+)[ \t]*=[ \t]*(?P<quote>[\"']?)(?P<value>[^\s\"'#]*)(?P=quote)"
)
_SCHEME = re.compile(r"(?:docker:)?//")
_URL = re.compile(r"[a-z]+://")
_COMMENT = re.compile(r"(?:\A|\s)#")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images that a definition file pulls."""
    starts = [match.start() for match in _BOOTSTRAP.finditer(source.text)]
    arguments = _arguments(source.text)
    for start, end in pairwise([*starts, len(source.text)]):
        header = _header(source.text, start, end)
        if str(header.get("bootstrap", "")).lower() == "docker" and "from" in header:
            yield from _image(header, arguments)


def _header(text: str, start: int, end: int) -> dict[str, Text]:
    """Return the keys of a header, which ends where the first section begins."""
    section = _SECTION.search(text, start, end)
    stop = section.start() if section else end
    return {
        match["key"].lower(): _value(Text.at(match.start("value"), match["value"]))
        for match in _HEADER.finditer(text, start, stop)
    }


def _value(text: Text) -> Text:
    comment = _COMMENT.search(str(text))
    return (text.cut(0, comment.start()) if comment else text).strip()


def _image(header: Mapping[str, Text], arguments: Mapping[str, Text]) -> Iterator[Candidate]:
    def piece(written: Text, match: re.Match[str]) -> Piece:
        name = match["name"]
        if name in arguments:
            return Piece(written, (named(name, Value(arguments[name]), "%arguments"),), name)
        return Piece.unknown(written, name, f"{name} has no default: set it under %arguments")

    word = expand(_without(_SCHEME, header["from"]), _VARIABLE, piece)
    for key in ("namespace", "registry"):
        if prefix := header.get(key):
            known = expand(_without(_URL, prefix), _VARIABLE, piece)
            slash = Piece.literal(Text.of("/"))
            word = Word((*known.pieces, slash, *word.pieces), quoted=True)
    yield from image(word, Role.BASE)


def _without(scheme: "re.Pattern[str]", text: Text) -> Text:
    match = scheme.match(str(text))
    return text.cut(match.end(), len(text)) if match else text


def _arguments(text: str) -> dict[str, Text]:
    """Return the defaults that `%arguments` sections give."""
    sections = list(_SECTION.finditer(text))
    ends = [*[match.start() for match in sections], len(text)][1:]
    return {
        match["name"]: Text.at(match.start("value"), match["value"])
        for section, end in zip(sections, ends, strict=True)
        if section["name"] == "arguments"
        for match in _ARGUMENT.finditer(text, section.end(), end)
    }


FORMAT = Format(
    name="apptainer",
    patterns=(
        "*.def",
        "*.def.*",
        "{S,s}ingularity",
        "{S,s}ingularity.*",
        "Apptainer",
        "Apptainer.*",
        "*.singularity",
    ),
    words=((b"ootstrap", b"ootStrap", b"OOTSTRAP"), (b"docker",)),
    extract=extract,
    specification="https://apptainer.org/docs/user/main/definition_files.html#preferred-bootstrap-agents",
)
