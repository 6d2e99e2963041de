"""Many repositories: each is scanned by itself, wherever there is room, and what was found is joined.

A repository that cannot be read is a finding with its reason; the others are scanned nevertheless.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from planner.config import ScanSettings
from planner.errors import ConfigError, NoInput, PlannerError, shortened
from planner.model.inventory import Found, Inventory, Source, Unresolved
from planner.model.source import printable
from planner.outputs import settled
from planner.scan import Place, order, scan_places
from planner.scanning.gather import Means
from planner.sources import clone
from planner.sources import revision as commits
from planner.sources.cache import Cache
from planner.sources.worktree import Worktree

Progress = Callable[[int, int, str], None]  # done, of how many, which one
Start = Callable[[], Executor]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of a list: a directory or a URL, and the revision that is wanted of it."""

    place: str
    revision: str = ""  # empty: what is checked out, or the default branch

    @property
    def name(self) -> str:
        """What stands before its paths in the inventory."""
        return (
            clone.short_name(self.place)
            if clone.is_url(self.place)
            else clone.redacted(self.place).rstrip("/")
        )


def listed(text: str, name: str) -> tuple[Repository, ...]:
    """Read a list: a path or a URL on each line, a revision after it; `#` begins a comment.

    Raises ConfigError for a line with more than that, NoInput when no line names anything.
    """
    found: dict[Repository, None] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = [] if line.lstrip().startswith("#") else line.partition(" #")[0].split()
        if len(words) > 2 or (words and words[0].startswith("-")):
            raise ConfigError(
                f"{name}:{number}: {shortened(' '.join(map(clone.redacted, words)))!r} is no repository",
                hint="write PATH or URL, and a REVISION",
            )
        if words:
            found[Repository(*words)] = None
    if not found:
        raise NoInput(f"{name} names no repository", hint="write a path or a git URL on each line")
    return tuple(found)


def shard(repositories: Sequence[Repository], number: int, count: int) -> tuple[Repository, ...]:
    """Return what task `number` (from 1) of `count` reads; all parts together are the list."""
    return tuple(repositories[number - 1 :: count])


def scan_all(
    repositories: Sequence[Repository],
    settings: ScanSettings,
    folder: Path,
    *,
    cached: bool = True,
    start: Start | None = None,
    files: Start | None = None,
    progress: Progress = lambda *_: None,
) -> Inventory:
    """Scan repositories and join what is found; clones are kept in `folder`.

    `start` makes an executor that repositories are spread over; without it they are scanned here, one after
    another. `files` makes one that the files of a single repository are spread over, on this machine.
    """
    read = partial(scan_one, settings=settings, folder=folder, cached=cached, files=files)
    found: dict[int, Inventory] = {}
    for index, inventory in _results(repositories, read, start):
        found[index] = inventory
        progress(len(found), len(repositories), repositories[index].name)
    return merged(found[index] for index in sorted(found))


def _results(
    repositories: Sequence[Repository],
    read: Callable[[Repository], Inventory],
    start: Start | None,
) -> Iterator[tuple[int, Inventory]]:
    """Yield the inventories as they come, each with the place of its repository in the list."""
    if start is None:
        yield from ((index, read(each)) for index, each in enumerate(repositories))
        return
    with start() as executor:
        futures = {executor.submit(read, each): index for index, each in enumerate(repositories)}
        for future in as_completed(futures):
            index = futures[future]
            try:
                yield index, future.result()
            except (BrokenExecutor, OSError) as error:
                reason = f"the process that scanned it died ({error or type(error).__name__}); scan it again"
                yield index, _failed(repositories[index], reason)


def scan_one(
    repository: Repository, settings: ScanSettings, folder: Path, *, cached: bool, files: Start | None = None
) -> Inventory:
    """Scan one repository; one that cannot be read is an inventory that says so."""
    cache = Cache(folder) if cached else None
    try:
        place = _place(repository, folder)
        return scan_places([place], settings, Means(settings.max_file_size, cache, files))
    except PlannerError as error:
        return _failed(repository, error.message)
    finally:
        if cache:
            cache.close()


def _place(repository: Repository, folder: Path) -> Place:
    name, wanted = repository.name, repository.revision
    if clone.is_url(repository.place):
        tree = clone.fetched(repository.place, wanted, folder / "repositories")
        return Place(tree, clone.redacted(repository.place), f"{name}/")
    path = Path(repository.place)
    if not path.is_dir():
        raise NoInput(
            f"{clone.redacted(repository.place)!r} is no directory",
            hint="a line is a directory or a git URL, and a revision after it",
        )
    if wanted or commits.is_bare(path):
        return Place(commits.resolve(path, wanted or "HEAD"), repository.place, f"{name}/")
    return Place(Worktree(path), repository.place, f"{name}/")


def _failed(repository: Repository, reason: str) -> Inventory:
    place = clone.redacted(repository.place)
    problem = Unresolved(printable(repository.name), 1, "", "", printable(reason))
    return Inventory((Source(printable(place), 0),), (problem,), {})


def merged(inventories: Iterable[Inventory]) -> Inventory:
    """Return inventories as one: each source, file and finding once, and what one builds an output in all."""
    sources: dict[Source, None] = {}
    found: dict[Found, None] = {}
    files: dict[str, str] = {}
    owners: dict[str, tuple[str, ...]] = {}
    for each in inventories:
        sources |= dict.fromkeys(each.sources)
        found |= dict.fromkeys(each.found)
        files |= each.files
        owners |= each.owners
    joined = tuple(sorted(settled(found), key=order))
    return Inventory(tuple(sources), joined, dict(sorted(files.items())), dict(sorted(owners.items())))
