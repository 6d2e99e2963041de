"""KCL: attributes that hold images, and the defaults that schemas give them."""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._code_languages import KCL
from planner.formats._image_settings import images
from planner.model.source import SourceFile


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of attributes."""
    yield from images(source, KCL)


FORMAT = Format(
    name="kcl",
    patterns=("*.k",),
    words=((b"mage",),),
    extract=extract,
    specification="https://www.kcl-lang.io/docs/reference/lang/tour",
)
