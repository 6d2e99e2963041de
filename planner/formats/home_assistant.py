"""Home Assistant add-ons: the base image for each architecture, and the image an add-on is published as.

The base images reach the Dockerfile as its argument BUILD_FROM.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import entries, scalars
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._scopes import Scope
from planner.formats._shell_words import Value, Word
from planner.formats._yaml import Mapping, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_ARCHITECTURE = re.compile(r"\{(?P<name>arch)\}")
_MISSING = "{name} is not listed in this file"


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield base images and published names, and the values for the Dockerfile beside the file."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping:
            yield from _bases(source, document)
            if document.get("slug") is not None and document.get("arch") is not None:
                yield from _published(document)
            if document.get("build_from") is not None or document.get("slug") is not None:
                yield from problems(source, parsed, Role.BASE)


def _bases(source: SourceFile, document: Mapping) -> Iterator[Candidate | Binding]:
    arguments = {
        name: Word.literal(node.text) for name, node in entries(document.get("args")) if type(node) is Scalar
    }
    section = document.get("build_from")
    for scalar in (each for _, node in entries(section) for each in scalars(node)):
        yield Candidate.of(scalar.text, Role.BASE)
        given = {**arguments, "BUILD_FROM": Word.literal(scalar.text)}
        yield from dockerfile_use(posixpath.dirname(source.path), ".", "", given)


def _published(document: Mapping) -> Iterator[Candidate]:
    architectures = tuple(Value(scalar.text) for scalar in scalars(document.get("arch")))
    scope = Scope(_ARCHITECTURE, {"arch": architectures}, _MISSING)
    yield from scope.images(document.get("image"), Role.OUTPUT)


FORMAT = Format(
    name="home_assistant",
    patterns=("build.{yaml,yml,json}", "config.{yaml,yml,json}"),
    words=((b"build_from", b"slug"), (b"build_from", b"image")),
    extract=extract,
    specification="https://developers.home-assistant.io/docs/add-ons/configuration/#add-on-extended-build",
)
