"""kbld: what replaces images, what builds them, and the names they are pushed under."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import Candidate, Format, Given
from planner.formats._image_fields import filled, versioned, written
from planner.formats._kubernetes_objects import of_kind
from planner.formats._kustomize_images import mappings
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at
from planner.formats._yaml import Mapping, parse, problems
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_OWN = re.compile(r"kbld\.k14s\.io/\S+ \w+\Z")
_CHOSEN = "tagSelection chooses the tag: name one to tell which"
_BUILDERS = ("pack.build.builder", "pack.build.runImage")
_BUILDPACKS = "pack.build.buildpacks[]"
_SCHEME = "docker://"


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield the images of the configurations in a text."""
    text = parse(source)
    own = list(of_kind(text, _OWN))
    for node in own:
        yield from (settled(each, given) for each in _configuration(node))
    if own:
        yield from problems(source, text, Role.WORKLOAD)


def _configuration(node: Mapping) -> Iterator[Candidate]:
    for override in mappings(node.get("overrides")):
        if (image := filled(override.get("newImage"))) is not None:
            found = written(image, Role.WORKLOAD, Confidence.CERTAIN)
            chosen = override.get("tagSelection") is not None and not versioned(str(found.value))
            yield replace(found, problem=_CHOSEN) if chosen else found
    for built in mappings(node.get("sources")):
        for path in _BUILDERS:
            for scalar in scalars_at(built, path):
                yield written(scalar, Role.BASE, Confidence.CERTAIN)
        for scalar in scalars_at(built, _BUILDPACKS):
            if scalar.value.startswith(_SCHEME):
                yield written(scalar, Role.BASE, Confidence.CERTAIN)
        yield from _output(built, "image")
    for destination in mappings(node.get("destinations")):
        yield from _output(destination, "newImage")


def _output(entry: Mapping, key: str) -> Iterator[Candidate]:
    if (image := filled(entry.get(key))) is not None:
        yield written(image, Role.OUTPUT, Confidence.CERTAIN)


FORMAT = Format(
    name="kbld",
    patterns=("*.y{a,}ml", "*.json"),
    words=((b"kbld.k14s.io/",), (b"mage",)),
    extract=extract,
    specification="https://carvel.dev/kbld/docs/latest/config/",
)
