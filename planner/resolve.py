"""Across files: which values reach which file, and which of the things found in one file count.

Pure: the files have been read, and what their formats yielded is joined here.
"""

from bisect import bisect_left
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from typing import Protocol, assert_never

from msgspec import Struct
from msgspec.structs import replace

from planner.formats._base import Binding, Given
from planner.model.inventory import Confidence, Found, Occurrence, Output, Pattern, Unresolved
from planner.model.source import Part, Text

_MOST_USES = 64  # of one file; a monorepo that builds one Dockerfile more often repeats itself
_GUESS = Confidence.HEURISTIC
_LAST = "\U0010ffff"  # sorts after every character of a path


class Finding(Protocol):
    """What was found at an offset of a file."""

    @property
    def start(self) -> int:
        """The offset."""

    @property
    def found(self) -> Found:
        """What it is."""


class Use(Struct, frozen=True):
    """One way in which a file is used: the variables others set when they do."""

    path: str
    format: str
    variables: tuple[tuple[str, Text], ...]  # sorted by name

    @property
    def given(self) -> Given:
        """The variables as a format takes them."""
        return dict(self.variables)


Known = Mapping[tuple[str, str], Collection[str]]  # (path, format) of what was read: the names it defines


def uses(read: Known, bindings: Mapping[str, Iterable[Binding]]) -> Iterator[Use]:
    """Yield how the files are used, given what was read and the bindings by the file they stand in.

    A value from another file keeps its place there. What always holds for a file is part of every use of it.
    """
    by_target = _by_target(read, bindings)
    known: dict[tuple[int, ...], list[tuple[tuple[str, Text], ...]]] = {}
    for (path, name), bound in sorted(by_target.items()):
        same = tuple(map(id, bound))  # all templates of a chart are given the same
        if same not in known:
            known[same] = _sets(bound)
        for variables in known[same]:
            yield Use(path, name, variables)


def _sets(bound: Iterable[Binding]) -> list[tuple[tuple[str, Text], ...]]:
    """Return the different sets of values of a file, each sorted by name."""
    always: dict[str, Text] = {}
    for binding in bound:
        if binding.always:
            always.update(binding.variables)
    sets = [dict(binding.variables) for binding in bound if not binding.always] or [{}]
    seen = {tuple(sorted((always | variables).items())): None for variables in sets}
    if not _replaces(bound):
        seen.pop((), None)  # the file as it stands, which has been read
    return list(seen)[:_MOST_USES]


def replaced(read: Known, bindings: Mapping[str, Iterable[Binding]]) -> set[tuple[str, str]]:
    """Return the (path, format) that are never used with their own defaults alone."""
    found = _by_target(read, bindings)
    return {target for target, bound in found.items() if _replaces(bound)}


def _replaces(bound: Iterable[Binding]) -> bool:
    """Return whether a file is never used with its own defaults alone."""
    return any(binding.always for binding in bound)


def _by_target(
    read: Known, bindings: Mapping[str, Iterable[Binding]]
) -> dict[tuple[str, str], list[Binding]]:
    files = _Files(read)
    result: dict[tuple[str, str], list[Binding]] = {}
    for origin, found in sorted(bindings.items()):
        for binding in found:
            paths = files.of(binding)
            if not paths:
                continue
            moved = {name: value.elsewhere(origin) for name, value in binding.variables.items()}
            there = replace(binding, variables=moved)
            for path in paths:
                result.setdefault((path, binding.format), []).append(there)
    return result


class _Files:
    """What was read, indexed by everything that a binding can refer to it with."""

    def __init__(self, read: Known) -> None:
        self.known = sorted(read)  # (path, format)
        self.by_folder: dict[tuple[str, str], list[str]] = {}
        self.by_name: dict[tuple[str, str], list[str]] = {}  # by what they define
        for path, name in self.known:
            self.by_folder.setdefault((path.rpartition("/")[0], name), []).append(path)
            for defined in read[path, name]:
                self.by_name.setdefault((defined, name), []).append(path)

    def of(self, binding: Binding) -> list[str]:
        """Return the files that a binding aims at."""
        target, name = binding.target, binding.format
        if binding.of:
            return [path for path in self.by_name.get((binding.of, name), ()) if _aimed_at(path, target)]
        if target.endswith("**"):
            below = target.removesuffix("**")
            first = bisect_left(self.known, (below, ""))
            inside = self.known[first : bisect_left(self.known, (below + _LAST, ""))]
            return [path for path, each in inside if each == name]
        if target and not target.endswith("/"):
            place = bisect_left(self.known, (target, name))
            return [target] if self.known[place : place + 1] == [(target, name)] else []
        return self.by_folder.get((target.rstrip("/"), name), [])


def _aimed_at(path: str, target: str) -> bool:
    """Whether a binding's target means a path."""
    if target.endswith("**"):
        return path.startswith(target.removesuffix("**"))
    if target and not target.endswith("/"):
        return path == target
    return path.rpartition("/")[0] == target.rstrip("/")


def one_file(findings: Iterable[Finding], general: Container[str]) -> Iterator[Found]:
    """Yield what was found in one file, without repetitions.

    What is unresolved does not count where another use of the file, or another format, resolves it. What a
    `general` format found does not count in a place where a special format found something or took a part of
    it from, nor what it only guessed where any format is sure.
    """
    items = tuple(findings)
    named = {item.start for item in items if isinstance(item.found, Occurrence)}
    sure = {(item.start, item.found.format) for item in items if _confidence(item) not in (None, _GUESS)}
    known = {start for start, _ in sure}
    special = {start for item in items if item.found.format not in general for start in _places(item)}
    seen: dict[tuple[object, ...], Found] = {}
    for item in items:
        found = item.found
        if not isinstance(found, Occurrence) and item.start in named and found.text:
            continue
        guess = _confidence(item) is _GUESS and (item.start, found.format) not in sure
        if found.format in general and (item.start in special or (guess and item.start in known)):
            continue
        mark = (item.start, *_identity(found))
        seen[mark] = _merged(first, found) if (first := seen.get(mark)) else found
    yield from seen.values()


def _confidence(item: Finding) -> Confidence | None:
    return item.found.confidence if isinstance(item.found, Occurrence) else None


def _places(item: Finding) -> Iterator[int]:
    """Yield where a finding stands in its own file, and where the parts of its reference do."""
    yield item.start
    if isinstance(item.found, Occurrence):
        yield from (each.start for each in item.found.fragments if not each.path)


def _merged(first: Found, second: Found) -> Found:
    """Return two equal findings as one, which has the edit sites of both: each use may set the name."""
    if not isinstance(first, Occurrence) or not isinstance(second, Occurrence):
        return first
    more = [each for each in second.fragments if each not in first.fragments]
    if more and all(any(each.part is Part.NAME for each in one.fragments) for one in (first, second)):
        return replace(first, fragments=(*first.fragments, *more))
    return first


def _identity(found: Found) -> tuple[str, ...]:
    match found:
        case Occurrence():
            return "known", found.role, str(found.reference)
        case Output():
            return "output", found.text
        case Unresolved():
            return "open", found.reason
        case Pattern():
            return "pattern", found.syntax, found.text
    assert_never(found)
