"""Rounds of reading: each file once by itself, and again with each set of values that other files give it.

Formats that take values and give none come last, when all that they may be given is known; so what is never
used without such values is not read without them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from msgspec import Struct, field
from msgspec.structs import replace

from planner import resolve
from planner.errors import InvalidReference
from planner.formats._base import Binding
from planner.model.reference import Reference
from planner.model.source import printable
from planner.scanning.catalog import Catalog
from planner.scanning.gather import Means, Task, readings
from planner.scanning.reading import NOTHING_READ, Finding, Reading
from planner.sources.tree import Tree

_ROUNDS = 5  # values may travel .env -> compose -> Dockerfile; a longer way is a loop


class Files(Struct, frozen=True):
    """The files of a tree that some format claims, by their paths in the inventory."""

    tree: Tree
    tasks: dict[str, Task]


class Readings(Struct):
    """What reading all files gave, before it is joined."""

    own: dict[str, Reading] = field(default_factory=dict)  # by path: with its own values alone
    again: dict[str, dict[resolve.Use, Reading]] = field(default_factory=dict)  # with values that others set
    uses: dict[resolve.Use, None] = field(
        default_factory=dict
    )  # those that there are once all values are known
    replaced: set[tuple[str, str]] = field(default_factory=set)  # (path, format) never used alone

    def namesakes(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return, by file and name, the files that build something of that name from it and from no other.

        A name is without its version.
        """
        made: dict[str, dict[str, dict[str, None]]] = {}  # by name, the file it is built from, who says so
        for origin, bindings in _bindings(self).items():
            for target, text in ((each.target, text) for each in bindings for text in each.makes):
                with suppress(InvalidReference):
                    name = Reference.parse(text).name
                    made.setdefault(name, {}).setdefault(target, {})[origin] = None
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for name, sources in made.items():
            for target, origins in sources.items() if len(sources) == 1 else ():
                found.setdefault(target, {})[name] = tuple(map(printable, origins))
        return found

    def take(self) -> Iterator[tuple[str, list[Reading], list[Finding]]]:
        """Yield each path with its readings and what counts of their findings, and let go of them.

        What a format found without the values that it always has does not count, nor while some of them
        were not known yet.
        """
        for path in sorted({*self.own, *self.again}, key=printable):
            own, again = self.own.pop(path, NOTHING_READ), self.again.pop(path, {})
            alone = {name for name in own.formats if (path, name) in self.replaced}
            found = [each for each in own.findings if each.found.format not in alone]
            found += [each for use in again if use in self.uses for each in again[use].findings]
            yield path, [own, *again.values()], found


def read_all(places: Sequence[Files], catalog: Catalog, means: Means) -> Readings:
    """Read all files, as often as they are used."""
    result = Readings()
    for place in places:
        for task, reading in readings(place.tree, _first(place, catalog), catalog, means):
            if reading is not NOTHING_READ:
                result.own[task.path] = reading
    done: set[resolve.Use] = set()
    for _ in range(_ROUNDS):
        bindings = _bindings(result)
        result.uses = dict.fromkeys(resolve.uses(_known(result, bindings), bindings))
        fresh = [use for use in result.uses if use not in done]
        _read_uses(result, fresh, places, catalog, means)
        if not fresh:
            break
        done.update(fresh)
    bindings = _bindings(result)
    result.replaced = resolve.replaced(_known(result, bindings), bindings)
    _read_last(result, bindings, places, catalog, means)
    return result


def _first(place: Files, catalog: Catalog) -> Iterator[Task]:
    """Yield what is read before anything is known of other files."""
    for task in place.tasks.values():
        if catalog.last.isdisjoint(task.formats):
            yield task
        elif names := tuple(name for name in task.formats if name not in catalog.last):
            yield replace(task, formats=names)


def _read_uses(
    result: Readings, uses: Iterable[resolve.Use], places: Sequence[Files], catalog: Catalog, means: Means
) -> None:
    wanted = list(uses)
    for place in places:
        tasks = {
            use: Task(use.path, of.entry, (use.format,), use.variables)
            for use in wanted
            if (of := place.tasks.get(use.path))
        }
        read = readings(place.tree, tasks.values(), catalog, means)
        for use, (task, reading) in zip(tasks, read, strict=True):
            if reading is not NOTHING_READ:
                result.again.setdefault(task.path, {})[use] = reading


def _read_last(
    result: Readings,
    bindings: dict[str, list[Binding]],
    places: Sequence[Files],
    catalog: Catalog,
    means: Means,
) -> None:
    """Read what gives nothing to others: alone, where it may be used so, and with each set of values."""
    known: dict[tuple[str, str], tuple[str, ...]] = {
        (path, name): ()
        for place in places
        for path, task in place.tasks.items()
        for name in task.formats
        if name in catalog.last
    }
    always = resolve.replaced(known, bindings)
    alone = [resolve.Use(path, name, ()) for path, name in known if (path, name) not in always]
    wanted = [*alone, *resolve.uses(known, bindings)]
    _read_uses(result, wanted, places, catalog, means)
    result.uses.update(dict.fromkeys(wanted))


def _known(result: Readings, bindings: dict[str, list[Binding]]) -> resolve.Known:
    """Return what was read of the formats that values are given to, and the names that each file defines."""
    targets = {binding.format for found in bindings.values() for binding in found}
    return {
        (path, name): [defined for each, defined in reading.definitions if each == name]
        for path, reading in result.own.items()
        for name in reading.formats
        if name in targets
    }


def _bindings(result: Readings) -> dict[str, list[Binding]]:
    """Return what each file gives to others, by its path."""
    found: dict[str, list[Binding]] = {}
    for path, own in result.own.items():
        for reading in (own, *result.again.get(path, {}).values()):
            if reading.bindings:
                found.setdefault(path, []).extend(each.binding() for each in reading.bindings)
    return found
