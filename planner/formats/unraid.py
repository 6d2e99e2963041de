"""Unraid: the image of a container template."""

import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_PART = re.compile(
    r"(?s)<!--(?:[^-]|-(?!->))*+(?:-->|\Z)"
    r"|<Repository>\s*+(?:<!\[CDATA\[\s*+)?(?P<image>[^\s<>\]]++)"
)


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the image of every container in the template."""
    for part in _PART.finditer(source.text):
        if part["image"] is not None:
            yield Candidate.of(Text.at(part.start("image"), part["image"]), Role.WORKLOAD)


FORMAT = Format(
    name="unraid",
    patterns=("*.xml",),
    words=((b"<Container",), (b"<Repository>",)),
    extract=extract,
    specification="https://docs.unraid.net/unraid-os/using-unraid-to/run-docker-containers/overview/",
)
