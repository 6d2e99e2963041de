"""The scan: trees in, an inventory out.

Names decide what is opened, a search for a few words what is parsed, and content what it is. Every file is
read once by itself, and again with each set of values that other files give it.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import msgspec
from msgspec import Struct

from planner import resolve
from planner.config import ScanSettings
from planner.errors import NoInput
from planner.formats._patterns import matcher
from planner.model.inventory import Found, Inventory, Occurrence, Output, Pattern, Source, Unresolved
from planner.model.reference import Reference
from planner.model.source import printable
from planner.outputs import settled, with_namesakes
from planner.ownership import Declared, declared, owned
from planner.rounds import Files, Readings, read_all
from planner.scanning.catalog import Catalog, chosen
from planner.scanning.gather import Means, Task
from planner.scanning.reading import File, read_nameless
from planner.sources import cache as kept
from planner.sources.revision import is_bare
from planner.sources.revision import resolve as commit_of
from planner.sources.tree import Entry, Tree
from planner.sources.worktree import SingleFile, Worktree

STANDARD_INPUT = "-"
_DEFAULTS = ScanSettings()
_MOST_KEPT = 50_000  # findings of an inventory that is kept whole; those of a larger one are kept by file
_INVENTORY = msgspec.msgpack.Decoder(Inventory, dec_hook=lambda _, text: Reference.parse(text))
_UNCOLLECTED = 50_000  # containers made since the last collection; Python's default is 700


class Place(Struct, frozen=True):
    """A tree, as it was named, and what its paths begin with in the inventory."""

    tree: Tree
    name: str
    prefix: str = ""


class _Listing(Struct, frozen=True):
    """What one place holds."""

    place: Place
    entries: tuple[Entry, ...]
    owners: tuple[Declared, ...]


def scan(paths: Iterable[Path], settings: ScanSettings = _DEFAULTS, means: Means | None = None) -> Inventory:
    """Scan directories and files. Raises NoInput for a path that does not exist."""
    return scan_places(places(paths, identified=bool(means and means.cache)), settings, means)


def places(paths: Iterable[Path], *, identified: bool = True) -> list[Place]:
    """Return directories and files as trees, each with what its paths begin with in an inventory.

    `identified` trees tell contents apart without reading them. Raises NoInput for a path that does not
    exist.
    """
    named = tuple(paths)
    return [_place(path, alone=len(named) == 1, identified=identified) for path in named]


def scan_places(
    places: Sequence[Place], settings: ScanSettings = _DEFAULTS, means: Means | None = None
) -> Inventory:
    """Scan trees of any kind. Raises SourceError for one that cannot be listed."""
    means = means or Means(settings.max_file_size)
    listings = [_listed(place) for place in places]
    declarations = [each for listing in listings for each in listing.owners]
    key = _key(listings, settings) if means.cache else b""
    if means.cache and key and (known := _known(means.cache.read([key]).get(key))):
        return known
    with _garbage_rarely_collected():
        catalog = chosen(settings.select, settings.ignore)
        files = [Files(listing.place.tree, _tasks(listing, catalog, settings)) for listing in listings]
        sources, problems = tuple(map(_source, listings)), [*_problems(listings, settings)]
        listings.clear()  # what no format claims is no longer needed, and a large tree has much of it
        inventory = _joined(sources, read_all(files, catalog.whole, means), problems, catalog, settings)
        inventory = _owned(inventory, declarations, means.limit)
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
    result = Readings({STANDARD_INPUT: read_nameless(file, content, catalog)})
    return _joined((Source(STANDARD_INPUT, 1),), result, [], catalog, settings)


def _place(path: Path, *, alone: bool, identified: bool) -> Place:
    """Return an argument as a tree. With several, paths begin with the argument so that they stay apart."""
    if not path.exists() and not path.is_symlink():
        raise NoInput(
            f"{str(path)!r} does not exist", hint="name a directory, a file, or - for standard input"
        )
    if not path.is_dir():
        folder = path.parent.as_posix()
        return Place(SingleFile(path), str(path), "" if folder == "." else f"{folder.rstrip('/')}/")
    tree = commit_of(path, "HEAD") if is_bare(path) else Worktree(path, identified)
    return Place(tree, str(path), "" if alone else f"{path.as_posix().rstrip('/')}/")


def _listed(place: Place) -> _Listing:
    entries = place.tree.entries()
    return _Listing(place, entries, declared(place.tree, entries, place.prefix))


def _owned(inventory: Inventory, declarations: Iterable[Declared], limit: int) -> Inventory:
    """Return an inventory with the owners of what was found."""
    paths = dict.fromkeys(item.path for item in inventory.found)
    owners, problems = owned(declarations, paths, limit)
    found = tuple(sorted((*inventory.found, *problems), key=order)) if problems else inventory.found
    return msgspec.structs.replace(inventory, found=found, owners=owners)


def _tasks(listing: _Listing, catalog: Catalog, settings: ScanSettings) -> dict[str, Task]:
    place, found = listing.place, {}
    read = _chosen_paths(settings)
    root = place.tree.full("")
    for entry in listing.entries:
        if entry.problem or not read(entry.path):
            continue
        if readers := catalog.readers(root + entry.path):
            path = place.prefix + entry.path
            found[path] = Task(path, entry, readers)
    return found


def _chosen_paths(settings: ScanSettings) -> Callable[[str], bool]:
    """Return what tells whether a path is read."""
    included = matcher(settings.include) if settings.include else None
    excluded = matcher(settings.exclude) if settings.exclude else None

    def read(path: str) -> bool:
        if included and not included.search(path):
            return False
        return not (excluded and excluded.search(path))

    return read


def _source(listing: _Listing) -> Source:
    place = listing.place
    return Source(printable(place.name), len(listing.entries), place.tree.revision())


def _problems(listings: Iterable[_Listing], settings: ScanSettings) -> Iterator[Unresolved]:
    """Yield what could not be read at all, of what should be."""
    read = _chosen_paths(settings)
    for listing in listings:
        for entry in listing.entries:
            if entry.problem and read(entry.path):
                yield Unresolved(printable(listing.place.prefix + entry.path), 1, "", "", entry.problem)


def _joined(
    sources: tuple[Source, ...],
    result: Readings,
    problems: list[Unresolved],
    catalog: Catalog,
    settings: ScanSettings,
) -> Inventory:
    found: list[Found] = []
    digests: dict[str, str] = {}
    others: dict[str, str] = {}  # of files in which nothing was found; they may set what others use
    namesakes = result.namesakes()
    for path, readings, findings in result.take():
        here: list[Found] = [each.problem for each in readings if each.problem]
        alone = resolve.one_file(findings, catalog.whole.general)
        here += (each for each in alone if each.format not in catalog.silent)
        if path in namesakes:
            here = [with_namesakes(each, namesakes[path]) for each in here]
        digest = next((each.digest for each in readings if each.digest), "")
        if digest:
            (digests if here else others)[printable(path)] = digest
        found += sorted(here, key=order)
    if problems:
        found = sorted([*problems, *found], key=order)
    for item in found:
        for fragment in item.fragments if isinstance(item, Occurrence) else ():
            if fragment.path in others:
                digests[fragment.path] = others[fragment.path]
    fixtures = matcher(settings.fixtures) if settings.fixtures and not settings.plan_fixtures else None
    if fixtures:
        found = [_marked(item) if fixtures.search(item.path) else item for item in found]
    return Inventory(sources, tuple(_distinct(settled(found))), digests)


def _distinct(found: Iterable[Found]) -> Iterator[Found]:
    """Yield findings that are ordered by path without repetitions."""
    for _, here in groupby(found, key=attrgetter("path")):
        yield from dict.fromkeys(here)


def _marked(item: Found) -> Found:
    """Return what was found as something that only tests read."""
    return item if isinstance(item, Output) else msgspec.structs.replace(item, fixture=True)


def order(item: Found) -> tuple[str, int, int, str]:
    """Return the sort key of a finding: path, line, column, and what it names."""
    reference = str(item.reference) if isinstance(item, Occurrence) else item.text
    return item.path, item.line, item.column if isinstance(item, Occurrence | Pattern) else 0, reference


def _key(listings: Sequence[_Listing], settings: ScanSettings) -> bytes:
    """Return the cache key of an inventory; empty where some file's content is known only by reading it."""
    parts = [repr(settings)]
    for listing in listings:
        place = listing.place
        parts += [place.name, place.prefix, place.tree.full(""), place.tree.revision()]
        for entry in listing.entries:
            if not entry.identity and not entry.problem:
                return b""
            parts += [entry.path, entry.identity or entry.problem]
        for each in listing.owners:
            if not each.entry.identity:
                return b""
            parts += each.identity
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
        gc.freeze()
        gc.unfreeze()  # now all are old, and the next value that is made does not have them looked through
        gc.set_threshold(*before)
