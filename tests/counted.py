"""Work counted, not timed: how many functions are called, Python's and C's, the same on any machine."""

import sys
from collections.abc import Callable
from itertools import count

from planner.formats._base import NOTHING, Given
from planner.formats._bounded import bounded
from planner.model.source import SourceFile
from planner.scanning.catalog import chosen


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called while `work` is done."""
    counter = count()

    def seen(_frame: object, event: str, _argument: object) -> None:
        if event in ("call", "c_call"):
            next(counter)

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return next(counter)


def calls_of(name: str, path: str, text: str, given: Given = NOTHING) -> int:
    """Return how many functions are called when a format reads a text, whatever it finds."""
    extract = chosen((name,)).format(name).extract
    source = SourceFile(path, text)
    return calls(lambda: list(bounded(extract(source, given), source)))
