"""Measure every format on texts that nobody writes: CPU seconds for each megabyte, the slowest first.

    python benchmarks/hostile.py [FORMAT...] [--kilobytes 200] [--limit 2.0]

Each text is a beginning that makes the format read it, and then one sign, or a few, again and again: openings
that are never closed, closings, quotes, escapes, variables, and the format's own words. Exit code 1 when some
text needs more than `--limit` seconds a megabyte.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator

from planner.formats._base import NOTHING
from planner.formats._patterns import expanded
from planner.model.source import SourceFile
from planner.scanning.catalog import formats
from planner.scanning.judge import judged

SIGNS = (
    "{{", "}}", "${", "$(", "${{ a", "{%", "<%", "{", "}", "[", "]", "(", ")", "<", ">", "<<", '"', "'", "`",
    '"""', "'''", "\\", "\\\"", "\\\n", "$a", "%a%", "@", "#", "/*", "//", "--", "- ", ": ", "a: ", "a:\n",
    "a=", '"a":', '{"a":', "[{", "&a ", "*a ", "!t ", "| \n", "<<EOF\n", "<!--", "<a>", "<a b='", "a ? b : ",
    "a.", "a(", "f(a, ", "a + ", "\n", "\r\n", "\t", " ", "a", "/", "a/", ":", "image: ", "FROM a\n",
    "x: {{ y }}\n", "docker run ", "docker pull a\n", "nginx:1 ", "a | ", "a && ", "if a; then ",
    "for i in a; do ", "\0", "é",
)  # fmt: skip


def place(patterns: tuple[str, ...]) -> str:
    """Return a path that a format reads."""
    glob = expanded(patterns[0])[0]
    return glob.replace("**/", "a/").replace("**", "a").replace("*", "x").replace("?", "x").lstrip("/")


def beginnings(words: tuple[tuple[bytes, ...], ...]) -> Iterator[str]:
    """Yield what a text begins with: the format's words as keys, as a call, or not at all."""
    first = [group[0].decode("utf-8", "replace") for group in words]
    yield "".join(f"{word}\n" for word in first)
    yield "".join(f"{word}: a\n" for word in first)
    yield " ".join(first) + " "


def texts(words: tuple[tuple[bytes, ...], ...], size: int) -> Iterator[tuple[str, str]]:
    """Yield what repeats in each text, and the text."""
    own = tuple(word.decode("utf-8", "replace") for group in words for word in group[:2])
    for beginning in beginnings(words):
        for sign in SIGNS + own:
            yield f"{beginning[:20]!r} {sign!r}", beginning + sign * (size // len(sign))


def seconds(name: str, path: str, text: str) -> float:
    """Return the CPU seconds that one text costs."""
    format_ = next(each for each in formats() if each.name == name)
    before = time.process_time()
    source = SourceFile(path, text)
    for item in format_.extract(source, NOTHING):
        if hasattr(item, "problem"):
            judged(source, name, item)
    return time.process_time() - before


def measured(
    name: str, patterns: tuple[str, ...], words: tuple[tuple[bytes, ...], ...], size: int, most: float
) -> Iterator[tuple[float, str]]:
    """Yield (seconds a megabyte, what repeats) for each text; what takes longer than `most` is cut off."""
    path = place(patterns)
    pool = None
    for what, text in texts(words, size):
        pool = pool or multiprocessing.get_context("fork").Pool(1)
        try:
            spent = pool.apply_async(seconds, (name, path, text)).get(timeout=most)
        except multiprocessing.TimeoutError:
            spent = most
            pool.terminate()
            pool = None
        yield spent * 1_000_000 / len(text), what
    if pool:
        pool.terminate()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("formats", nargs="*", metavar="FORMAT")
    parser.add_argument("--kilobytes", type=int, default=200)
    parser.add_argument("--limit", type=float, default=2.0, help="seconds a megabyte")
    parser.add_argument("--most", type=float, default=5.0, help="seconds after which a text is given up")
    arguments = parser.parse_args()
    slow = 0
    for each in formats():
        if arguments.formats and each.name not in arguments.formats:
            continue
        size = arguments.kilobytes * 1000
        found = sorted(measured(each.name, each.patterns, each.words, size, arguments.most), reverse=True)
        over = [entry for entry in found if entry[0] > arguments.limit]
        slow += len(over)
        for spent, what in over or found[:1]:
            print(f"{spent:8.2f} s/MB  {each.name:24} {what}", flush=True)
    print(f"{slow} texts over {arguments.limit} s/MB")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
