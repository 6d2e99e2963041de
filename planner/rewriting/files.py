"""The files of a plan in trees: which they are, what they held when it was made, and what they hold now."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from planner.errors import ConfigError, NoInput, PlannerError
from planner.model.plan import Plan, Rewrite
from planner.model.source import printable
from planner.rewriting.centrally import possible
from planner.rewriting.edits import Edit, by_path, undo
from planner.rewriting.ways import ways
from planner.rewriting.writing import real
from planner.scan import Place
from planner.sources.tree import Entry, Unreadable
from planner.sources.worktree import top

_HINT = "run `hub2ar plan` again"


class Planned(Struct, frozen=True):
    """A file that a plan rewrites, or that sets what others use."""

    path: str  # as the plan names it
    entry: str  # its path in its tree
    place: int  # the number of its tree
    file: Path  # absolute, links followed
    top: Path  # of the repository that it is in
    before: bytes  # when the plan was made
    now: bytes


class Lost(Struct, frozen=True):
    """A file that is not what the plan was made from, or cannot be read."""

    path: str
    top: Path
    reason: str


def planned(plan: Plan, places: Sequence[Place], limit: int) -> tuple[list[Planned], list[Lost]]:
    """Return the files that a plan rewrites, read once; `limit` is in bytes.

    Raises ConfigError for a plan that does not say what its files held, NoInput where none of them is there.
    """
    rewrites = [each for each in plan.actions if isinstance(each, Rewrite)]
    wanted = sorted(set(_paths(rewrites)))
    if missing := [path for path in wanted if path not in plan.files]:
        raise ConfigError(f"the plan does not say what {missing[0]} held", hint=_HINT)
    entries = _entries(places, frozenset(wanted))
    if wanted and not entries:
        where = ", ".join(repr(printable(place.name)) for place in places)
        raise NoInput(f"no file of the plan is in {where}", hint="name the folder that it was made of")
    edits = by_path(edit for each in rewrites for edit in _possible(each))
    found, lost = list[Planned](), list[Lost]()
    for path in wanted:
        each = _looked_at(path, plan.files[path], places, entries.get(path, []), limit, edits.get(path, ()))
        if isinstance(each, Planned):
            found.append(each)
        else:
            lost.append(each)
    return found, lost


def _possible(rewrite: Rewrite) -> Iterator[Edit]:
    yield from (edit for fewest in (False, True) for way in ways(rewrite, fewest=fewest) for edit in way)
    yield from possible(rewrite)


def _paths(rewrites: Iterable[Rewrite]) -> Iterator[str]:
    for rewrite in rewrites:
        yield rewrite.path
        yield from (each.path for each in rewrite.fragments if each.path)


def _entries(places: Sequence[Place], wanted: frozenset[str]) -> Mapping[str, list[tuple[int, Entry]]]:
    """Return the files that have the names of a plan's; several may, where names are not valid text."""
    found: dict[str, list[tuple[int, Entry]]] = {}
    for number, place in enumerate(places):
        for entry in place.tree.entries():
            path = printable(place.prefix + entry.path)
            if path in wanted:
                found.setdefault(path, []).append((number, entry))
    return found


def _looked_at(
    path: str,
    digest: str,
    places: Sequence[Place],
    entries: Sequence[tuple[int, Entry]],
    limit: int,
    edits: Sequence[Edit],
) -> Planned | Lost:
    if len(entries) != 1:
        reason = (
            f"{path}: two files are called so, as far as their names are text"
            if entries
            else f"{path} is gone"
        )
        return Lost(path, _root(places[entries[0][0] if entries else 0]), reason)
    number, entry = entries[0]
    root = _root(places[number])
    try:
        file = real(root, entry.path)
    except PlannerError as error:
        return Lost(path, root, error.message)
    repository = _top(file, root)
    (content,) = places[number].tree.contents((entry,), limit)
    if isinstance(content, Unreadable):
        return Lost(path, repository, f"{path}: {content.reason}")
    before = _as_planned(content, digest, edits)
    if before is None:
        return Lost(path, repository, f"{path} has changed since the plan was made")
    return Planned(path, entry.path, number, file, repository, before, content)


def _as_planned(content: bytes, digest: str, edits: Sequence[Edit]) -> bytes | None:
    """Return what a file held when the plan was made: its present text, or that with the rewriting undone."""
    if hashlib.sha256(content).hexdigest() == digest:
        return content
    text = content.decode("utf-8", "surrogateescape")
    for several in (False, True):
        before = undo(text, edits, several=several).encode("utf-8", "surrogateescape")
        if hashlib.sha256(before).hexdigest() == digest:
            return before
    return None


def _root(place: Place) -> Path:
    return Path(place.tree.full("")).resolve()


def _top(file: Path, root: Path) -> Path:
    """Return the repository that a file is in; a folder that is none counts as one."""
    found = top(file.parent)
    return found if (found / ".git").exists() or found == root else root
