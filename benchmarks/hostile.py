"""Measure every format on texts that nobody writes: CPU seconds for each megabyte, the slowest first.

    PYTHONPATH=. python benchmarks/hostile.py [FORMAT...] [--limit 2.0] [--share 1] [--processes 2]
        [--results FILE] [--seconds 500]

`hostile_texts.py` makes the texts. Of each format every text (or every SHAREth) is measured while it is
small, the slowest of each repetition when it is ten times that, the slowest of those and those whose cost
grows when they are ten times larger still, and at a megabyte what would be over the limit there if its cost
went on growing as it did. So a cost that grows with the square of the length is found without a megabyte of
everything. What is small is not judged: in few characters the little that any file may ask for is much.

All formats take about an hour of one processor. With --results each format is a line of JSON as soon as it is
done, and is not measured again; with --seconds no further format is begun after that time. So a run goes on
where another stopped. Exit code 1 when some text needs more than --limit seconds a megabyte, 4 when formats
are left.
"""

import argparse
import gc
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from hostile_texts import Hostile, beginnings, place, texts

from planner.formats._base import NOTHING, Candidate, Format
from planner.formats._bounded import bounded
from planner.model.source import SourceFile
from planner.scanning.catalog import formats
from planner.scanning.judge import judged

SMALL, LARGER, LARGE, MEGABYTE = 3_000, 30_000, 300_000, 1_000_000  # characters
GIVEN_UP = 5  # times the limit
AGAIN = 40  # repetitions of each format that are measured again when they are larger
LARGEST = 4  # texts of each format that are measured when they are large
MEMORY = 3 << 30  # bytes; a text that would take more is one that takes too long
UNCOLLECTED = 50_000  # containers between collections of garbage, as in a scan
LEFT = 4  # exit code


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


@dataclass(frozen=True, slots=True)
class Result:
    """What the texts of one format cost."""

    format: str
    texts: int  # that there are
    measured: int  # of them, at the smallest size
    costs: tuple[tuple[float, int, str], ...]  # seconds a megabyte, characters, the text; the slowest first


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


def measured(name: str, limit: float, share: int) -> Result:
    """Return what the texts of one format cost that were measured at more than the smallest size."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    gc.set_threshold(UNCOLLECTED)
    format_ = next(each for each in formats() if each.name == name)
    all_texts = tuple(texts(format_))
    some = tuple(islice(all_texts, 0, None, share))
    seconds(format_, place(format_), "".join(beginnings(format_)), 60.0)  # what it imports is not counted
    costs = sorted(_costs(some, partial(cost, format_, limit=limit), limit), key=rate, reverse=True)
    told = tuple((round(each.rate, 3), each.size, str(each.hostile)) for each in costs)
    return Result(name, len(all_texts), len(some), told)


def _costs(some: Iterable[Hostile], measure: Callable[[Hostile, int], Cost], limit: float) -> Iterator[Cost]:
    """Yield what texts cost when they are larger, and the slowest when they are larger still."""
    slowest: dict[str, Cost] = {}
    for small in (measure(each, SMALL) for each in some):
        slowest[small.hostile.repeated] = max(slowest.get(small.hostile.repeated, small), small, key=rate)
    costs = sorted(slowest.values(), key=rate, reverse=True)[:AGAIN]
    for size in (LARGER, LARGE):
        expected = []
        for smaller in costs:
            larger = measure(smaller.hostile, size)
            yield larger
            expected.append((larger.at_a_megabyte(smaller), larger))
        costs = _suspected(expected)
    yield from (measure(each.hostile, MEGABYTE) for most, each in expected if most > limit)


def _suspected(expected: Iterable[tuple[float, Cost]]) -> list[Cost]:
    """Return the costs that are to be the largest at a megabyte, and those that are the largest now."""
    growing = sorted(expected, key=lambda pair: pair[0], reverse=True)
    slow = sorted(growing, key=lambda pair: pair[1].rate, reverse=True)
    both = (*growing[: LARGEST // 2], *slow[: LARGEST // 2])
    return list({each.hostile: each for _, each in both}.values())


def shown(result: Result, limit: float, shortest: int = 5) -> Iterator[str]:
    """Yield a line for each of the slowest texts over the limit, or for the slowest text."""
    over = [each for each in result.costs if each[0] > limit]
    for spent, size, text in over[:shortest] or result.costs[:1]:
        yield f"{spent:8.2f} s/MB  {size // 1000:5} kB  {result.format:24} {text}"
    if len(over) > shortest:
        yield f"{'':24} {result.format}: {len(over) - shortest} more measurements over the limit"


def kept(file: Path | None) -> dict[str, Result]:
    """Return the results of earlier runs, by the format."""
    lines = file.read_text().splitlines() if file and file.exists() else ()
    return {each["format"]: Result(**each) for each in map(json.loads, lines)}


def results(names: Iterable[str], arguments: argparse.Namespace) -> Iterator[Result]:
    """Yield what formats cost as soon as each is done; none is begun after the time that is given."""
    began, left = time.monotonic(), iter(names)
    measure = partial(measured, limit=arguments.limit, share=arguments.share)
    with ProcessPoolExecutor(arguments.processes) as pool:
        running = {pool.submit(measure, name) for name in islice(left, arguments.processes)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            if not arguments.seconds or time.monotonic() - began < arguments.seconds:
                running |= {pool.submit(measure, name) for name in islice(left, len(done))}
            yield from (each.result() for each in done)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("formats", nargs="*", metavar="FORMAT")
    parser.add_argument("--limit", type=float, default=2.0, help="seconds a megabyte")
    parser.add_argument("--share", type=int, default=1, help="measure every SHAREth text")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--results", type=Path, help="JSON lines: what is done, and where it is kept")
    parser.add_argument("--seconds", type=float, help="begin no format after this time")
    arguments = parser.parse_args()
    if unknown := set(arguments.formats) - {each.name for each in formats()}:
        parser.error(f"no such format: {', '.join(sorted(unknown))}")
    names = [each.name for each in formats() if not arguments.formats or each.name in arguments.formats]
    found = {name: result for name, result in kept(arguments.results).items() if name in names}
    for result in results((name for name in names if name not in found), arguments):
        found[result.format] = result
        print("\n".join(shown(result, arguments.limit)), flush=True)
        if arguments.results:
            with arguments.results.open("a") as file:
                file.write(json.dumps(asdict(result)) + "\n")
    return summary(names, found, arguments.limit)


def summary(names: list[str], found: dict[str, Result], limit: float) -> int:
    """Print what was measured and what was found; return the exit code."""
    done = found.values()
    slow = sum(spent > limit for each in done for spent, *_ in each.costs)
    worst = max((each.costs[0][0] for each in done if each.costs), default=0.0)
    read, there = sum(each.measured for each in done), sum(each.texts for each in done)
    print(
        f"{len(found)} of {len(names)} formats, {read} of {there} texts: {slow} over {limit} s/MB"
        f", the slowest {worst:.2f} s/MB; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )
    return LEFT if len(found) < len(names) else 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
