"""The scan: files in, an inventory out.

Names decide what is opened, a search for a few words what is parsed, and content what it is. What a format
yields is judged here, once for all formats: a reference, a text that should be one and is not known, or
nothing.
"""

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from planner import discover, resolve
from planner.errors import InvalidReference, NoInput
from planner.formats._base import NOTHING, Binding, Candidate, Format, Given
from planner.formats._patterns import matcher
from planner.model.inventory import Confidence, Found, Inventory, Occurrence, Output, Role, Source, Unresolved
from planner.model.reference import Reference, spans
from planner.model.source import Fragment, Part, SourceFile, Text, printable
from planner.sources import worktree

STANDARD_INPUT = "-"
_ROUNDS = 5  # values may travel .env -> compose -> Dockerfile; a longer way is a loop
_UNCOLLECTED = 50_000  # containers made since the last collection; Python's default is 700
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def formats() -> tuple[Format, ...]:
    """Return every format there is, by name."""
    names = discover.names("planner.formats")
    return tuple(discover.load("planner.formats", name, Format, "FORMAT") for name in names)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that some format may want, and how to read it again."""

    path: str  # as it is reported
    full: str  # what patterns are matched against
    read: Callable[[], bytes | worktree.Unreadable]


_Candidates = dict[tuple[str, str], list[tuple[SourceFile, Candidate]]]  # by path and format


@dataclass(slots=True)
class _Result:
    """What reading all files gave, before it is joined."""

    own: _Candidates = field(default_factory=dict)  # files with their own values alone
    bound: _Candidates = field(default_factory=dict)  # files with values that others set
    bindings: dict[str, list[Binding]] = field(default_factory=dict)  # by the file they stand in
    problems: list[Unresolved] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)


def scan(paths: Iterable[Path], *, max_file_size: int) -> Inventory:
    """Scan directories and files. Raises NoInput for a path that does not exist."""
    places = tuple(paths)
    listed = [_listed(place, max_file_size, alone=len(places) == 1) for place in places]
    files = {file.path: file for _, group, _ in listed for file in group}
    with _garbage_rarely_collected():
        result = _read_all(files.values(), formats())
        result.problems.extend(problem for _, _, problems in listed for problem in problems)
        return _inventory(tuple(source for source, _, _ in listed), result, files)


@contextmanager
def _garbage_rarely_collected() -> Iterator[None]:
    """Let values pile up between collections: they are made by the million, and few stand in a circle."""
    before = gc.get_threshold()
    gc.set_threshold(_UNCOLLECTED, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def scan_bytes(content: bytes) -> Inventory:
    """Scan one text of no name, as from standard input. Raises NoInput when it is empty."""
    if not content.strip():
        raise NoInput(
            "standard input is empty", hint="pipe a manifest into it, or name a file or a directory"
        )
    file = _File(STANDARD_INPUT, STANDARD_INPUT, lambda: content)
    result = _read_all([file], tuple(each for each in formats() if each.by_content), by_name=False)
    return _inventory((Source(STANDARD_INPUT, 1),), result, {file.path: file})


def _listed(place: Path, limit: int, *, alone: bool) -> tuple[Source, list[_File], list[Unresolved]]:
    """List what one argument names. With several, paths begin with the argument so that they stay apart."""
    if not place.exists() and not place.is_symlink():
        raise NoInput(
            f"{str(place)!r} does not exist", hint="name a directory, a file, or - for standard input"
        )
    if not place.is_dir():
        name = place.as_posix().removeprefix("./")
        entry = worktree.Entry(place.name, link=place.is_symlink())
        read = _reader(place.parent, entry, limit)
        return Source(printable(str(place)), 1), [_File(name, place.absolute().as_posix(), read)], []
    prefix = "" if alone else f"{place.as_posix().rstrip('/')}/"
    found = worktree.entries(place)
    full = place.resolve().as_posix()
    files = [
        _File(prefix + entry.path, f"{full}/{entry.path}", _reader(place, entry, limit))
        for entry in found
        if not entry.problem
    ]
    problems = [
        Unresolved(printable(prefix + each.path), 1, "", "", each.problem) for each in found if each.problem
    ]
    return Source(printable(str(place)), len(found), worktree.revision(place)), files, problems


def _reader(root: Path, entry: worktree.Entry, limit: int) -> Callable[[], bytes | worktree.Unreadable]:
    return lambda: worktree.read(root, entry, limit)


def _read_all(files: Iterable[_File], known: tuple[Format, ...], *, by_name: bool = True) -> _Result:
    """Read every file once, and again each file that others set variables of."""
    result = _Result()
    anything = matcher(tuple(glob for each in known for glob in each.patterns))
    by_path = {file.path: file for file in files if not by_name or anything.search(file.full)}
    for file in by_path.values():
        claims = [each for each in known if not by_name or matcher(each.patterns).search(file.full)]
        _read_one(file, claims, result)
    done: set[resolve.Use] = set()
    named = {each.name: each for each in known}
    for _ in range(_ROUNDS):
        fresh = [use for use in resolve.uses(result.own, result.bindings) if use not in done]
        for use in fresh:
            _read_again(by_path[use.path], named[use.format], use.given, result)
        if not fresh:
            break
        done.update(fresh)
    for target in resolve.replaced(result.own, result.bindings):
        result.own[target] = []
    return result


def _read_one(file: _File, claims: list[Format], result: _Result) -> None:
    content = file.read()
    if isinstance(content, worktree.Unreadable):
        result.problems.append(Unresolved(printable(file.path), 1, "", "", content.reason))
        return
    wanted = [each for each in claims if all(any(word in content for word in group) for group in each.words)]
    if not wanted and not content.startswith(_UTF16):
        return
    source = _decoded(file.path, content, claims[0].name if claims else "", result)
    if source is None:
        return
    result.digests[file.path] = hashlib.sha256(content).hexdigest()
    for each in wanted:
        _extract(source, each, NOTHING, result.own, result)


def _read_again(file: _File, format_: Format, given: Given, result: _Result) -> None:
    if format_.settle is not None:
        found = result.bound.setdefault((file.path, format_.name), [])
        for source, candidate in result.own[file.path, format_.name]:
            settled = format_.settle(source, candidate, given)
            found += [(source, settled)] if settled is not None else []
        return
    content = file.read()
    if isinstance(content, bytes):
        source = SourceFile(file.path, content.decode("utf-8", "surrogateescape"))
        _extract(source, format_, given, result.bound, result)


def _extract(source: SourceFile, format_: Format, given: Given, into: _Candidates, result: _Result) -> None:
    found = into.setdefault((source.path, format_.name), [])
    for item in format_.extract(source, given):
        if isinstance(item, Binding):
            result.bindings.setdefault(source.path, []).append(item)
        else:
            found.append((source, item))


def _decoded(path: str, content: bytes, name: str, result: _Result) -> SourceFile | None:
    """Decode a file; bytes that are not UTF-8 are kept as they are, and told."""
    if content.startswith(_UTF16):
        reason = "encoded in UTF-16, which no tool that pulls images reads; save it as UTF-8"
        result.problems.append(Unresolved(printable(path), 1, name, "", reason))
        return None
    try:
        return SourceFile(path, content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = (
            f"not UTF-8 (byte 0x{content[error.start]:02x}); it was read with such bytes kept as they are"
        )
        result.problems.append(Unresolved(printable(path), line, name, "", reason))
        return SourceFile(path, content.decode("utf-8", "surrogateescape"))


def _inventory(sources: tuple[Source, ...], result: _Result, files: dict[str, _File]) -> Inventory:
    found: dict[tuple[object, ...], Found] = {}
    for (path, name), own in sorted(result.own.items()):
        items = own + result.bound.get((path, name), [])
        known = {candidate.start for _, candidate in items if not candidate.problem}
        for source, candidate in items:
            if candidate.problem and candidate.start in known and candidate.spelled:
                continue  # another use of the file gives the value
            value = judged(source, name, candidate)
            if value is not None:
                found.setdefault(
                    (path, candidate.start, candidate.role, str(candidate.value), candidate.problem), value
                )
    ordered = sorted(resolve.with_outputs((*found.values(), *result.problems)), key=_place)
    named = {item.path for item in ordered}
    digests = {printable(path): result.digests[path] for path in sorted(files) if path in result.digests}
    return Inventory(sources, tuple(ordered), {path: each for path, each in digests.items() if path in named})


def _place(item: Found) -> tuple[str, int, int, str]:
    reference = str(item.reference) if isinstance(item, Occurrence) else item.text
    return item.path, item.line, item.column if isinstance(item, Occurrence) else 0, reference


def judged(source: SourceFile, name: str, candidate: Candidate) -> Found | None:
    """Return what a candidate is; None for a guess of a format that turned out to be no reference."""
    line, column = source.position(candidate.start)
    path, text = printable(source.path), printable(candidate.spelled)
    problem = candidate.problem
    if not problem:
        try:
            reference = Reference.parse(str(candidate.value))
        except InvalidReference as error:
            if candidate.confidence is Confidence.HEURISTIC:
                return None
            problem = error.message
        else:
            fragments = tuple(_fragments(candidate.value))
            return Occurrence(
                path,
                line,
                column,
                name,
                candidate.role,
                reference,
                text,
                candidate.confidence,
                fragments,
                candidate.trail,
            )
    if candidate.role is Role.OUTPUT:
        return Output(path, line, name, text) if text else None
    return Unresolved(path, line, name, text, printable(problem))


def _fragments(value: Text) -> Iterator[Fragment]:
    """Cut a value into the places that spell its parts; registry and repository are one where they touch."""
    registry, repository, tag, digest = spans(str(value))
    name = value.cut(registry.start, repository.stop)
    if len(name.runs) == 1:
        yield from name.fragments(Part.NAME)
    else:
        yield from value.cut(registry.start, registry.stop).fragments(Part.REGISTRY)
        yield from value.cut(repository.start, repository.stop).fragments(Part.REPOSITORY)
    for part, place in ((Part.TAG, tag), (Part.DIGEST, digest)):
        if place.start < place.stop:
            yield from value.cut(place.start, place.stop).fragments(part)
