"""Readings of many files: taken from the cache where they are, else read, here or in other processes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from planner.formats._base import NOTHING
from planner.model.source import Text
from planner.scanning.catalog import Catalog, chosen
from planner.scanning.reading import NOTHING_READ, File, Reading, decode, encode, read, unreadable
from planner.sources import cache as kept
from planner.sources.tree import Entry, Tree, Unreadable

if TYPE_CHECKING:
    from concurrent.futures import Executor

CHUNK = 256  # files that one process reads at a time
KEPT = 4_096  # readings that are taken from the cache, or written to it, at a time
_PAYS = 2_000  # files from which on other processes are worth their start


class Task(Struct, frozen=True, gc=False):
    """A file to read with some formats, or again with one and the values that others give it."""

    path: str  # as it is reported
    entry: Entry
    formats: tuple[str, ...]
    given: tuple[tuple[str, Text], ...] = ()


class Means(Struct, frozen=True):
    """How files are read."""

    limit: int  # bytes of a file
    cache: kept.Cache | None = None
    executor: "Callable[[], Executor] | None" = None  # called when there is enough to read


def readings(
    tree: Tree, tasks: Iterable[Task], catalog: Catalog, means: Means
) -> Iterator[tuple[Task, Reading]]:
    """Yield the reading of each task, in the order of the tasks."""
    todo = list(tasks)
    if means.cache is None:
        yield from zip(todo, _fresh(tree, todo, catalog, means), strict=True)
        return
    keys = [_key(task, means) for task in todo]
    found: list[Reading | None] = []
    for start in range(0, len(keys), KEPT):
        some = keys[start : start + KEPT]
        known = means.cache.read(filter(None, some))
        found += [_kept(known.get(key)) for key in some]
    missing = [index for index, reading in enumerate(found) if reading is None]
    fresh = _fresh(tree, [todo[index] for index in missing], catalog, means)
    yield from zip(todo, _with_fresh(found, fresh, keys, means.cache), strict=True)


def _with_fresh(
    found: Iterable[Reading | None], fresh: Iterator[Reading], keys: list[bytes], cache: kept.Cache
) -> Iterator[Reading]:
    """Yield what is kept, and what is read now in the place of what is not, which is kept from now on.

    Lets go of the keys, which are in the order of what is found.
    """
    rows: list[tuple[bytes, bytes]] = []
    keys.reverse()
    for known in found:
        key = keys.pop()
        if known is not None:
            yield known
            continue
        reading = next(fresh)
        if key and (content := _bytes(reading)) is not None:
            rows.append((key, content))
        if len(rows) == KEPT:
            cache.write(rows)
            rows = []
        yield reading
    if rows:
        cache.write(rows)


def _fresh(tree: Tree, tasks: Sequence[Task], catalog: Catalog, means: Means) -> Iterator[Reading]:
    """Yield what reading the files gives, some files at a time."""
    chunks = [tasks[start : start + CHUNK] for start in range(0, len(tasks), CHUNK)]
    if len(tasks) < _PAYS or means.executor is None:
        for chunk in chunks:
            yield from read_chunk(tree, chunk, catalog, means.limit)
        return
    names = tuple(catalog.cards)
    yield from _spread(means.executor, partial(_elsewhere, tree, names, means.limit), chunks)


_Chunks = Sequence[Sequence[Task]]
_Read = Callable[[Sequence[Task]], list[Reading]]


def _spread(start: "Callable[[], Executor]", read_one: _Read, chunks: _Chunks) -> list[Reading]:
    """Read chunks in other processes; a file that makes a process die is found by halving, and reported."""
    from concurrent.futures import BrokenExecutor

    results: list[list[Reading] | None] = []
    with start() as executor:
        for future in [executor.submit(read_one, chunk) for chunk in chunks]:
            try:
                results.append(future.result())
            except BrokenExecutor:
                results.append(None)
    lost = [chunk for chunk, result in zip(chunks, results, strict=True) if result is None]
    again = iter(_halved(start, read_one, lost)) if lost else iter(())
    return [reading for result in results for reading in (result if result is not None else next(again))]


def _halved(start: "Callable[[], Executor]", read_one: _Read, lost: _Chunks) -> Iterator[list[Reading]]:
    if len(lost) > 1:
        for chunk in lost:
            yield _spread(start, read_one, [chunk])
    elif len(lost[0]) > 1:
        half = len(lost[0]) // 2
        yield _spread(start, read_one, [lost[0][:half]]) + _spread(start, read_one, [lost[0][half:]])
    else:
        yield [unreadable(lost[0][0].path, "a process died when it read this file; it was left out")]


def _elsewhere(tree: Tree, names: tuple[str, ...], limit: int, tasks: Sequence[Task]) -> list[Reading]:
    """Do a chunk in a process that has loaded nothing yet."""
    return read_chunk(tree, tasks, chosen(names), limit)


def read_chunk(tree: Tree, tasks: Sequence[Task], catalog: Catalog, limit: int) -> list[Reading]:
    """Return the reading of each task, in order."""
    above = tree.full("")
    contents = tree.contents((task.entry for task in tasks), limit)
    return [_one(task, above, content, catalog) for task, content in zip(tasks, contents, strict=True)]


def _one(task: Task, above: str, content: bytes | Unreadable, catalog: Catalog) -> Reading:
    if isinstance(content, Unreadable):
        return unreadable(task.path, content.reason)
    given = dict(task.given) if task.given else NOTHING
    return read(File(task.path, above + task.entry.path), content, task.formats, catalog, given)


def _key(task: Task, means: Means) -> bytes:
    """Return the key that a reading is kept under; empty if nothing identifies the content."""
    if not task.entry.identity:
        return b""
    given = repr([(name, value.runs) for name, value in task.given])
    return kept.key(task.entry.identity, task.path, ",".join(task.formats), given, str(means.limit))


def _kept(content: bytes | None) -> Reading | None:
    """Return a reading that was kept; an empty one is an empty text, because most are."""
    if content is None:
        return None
    try:
        return decode(content)[0] if content else NOTHING_READ
    except msgspec.DecodeError:
        return None


def _bytes(reading: Reading) -> bytes | None:
    if reading is NOTHING_READ:
        return b""
    try:
        return encode([reading])
    except UnicodeEncodeError:
        return None  # a value with bytes that are no text
