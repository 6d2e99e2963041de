"""Lando: the images of services of the type `compose`, of overrides, and of services of API 4.

`type: php:8.3` is a plugin's name for what it sets up, not an image.
"""

from collections.abc import Iterator

from planner.formats._base import NOTHING, Candidate, Embedded, Format, Given, Item
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at
from planner.formats._yaml import Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_FIELDS = ("services.*.services.image", "services.*.overrides.image", "services.*.overrides.services.image")
_OWN = ("services.*.image", "services.*.image.imagefile")  # API 4: an image, a Dockerfile, or its path
_PATHS = ("./", "../", "/", "~")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of the services."""
    parsed = parse(source)
    for document in parsed.documents:
        for scalar in (each for path in _FIELDS for each in scalars_at(document, path)):
            yield settled(Candidate.of(scalar.text, Role.SERVICE), NOTHING)
        for scalar in (each for path in _OWN for each in scalars_at(document, path)):
            yield from _own(scalar)
    yield from problems(source, parsed, Role.SERVICE)


def _own(scalar: Scalar) -> Iterator[Item]:
    if "\n" in scalar.value.strip():
        yield Embedded(scalar.text, formats=("dockerfile",))
    elif not scalar.value.startswith(_PATHS) and "ockerfile" not in scalar.value:
        yield settled(Candidate.of(scalar.text, Role.SERVICE), NOTHING)


FORMAT = Format(
    name="lando",
    patterns=(".lando*.y{a,}ml", "lando*.y{a,}ml"),
    words=((b"image",), (b"services",)),
    extract=extract,
    specification="https://docs.lando.dev/services/compose.html",
)
