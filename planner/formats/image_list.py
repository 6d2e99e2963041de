"""Lists of images: a reference on each line, as those that are loaded or mirrored where there is no network.

The name of the file speaks of images, and every line is a reference, most of them with a version. What stands
after the first word of a line is a source, a digest or another name.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._image_fields import plausible, versioned
from planner.formats._official_images import is_official
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_LINE = re.compile(
    r"(?m)^\ufeff?+[ \t]*+(?:[-*][ \t]++)?(?P<quote>[\"']?)(?P<first>[^\s#\"',][^\s\"',]*+)(?P=quote)"
)
_REFERENCE = re.compile(
    r"(?:[A-Za-z0-9.-]++(?::\d++)?/)?[a-z0-9]++(?:[._/-]++[a-z0-9]++)*+(?::\w[\w.-]*+)?(?:@sha256:[0-9a-f]{64})?\Z"
)
_OPEN = re.compile(r"\$\{?\w|\{\{|<\w")  # something fills it in
_MISSING = "it is filled in before the list is read: list what it becomes"
_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|bmp|tiff?|webp|ico|qcow2|img|iso|raw|tar|gz|py|txt|md)\Z")
_SHARE = 2  # at least one line in so many has a version


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of a list; nothing where a line is something else."""
    lines = [Text.at(match.start("first"), match["first"]) for match in _LINE.finditer(source.text)]
    found = [line for line in lines if not _OPEN.search(str(line))]
    if all(_is_reference(str(line)) for line in found):
        tagged = sum(versioned(str(line)) for line in found)
        if tagged and tagged * _SHARE >= len(found):
            yield from map(_candidate, lines)


def _candidate(line: Text) -> Candidate:
    if _OPEN.search(str(line)):
        return Candidate(line, Role.WORKLOAD, line.start, str(line), problem=_MISSING)
    return Candidate.of(line, Role.WORKLOAD, Confidence.HEURISTIC)


def _is_reference(value: str) -> bool:
    return (
        _REFERENCE.match(value) is not None
        and plausible(value, bare=True)
        and not _FILE.search(value)
        and ("/" in value or versioned(value) or is_official(value))
    )


FORMAT = Format(
    name="image_list",
    patterns=("*[iI]mage*.{txt,list,lst}", "*images", "*image-list", "*image_list"),
    words=((b":",),),
    extract=extract,
    general=True,
    fallback=True,
    specification="https://docs.k3s.io/installation/airgap",
)
