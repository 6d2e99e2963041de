"""The scan: trees in, an inventory out.

Names decide what is opened, a search for a few words what is parsed, and content what it is. Every file is
read once by itself, and again with each set of values that other files give it.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from planner import resolve
from planner.config import ScanSettings
from planner.errors import NoInput
from planner.formats._base import Binding
from planner.formats._patterns import matcher
from planner.model.inventory import Found, Inventory, Occurrence, Output, Pattern, Source, Unresolved
from planner.model.reference import Reference
from planner.model.source import printable
from planner.scanning.catalog import Catalog, chosen
from planner.scanning.gather import Means, Task, readings
from planner.scanning.reading import NOTHING_READ, File, Finding, Reading, read_nameless
from planner.sources import cache as kept
from planner.sources.tree import Entry, Tree
from planner.sources.worktree import SingleFile, Worktree

STANDARD_INPUT = "-"
_DEFAULTS = ScanSettings()
_MOST_KEPT = 50_000  # findings of an inventory that is kept whole; those of a larger one are kept by file
_ROUNDS = 5  # values may travel .env -> compose -> Dockerfile; a longer way is a loop
_INVENTORY = msgspec.msgpack.Decoder(Inventory, dec_hook=lambda _, text: Reference.parse(text))
_UNCOLLECTED = 50_000  # containers made since the last collection; Python's default is 700


@dataclass(frozen=True, slots=True)
class Place:
    """A tree, as it was named, and what its paths begin with in the inventory."""

    tree: Tree
    name: str
    prefix: str = ""


@dataclass(slots=True)
class _Listing:
    """What one place holds."""

    place: Place
    entries: tuple[Entry, ...]
    tasks: dict[str, Task] = field(default_factory=dict)  # by path, for what some format claims


@dataclass(slots=True)
class _Result:
    """What reading all files gave, before it is joined."""

    own: dict[str, Reading] = field(default_factory=dict)  # by path: with its own values alone
    again: dict[str, list[Reading]] = field(default_factory=dict)  # with values that others set
    replaced: set[tuple[str, str]] = field(default_factory=set)  # (path, format) never used alone


def scan(paths: Iterable[Path], settings: ScanSettings = _DEFAULTS, means: Means | None = None) -> Inventory:
    """Scan directories and files. Raises NoInput for a path that does not exist."""
    named = tuple(paths)
    return scan_places([_place(path, alone=len(named) == 1) for path in named], settings, means)


def scan_places(
    places: Sequence[Place], settings: ScanSettings = _DEFAULTS, means: Means | None = None
) -> Inventory:
    """Scan trees of any kind. Raises SourceError for one that cannot be listed."""
    means = means or Means(settings.max_file_size)
    listings = [_Listing(place, place.tree.entries()) for place in places]
    key = _key(listings, settings) if means.cache else b""
    if means.cache and key and (known := _known(means.cache.read([key]).get(key))):
        return known
    with _garbage_rarely_collected():
        catalog = chosen(settings.select, settings.ignore)
        for listing in listings:
            listing.tasks = _tasks(listing, catalog, settings)
        result = _read_all(listings, catalog, means)
        inventory = _inventory(listings, result, catalog, settings)
    if means.cache and key and len(inventory.found) <= _MOST_KEPT:
        means.cache.write([(key, msgspec.msgpack.encode(inventory, enc_hook=str))])
    return inventory


def scan_bytes(content: bytes, settings: ScanSettings = _DEFAULTS) -> Inventory:
    """Scan one text of no name, as from standard input. Raises NoInput when it is empty."""
    if not content.strip():
        raise NoInput(
            "standard input is empty", hint="pipe a manifest into it, or name a file or a directory"
        )
    catalog = chosen(settings.select, settings.ignore)
    file = File(STANDARD_INPUT, STANDARD_INPUT)
    result = _Result({STANDARD_INPUT: read_nameless(file, content, catalog)})
    return _joined((Source(STANDARD_INPUT, 1),), result, [], catalog, settings)


def _place(path: Path, *, alone: bool) -> Place:
    """Take an argument for a tree. With several, paths begin with the argument so that they stay apart."""
    if not path.exists() and not path.is_symlink():
        raise NoInput(
            f"{str(path)!r} does not exist", hint="name a directory, a file, or - for standard input"
        )
    if not path.is_dir():
        folder = path.parent.as_posix()
        return Place(SingleFile(path), str(path), "" if folder == "." else f"{folder.rstrip('/')}/")
    return Place(Worktree(path), str(path), "" if alone else f"{path.as_posix().rstrip('/')}/")


def _tasks(listing: _Listing, catalog: Catalog, settings: ScanSettings) -> dict[str, Task]:
    place, found = listing.place, {}
    included = matcher(settings.include) if settings.include else None
    excluded = matcher(settings.exclude) if settings.exclude else None
    root = place.tree.full("")
    for entry in listing.entries:
        if entry.problem or (included and not included.search(entry.path)):
            continue
        if excluded and excluded.search(entry.path):
            continue
        full = root + entry.path
        claims = catalog.claims(full)
        if claims:
            file = File(place.prefix + entry.path, full)
            found[file.path] = Task(file, entry, claims)
    return found


def _read_all(listings: Sequence[_Listing], catalog: Catalog, means: Means) -> _Result:
    """Read every file once, and again each file that others set variables of."""
    result = _Result()
    for listing in listings:
        for task, reading in readings(listing.place.tree, listing.tasks.values(), catalog, means):
            if reading is not NOTHING_READ:
                result.own[task.file.path] = reading
    done: set[resolve.Use] = set()
    for _ in range(_ROUNDS):
        known, bindings = _known_formats(result), _bindings(result)
        fresh = [use for use in resolve.uses(known, bindings) if use not in done]
        for listing in listings:
            tasks = [
                Task(of.file, of.entry, (use.format,), use.variables)
                for use in fresh
                if (of := listing.tasks.get(use.path))
            ]
            for task, reading in readings(listing.place.tree, tasks, catalog, means):
                result.again.setdefault(task.file.path, []).append(reading)
        if not fresh:
            break
        done.update(fresh)
    result.replaced = resolve.replaced(_known_formats(result), _bindings(result))
    return result


def _known_formats(result: _Result) -> resolve.Known:
    """Return what was read, and the names that each file defines."""
    return {
        (path, name): [defined for each, defined in reading.definitions if each == name]
        for path, reading in result.own.items()
        for name in reading.formats
    }


def _bindings(result: _Result) -> dict[str, list[Binding]]:
    """Return what each file gives to others, by its path."""
    found: dict[str, list[Binding]] = {}
    for path, own in result.own.items():
        for reading in (own, *result.again.get(path, ())):
            if reading.bindings:
                found.setdefault(path, []).extend(each.binding() for each in reading.bindings)
    return found


def _inventory(
    listings: Sequence[_Listing], result: _Result, catalog: Catalog, settings: ScanSettings
) -> Inventory:
    sources = tuple(
        Source(printable(each.place.name), len(each.entries), each.place.tree.revision()) for each in listings
    )
    problems = [
        Unresolved(printable(listing.place.prefix + entry.path), 1, "", "", entry.problem)
        for listing in listings
        for entry in listing.entries
        if entry.problem
    ]
    for listing in listings:
        listing.entries, listing.tasks = (), {}
    return _joined(sources, result, problems, catalog, settings)


def _joined(
    sources: tuple[Source, ...],
    result: _Result,
    problems: list[Unresolved],
    catalog: Catalog,
    settings: ScanSettings,
) -> Inventory:
    found: list[Found] = list(problems)
    digests: dict[str, str] = {}
    while result.own:  # what is joined is not needed any more, and a large tree has much of it
        path, own = result.own.popitem()
        before = len(found)
        found += [each.problem for each in (own, *result.again.get(path, ())) if each.problem]
        found += resolve.one_file(_findings(path, own, result), catalog.general)
        if own.digest and len(found) > before:
            digests[printable(path)] = own.digest
    fixtures = matcher(settings.fixtures) if settings.fixtures and not settings.plan_fixtures else None
    if fixtures:
        found = [_marked(item) if fixtures.search(item.path) else item for item in found]
    ordered = tuple(sorted(dict.fromkeys(resolve.with_rules(resolve.with_outputs(found))), key=order))
    return Inventory(sources, ordered, dict(sorted(digests.items())))


def _findings(path: str, own: Reading, result: _Result) -> Iterator[Finding]:
    """Yield what was found in a file; what a format found without the values it always has does not count."""
    alone = {name for name in own.formats if (path, name) in result.replaced}
    yield from (each for each in own.findings if each.found.format not in alone)
    for reading in result.again.get(path, ()):
        yield from reading.findings


def _marked(item: Found) -> Found:
    """Return what was found as something that only tests read."""
    return item if isinstance(item, Output) else msgspec.structs.replace(item, fixture=True)


def order(item: Found) -> tuple[str, int, int, str]:
    """Return what findings are sorted by."""
    reference = str(item.reference) if isinstance(item, Occurrence) else item.text
    return item.path, item.line, item.column if isinstance(item, Occurrence | Pattern) else 0, reference


def _key(listings: Sequence[_Listing], settings: ScanSettings) -> bytes:
    """Return under what the inventory is kept; empty where the content of some file is not told."""
    parts = [msgspec.json.encode(settings).decode()]
    for listing in listings:
        place = listing.place
        parts += [place.name, place.prefix, place.tree.full(""), place.tree.revision()]
        for entry in listing.entries:
            if not entry.identity and not entry.problem:
                return b""
            parts += [entry.path, entry.identity or entry.problem]
    return kept.key(*parts)


def _known(content: bytes | None) -> Inventory | None:
    try:
        return _INVENTORY.decode(content) if content else None
    except msgspec.MsgspecError:
        return None


@contextmanager
def _garbage_rarely_collected() -> Iterator[None]:
    """Let values pile up between collections: they are made by the million, and few stand in a circle."""
    before = gc.get_threshold()
    gc.set_threshold(_UNCOLLECTED, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
