"""`dockerfile_inline`: a Dockerfile that stands in a Compose file, with Compose's variables filled in first.

https://docs.docker.com/reference/compose-file/build/#dockerfile_inline
"""

from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import Candidate, Extract, Given, Item, embedded
from planner.formats._compose_interpolation import interpolate
from planner.formats._yaml import Scalar
from planner.model.source import Run, SourceFile, Text

_NAME = "Dockerfile"  # what BuildKit calls it


class _Inside(SourceFile, frozen=True, dict=True):
    """A text in a file, whose lines are counted as those of the file."""

    outer: SourceFile
    host: Text

    def position(self, offset: int) -> tuple[int, int]:
        start = self.host.cut(offset, offset + 1).start
        return self.outer.position(max(start, self.host.start, 0))


def dockerfile_inline(
    source: SourceFile, inline: Scalar, arguments: Given, given: Given, read: Extract
) -> Iterator[Item]:
    """Yield what the Dockerfile reader `read` finds in a scalar, with the places in the Compose file.

    `arguments` are the build's own, which stand in this file as well.
    """
    text = _filled(inline.text, given)
    here = source.path or "-"
    arguments = {name: value.elsewhere(here) for name, value in arguments.items()}
    inside = _Inside(_NAME, str(text), source, text)
    for item in embedded(read(inside, arguments), text):
        yield replace(item, value=_at_home(item.value, here)) if isinstance(item, Candidate) else item


def _filled(text: Text, given: Given) -> Text:
    """Return the Dockerfile after interpolation; a variable that is not set stays, so that it is named."""
    found = interpolate(text, given)
    if found.missing:
        found = interpolate(text, {**given, **{name: Text.of(f"${{{name}}}") for name in found.missing}})
    return text if found.refusal else found.value


def _at_home(value: Text, here: str) -> Text:
    """Return a value whose places in this very file are told without its path."""
    return Text.join(
        Text((Run(run.text, run.start, "" if run.path == here else run.path),)) for run in value.runs
    )
