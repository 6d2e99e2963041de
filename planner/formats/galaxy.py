"""Galaxy: the containers of tools, and the default images of a job configuration.

A tool names versions by tokens (`@TOOL_VERSION@`), which it sets itself or takes from the macros beside it.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._aws_images import below
from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import items
from planner.formats._docker_commands import image
from planner.formats._image_fields import filled
from planner.formats._scopes import Scope, texts
from planner.formats._yaml import Mapping, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_COMMENT = r"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)"
_CONTENT = r"[ \t\r\n]*+(?:<!\[CDATA\[[ \t\r\n]*+)?"
_PARTS = re.compile(
    rf"{_COMMENT}|<container\b(?P<attributes>[^<>]*+)>{_CONTENT}(?P<image>[^\s<>\]]++)"
    rf"|<token\s++name=\"(?P<token>[^\"<>]++)\"[^<>]*+>(?P<value>[^<>]*+)<"
    rf"|<param\s++id=\"docker_(?:default_container_id|container_id_override)\"[^<>]*+>{_CONTENT}(?P<default>[^\s<>]++)"
)
_TYPE = re.compile(r"\btype\s*=\s*[\"'](?P<type>\w+)[\"']")
_TOKEN = re.compile(r"(?P<name>@\w++@)")
_KEYS = ("docker_default_container_id", "docker_container_id_override")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the containers of a tool or a configuration, and the tokens that a file of macros sets."""
    if not source.path.endswith(".xml"):
        yield from _configuration(source)
        return
    tokens = _tokens(source.text)
    scope = Scope(_TOKEN, texts({**given, **tokens}), "{name} is set in no macros of this folder")
    for part in _PARTS.finditer(source.text):
        group = "image" if part["image"] else "default"
        if part[group] and (group == "default" or _is_docker(part["attributes"])):
            yield from image(scope.word(Text.at(part.start(group), part[group])), Role.STEP)
    if tokens and "<macros" in source.text:
        yield Binding(f"{posixpath.dirname(source.path)}/".lstrip("/"), "galaxy", tokens, always=True)


def _is_docker(attributes: str) -> bool:
    kind = _TYPE.search(attributes)
    return kind is not None and kind["type"] == "docker"


def _tokens(text: str) -> dict[str, Text]:
    return {
        part["token"]: Text.at(part.start("value"), part["value"]).strip()
        for part in _PARTS.finditer(text)
        if part["token"] and part["value"].strip()
    }


def _configuration(source: SourceFile) -> Iterator[Candidate]:
    scope = Scope(_TOKEN, {}, "{name} is not set")
    for document in parse(source).documents:
        for key in _KEYS:
            for node in below(document, key):
                if found := filled(node):
                    yield from image(scope.word(found.text.strip()), Role.STEP)
        for override in below(document, "container_override"):
            for each in items(override):
                kind = filled(each.get("type")) if type(each) is Mapping else None
                name = filled(each.get("identifier")) if type(each) is Mapping else None
                if kind and name and kind.value == "docker":
                    yield from image(scope.word(name.text), Role.STEP)


FORMAT = Format(
    name="galaxy",
    patterns=("*.xml", "*.{yml,yaml}"),
    words=(
        (
            b"<container ", b"<token ", b"docker_default_container_id", b"docker_container_id_override",
            b"container_override",
        ),
    ),
    extract=extract,
    specification="https://docs.galaxyproject.org/en/latest/dev/schema.html#tool-requirements-container",
)  # fmt: skip
