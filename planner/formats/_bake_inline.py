"""`dockerfile-inline` of a Bake target: a Dockerfile in a string, with what the target sets."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from planner.formats._base import Candidate, embedded
from planner.formats._dockerfile_contexts import variable
from planner.formats._dockerfile_reader import extract as read
from planner.model.source import Run, SourceFile, Text

_NAME = "Dockerfile"  # what BuildKit calls it


class _Inside(SourceFile, frozen=True, dict=True):
    """A text in a file, whose lines are counted as those of the file."""

    outer: SourceFile
    host: Text

    def position(self, offset: int) -> tuple[int, int]:
        start = self.host.cut(offset, offset + 1).start
        return self.outer.position(max(start, self.host.start, 0))


def inline_images(
    source: SourceFile, text: Text, arguments: Mapping[str, Text], contexts: frozenset[str]
) -> Iterator[Candidate]:
    """Yield the images of a Dockerfile that is held inline; those that a context replaces are not pulled."""
    here = source.path or "-"
    given = {name: value.elsewhere(here) for name, value in arguments.items()}
    inside = _Inside(_NAME, str(text), source, text)
    given |= {variable(name): Text() for name in contexts}
    for item in embedded(read(inside, given), text):
        if isinstance(item, Candidate):
            yield replace(item, value=_at_home(item.value, here))


def _at_home(value: Text, here: str) -> Text:
    """Return a value whose places in this very file are told without its path."""
    return Text.join(
        Text((Run(run.text, run.start, "" if run.path == here else run.path),)) for run in value.runs
    )
