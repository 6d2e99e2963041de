"""Dhall: fields of records that hold images, with the names that `let` sets."""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._code_languages import DHALL
from planner.formats._image_settings import images
from planner.model.source import SourceFile


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of fields."""
    yield from images(source, DHALL)


FORMAT = Format(
    name="dhall",
    patterns=("*.dhall",),
    words=((b"mage",),),
    extract=extract,
    specification="https://docs.dhall-lang.org/",
)
