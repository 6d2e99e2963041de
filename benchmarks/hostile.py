"""Measure every format on texts that nobody writes: CPU seconds for each megabyte, the slowest first.

    PYTHONPATH=. python benchmarks/hostile.py [FORMAT...] [--limit 2.0] [--processes 2]

A text is a beginning that makes the format read it, something again and again, and an end. It begins with the
format's own words, or it is a real file of `tests/corpus` with the repetition where it names an image. Every
text is measured while it is small; the slowest of each repetition when it is larger; and what would be
slowest if its cost went on growing as it did, at a megabyte. So a cost that grows with the square of the
length is found without a megabyte of everything. Exit code 1 when some text needs more than --limit seconds
a megabyte.
"""

import argparse
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

from planner.formats._base import NOTHING, Candidate, Format
from planner.formats._bounded import bounded
from planner.formats._patterns import expanded
from planner.model.source import SourceFile
from planner.scanning.catalog import chosen, formats
from planner.scanning.judge import judged

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
SMALL, LARGER, MEGABYTE = 3_000, 30_000, 1_000_000  # characters
GIVEN_UP = 5  # times the limit
SLOWEST = 80  # repetitions of each format that are measured again when they are larger
LARGEST = 6  # texts of each format that are measured at a megabyte
FILES, LINES = 2, 12  # of the corpus, for each format
ANY_OF = re.compile(r"\[(.)[^]]*\]")  # in a glob
STAIRS = 40  # levels of indentation
SIGNS = (
    "{{", "}}", "${", "$(", "${{ a", "{%", "<%", "{", "}", "[", "]", "(", ")", "<", ">", "<<", '"', "'", "`",
    '"""', "'''", "\\", '\\"', "\\\n", "$a", "%a%", "%{", "@", "#", "/*", "//", "--", "- ", "? ", ": ",
    "a: ", "a:\n", "a=", '"a":', '{"a":', "[{", "&a ", "*a ", "!t ", "| \n", "<<EOF\n", "<!--", "<a>",
    "<a b='", "a ? b : ", "a.", "a(", "f(a, ", "a + ", "+ ", "a,", ";", "\n", "\r\n", "\t", " ", " a", "a",
    "A_", "/", "a/", ":", "-", "image: ", "FROM a\n", "x: {{ y }}\n", "docker run ", "docker pull a\n",
    "nginx:1 ", "a | ", "a && ", "if a; then ", "for i in a; do ", "\0", "é", " \t\n", "{{ a | ", "${a:-",
    "${{ a && ", "{% if a %}", "{# ", "$(a ", "a[0]", "a => ", "!a ", 'f"{', "a = b\n", "a = a + a\n",
    "- &a [*a, *a]\n",
)  # fmt: skip
OPENINGS = ("{{", "${", "$(", "[", "(", '"', "'", "\\", "\n", " ")
OWN = ("{}", "{}: ", "{}:\n", "- {}: a\n", "{{{}: ", '{{"{}": [', "{} {{\n", "{}(", '{} = "', "<{}>", "{} a ")


@dataclass(frozen=True, slots=True)
class Hostile:
    """A text of any size; `after` ends it."""

    path: str
    before: str
    repeated: str
    after: str = ""

    def text(self, size: int, more: int = 0) -> str:
        """Return it with about `size` characters, and `more` repetitions."""
        return self.before + self.repeated * (max(size // len(self.repeated), 1) + more) + self.after

    def __str__(self) -> str:
        return f"{self.before[-20:]!r} {self.repeated[:40]!r}…"


class GivenUp(BaseException):
    """A text took too long; no format may catch this."""


def place(format_: Format) -> str:
    """Return a path that a format reads."""
    glob = ANY_OF.sub(r"\1", expanded(format_.patterns[0])[0])
    return glob.replace("**/", "a/").replace("**", "a").replace("*", "x").replace("?", "x").lstrip("/")


def words(format_: Format, most: int) -> Iterator[str]:
    """Yield the words of a format, the first `most` of each group."""
    return (word.decode("utf-8", "replace") for group in format_.words for word in group[:most])


def repetitions(format_: Format) -> Iterator[str]:
    """Yield what is said again and again: signs, opening in opening, and the format's own words as keys."""
    yield from SIGNS
    yield from ("".join(pair) for pair in product(OPENINGS, OPENINGS) if pair[0] != pair[1])
    for word in words(format_, 2):
        yield from (shape.format(word.strip(' ":({=<')) for shape in OWN)
        yield "".join(f"{' ' * level}{word}:\n" for level in range(STAIRS))


def beginnings(format_: Format) -> Iterator[str]:
    """Yield what a text begins with: the format's words as lines, as keys, in a row, with an open string."""
    first = tuple(words(format_, 1)) or ("a",)
    yield "".join(f"{word}\n" for word in first)
    yield "".join(f"{word}: a\n" for word in first)
    yield " ".join(first) + " "
    yield " ".join(first) + '"'


def real(format_: Format) -> Iterator[tuple[SourceFile, int]]:
    """Yield files of the corpus, the longest first, with the offset at which the format finds an image."""
    catalog = chosen((format_.name,))
    files = sorted((file for file in (CORPUS / format_.name).rglob("*") if file.is_file()), key=size_of)
    found = 0
    for file in reversed(files):
        path = file.relative_to(CORPUS / format_.name).as_posix()
        content = file.read_bytes()
        if not catalog.claims(path) or not catalog.cards[format_.name].wanted(content):
            continue
        source = SourceFile(path, content.decode("utf-8", "surrogateescape"))
        candidates = (item for item in format_.extract(source, NOTHING) if isinstance(item, Candidate))
        start = next((item.start for item in candidates if not item.problem), None)
        if start is not None:
            yield source, start
            found += 1
        if found == FILES:
            return


def size_of(file: Path) -> tuple[int, Path]:
    """Return what orders files by their size, and equal ones by name."""
    return file.stat().st_size, file


def texts(format_: Format) -> Iterator[Hostile]:
    """Yield all texts for a format."""
    again = tuple(dict.fromkeys(filter(None, repetitions(format_))))
    path = place(format_)
    yield from (Hostile(path, before, each) for before in beginnings(format_) for each in again)
    for source, start in real(format_):
        before, after = source.text[:start], source.text[start:]
        yield from (Hostile(source.path, before, each, after) for each in again)
        yield Hostile(source.path, "", source.text)
        lines = source.text.splitlines(keepends=True)
        for line in tuple(dict.fromkeys(lines))[:LINES]:
            at = lines.index(line)
            yield Hostile(source.path, "".join(lines[:at]), line, "".join(lines[at:]))


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
    except (GivenUp, SystemError):  # the latter where it is raised below C
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
    format_ = next(each for each in formats() if each.name == name)
    all_texts = tuple(texts(format_))
    seconds(format_, place(format_), "".join(beginnings(format_)), 60.0)  # what it imports is not counted
    measure: Callable[[Hostile, int], Cost] = partial(cost, format_, limit=limit)
    slowest: dict[str, Cost] = {}
    for small in (measure(each, SMALL) for each in all_texts):
        slowest[small.hostile.repeated] = max(slowest.get(small.hostile.repeated, small), small, key=rate)
    again = sorted(slowest.values(), key=rate, reverse=True)[:SLOWEST]
    larger = [(measure(small.hostile, LARGER), small) for small in again]
    within = [(each.at_a_megabyte(small), each) for each, small in larger if each.rate <= limit]
    growing = sorted(within, key=lambda pair: pair[0], reverse=True)[: LARGEST // 2]
    slow = sorted((each for _, each in within), key=rate, reverse=True)[: LARGEST // 2]
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
