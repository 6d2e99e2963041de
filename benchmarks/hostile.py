"""Measure every format on texts that nobody writes: CPU seconds for each megabyte, the slowest first.

    PYTHONPATH=. python benchmarks/hostile.py [FORMAT...] [--limit 2.0] [--processes 2]

`hostile_texts.py` makes the texts. Every text is measured while it is small; the slowest of each repetition
when it is larger; and what is slowest then, or would be if its cost went on growing as it did, at a megabyte.
So a cost that grows with the square of the length is found without a megabyte of everything. Exit code 1 when
some text needs more than --limit seconds a megabyte.
"""

import argparse
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from hostile_texts import Hostile, beginnings, place, texts

from planner.formats._base import NOTHING, Candidate, Format
from planner.formats._bounded import bounded
from planner.model.source import SourceFile
from planner.scanning.catalog import formats
from planner.scanning.judge import judged

SMALL, LARGER, MEGABYTE = 3_000, 30_000, 1_000_000  # characters
GIVEN_UP = 5  # times the limit
SLOWEST = 80  # repetitions of each format that are measured again when they are larger
MEMORY = 3 << 30  # bytes; a text that would take more is one that takes too long
LARGEST = 12  # texts of each format that are measured at a megabyte


class GivenUp(BaseException):
    """A text took too long; no format may catch this."""


def seconds(format_: Format, path: str, text: str, most: float) -> float:
    """Return the CPU seconds that one text costs, at most `most`."""

    reading = True

    def give_up(*_: object) -> None:
        if reading:
            raise GivenUp

    signal.signal(signal.SIGPROF, give_up)
    before = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, most, 0.1)  # again and again, as one may be lost in a destructor
    try:
        source = SourceFile(path, text)
        for item in bounded(format_.extract(source, NOTHING), source):
            if isinstance(item, Candidate):
                judged(source, format_.name, item)
        return time.process_time() - before
    except (GivenUp, SystemError, MemoryError):  # the second where it is raised below C
        return most
    finally:
        reading = False
        signal.setitimer(signal.ITIMER_PROF, 0)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one text costs at a size."""

    rate: float  # CPU seconds a megabyte
    size: int
    hostile: Hostile

    def at_a_megabyte(self, smaller: "Cost") -> float:
        """Return the rate to expect if it goes on growing with the size as it did from `smaller` on."""
        slope = (self.rate - smaller.rate) / (self.size - smaller.size)
        return self.rate + max(slope, 0) * (MEGABYTE - self.size)


def cost(format_: Format, hostile: Hostile, size: int, limit: float) -> Cost:
    """Measure one text; one over the limit a second time, as something else may have been slow."""
    rates = []
    for more in (0, 1):  # a repetition more, so that nothing that is kept counts
        text = hostile.text(size, more)
        spent = seconds(format_, hostile.path, text, GIVEN_UP * limit * len(text) / MEGABYTE)
        rates.append(spent * MEGABYTE / len(text))
        if rates[-1] <= limit:
            break
    return Cost(min(rates), size, hostile)


def rate(each: Cost) -> float:
    """Return what costs are ordered by."""
    return each.rate


def measured(name: str, limit: float) -> tuple[Cost, ...]:
    """Return what the texts of one format cost that were measured at more than the smallest size."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    format_ = next(each for each in formats() if each.name == name)
    all_texts = tuple(texts(format_))
    seconds(format_, place(format_), "".join(beginnings(format_)), 60.0)  # what it imports is not counted
    measure: Callable[[Hostile, int], Cost] = partial(cost, format_, limit=limit)
    slowest: dict[str, Cost] = {}
    for small in (measure(each, SMALL) for each in all_texts):
        slowest[small.hostile.repeated] = max(slowest.get(small.hostile.repeated, small), small, key=rate)
    again = sorted(slowest.values(), key=rate, reverse=True)[:SLOWEST]
    larger = [(measure(small.hostile, LARGER), small) for small in again]
    expected = [(each.at_a_megabyte(small), each) for each, small in larger]
    growing = sorted(expected, key=lambda pair: pair[0], reverse=True)[: LARGEST // 2]
    slow = sorted((each for _, each in expected), key=rate, reverse=True)[: LARGEST // 2]
    largest = dict.fromkeys(each.hostile for each in (*(each for _, each in growing), *slow))
    return (*(each for each, _ in larger), *(measure(each, MEGABYTE) for each in largest))


def shown(name: str, found: Iterable[Cost], limit: float, shortest: int = 5) -> Iterator[str]:
    """Yield a line for each of the slowest texts over the limit, or for the slowest text."""
    ordered = sorted(found, key=rate, reverse=True)
    over = [each for each in ordered if each.rate > limit]
    for each in over[:shortest] or ordered[:1]:
        yield f"{each.rate:8.2f} s/MB  {each.size // 1000:5} kB  {name:24} {each.hostile}"
    if len(over) > shortest:
        yield f"{'':24} {name}: {len(over) - shortest} more texts over the limit"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("formats", nargs="*", metavar="FORMAT")
    parser.add_argument("--limit", type=float, default=2.0, help="seconds a megabyte")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    names = [each.name for each in formats() if not arguments.formats or each.name in arguments.formats]
    slow, worst = 0, 0.0
    with ProcessPoolExecutor(arguments.processes) as pool:
        measure = partial(measured, limit=arguments.limit)
        for name, found in zip(names, pool.map(measure, names), strict=True):
            print("\n".join(shown(name, found, arguments.limit)), flush=True)
            slow += sum(each.rate > arguments.limit for each in found)
            worst = max(worst, *map(rate, found))
    print(f"{len(names)} formats: {slow} texts over {arguments.limit} s/MB, the slowest {worst:.2f} s/MB")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
