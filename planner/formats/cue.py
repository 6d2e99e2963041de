"""CUE: fields that hold images, with their defaults; whole references and those in parts, as Timoni has them.

A field that is only constrained (`image: string`) holds none.
"""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._code_languages import CUE
from planner.formats._image_settings import images
from planner.model.source import SourceFile


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of fields."""
    yield from images(source, CUE)


FORMAT = Format(
    name="cue",
    patterns=("*.cue",),
    words=((b"mage",),),
    extract=extract,
    specification="https://cuelang.org/docs/reference/spec/",
)
