"""A Dockerfile that stands in a string of another file: of a Compose build, of a Bake target."""

from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import Candidate, Given, Item, embedded
from planner.formats._dockerfile_reader import extract
from planner.model.source import Run, SourceFile, Text

_NAME = "Dockerfile"  # what BuildKit calls it


class _Inside(SourceFile, frozen=True, dict=True):
    """A text in a file, whose lines are counted as those of the file."""

    outer: SourceFile
    host: Text

    def position(self, offset: int) -> tuple[int, int]:
        start = self.host.cut(offset, offset + 1).start
        return self.outer.position(max(start, self.host.start, 0))


def read_inline(source: SourceFile, text: Text, arguments: Given) -> Iterator[Item]:
    """Yield what stands in a text that is a Dockerfile, with its places in the file that holds it.

    `arguments` are the build's own, which stand in this file as well.
    """
    here = source.path or "-"
    given = {name: value.elsewhere(here) for name, value in arguments.items()}
    inside = _Inside(_NAME, str(text), source, text)
    for item in embedded(extract(inside, given), text):
        yield replace(item, value=_at_home(item.value, here)) if isinstance(item, Candidate) else item


def _at_home(value: Text, here: str) -> Text:
    """Return a value without the path of this very file, which a place in it does without."""
    return Text.join(
        Text((Run(run.text, run.start, "" if run.path == here else run.path),)) for run in value.runs
    )
