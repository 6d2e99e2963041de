"""Score: the image of every container of a workload; `.` is the image that is built beside it."""

from collections.abc import Iterator

from planner.formats._base import NOTHING, Binding, Candidate, Format, Given
from planner.formats._placeholders import settled
from planner.formats._select import images
from planner.model.inventory import Role
from planner.model.source import SourceFile

_BUILT = "."


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of the containers."""
    if "score.dev/" in source.text:
        for candidate in images(source, {"containers.*.image": Role.WORKLOAD}):
            if str(candidate.value) != _BUILT:
                yield settled(candidate, NOTHING)


FORMAT = Format(
    name="score",
    patterns=("*score*.y{a,}ml", "score/**/*.y{a,}ml"),
    words=((b"score.dev/",), (b"image",)),
    extract=extract,
    specification="https://docs.score.dev/docs/score-specification/score-spec-reference/",
)
