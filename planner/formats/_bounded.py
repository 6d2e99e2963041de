"""How much one file may name and have read: far more than anyone writes, and less than would be an attack.

Each image costs some time, however short it is spelled, and one that is put together of variables a few times
as much. A text that names one with every second character would cost ten times what any other does. So would
a matrix whose every row reads every script once more.
"""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from planner.formats._base import Candidate, Item
from planner.model.source import SourceFile

LEAST = 3_000  # images that any file may name
SPELLED = 30  # characters that further images take on the average, with what stands around them
FILLED = 2  # images that count for each variable of an image, or for one that is not known, beside itself
AXES = 64  # lists of a matrix that are multiplied; what others set is not set
READINGS = 500  # of scripts and values of one file, beside the first of each
LENGTH = 100  # characters of a script whose reading counts as one

T = TypeVar("T")
Found = TypeVar("Found", bound=Item)


def bounded(found: Iterable[Found], source: SourceFile) -> Iterator[Found | Candidate]:
    """Yield what a format found in a file, up to the image from which on the rest is not read."""
    most = LEAST + len(source.text) // SPELLED
    for item in found:
        if isinstance(item, Candidate):
            if most <= 0:
                line, _ = source.position(item.start)
                reason = f"names more images than anyone writes: not read from line {line} on"
                yield replace(item, spelled="", problem=reason)
                return
            most -= 1 + FILLED * max(len(item.trail), bool(item.problem))
        yield item


class Readings(Struct):
    """Counts how often what one file says is read again, for other rows of a matrix or other jobs."""

    left: int = READINGS
    most: int = READINGS  # what was left at first
    is_told: bool = False
    read: set[tuple[int, int]] = field(
        default_factory=set
    )  # where texts stand that were read, and their length

    def first(self, rows: Iterable[T], text: str, start: int = -1) -> Iterator[T]:
        """Yield the rows for which a text may be read: one, and others as long as there is something left.

        A text that was read for another job, going by where it stands, counts as one that is read again.
        """
        place = (start, len(text))
        readings = len(text) // LENGTH if place in self.read else 0
        if start >= 0:
            self.read.add(place)
        for row in rows:
            self.left -= readings
            if readings and self.left < 0:
                return
            yield row
            readings = 1 + len(text) // LENGTH

    def problem(self) -> str:
        """Return, once, that not all was read."""
        if self.left >= 0 or self.is_told:
            return ""
        self.is_told = True
        return f"matrices and jobs ask for more than {self.most} readings: what follows is read once"
