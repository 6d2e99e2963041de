"""How many images one file can name: far more than anyone writes, and not so many that it is an attack.

Each image costs some time, however short it is spelled. A text that names one with every second character
would cost ten times what any other does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from planner.formats._base import Candidate, Item
from planner.model.source import SourceFile

LEAST = 1_000  # images that any file may name
SPELLED = 20  # characters that further images take on the average, with what stands around them


def bounded(found: Iterable[Item], source: SourceFile) -> Iterator[Item]:
    """Yield what a format found in a file, up to the image from which on the rest is not read."""
    most = LEAST + len(source.text) // SPELLED
    for item in found:
        if isinstance(item, Candidate):
            if not most:
                line, _ = source.position(item.start)
                reason = f"names more images than anyone writes: not read from line {line} on"
                yield replace(item, spelled=item.spelled[:200], problem=reason)
                return
            most -= 1
        yield item
