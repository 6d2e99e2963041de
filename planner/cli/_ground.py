"""The files of scanned trees as findings name them (paths for people, URIs for tools), and their texts."""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from planner import errors
from planner.gating.ground import File, Ground
from planner.model.finding import uri_of
from planner.model.source import SourceFile, printable
from planner.scan import Place, places
from planner.sources.tree import Entry
from planner.sources.worktree import top


def ground(trees: Sequence[Path], wanted: Collection[str], limit: int) -> Ground:
    """Return files that an inventory of trees names; those over `limit` bytes have no text."""
    found: dict[str, File] = {}
    working = Path.cwd()
    root = top(working)
    for place, base in _based(trees):
        entries = [each for each in place.tree.entries() if _path(place, each) in wanted]
        for entry, content in zip(entries, place.tree.contents(entries, limit), strict=True):
            named = f"{base}/{entry.path}"
            text = content.decode("utf-8", "surrogateescape") if isinstance(content, bytes) else None
            source = SourceFile(entry.path, text) if text is not None else None
            uri = uri_of(_below(named, root) or _absolute(named))
            shown = printable(_below(named, working) or os.path.normpath(named))
            found.setdefault(_path(place, entry), File(shown, uri, source))
    return Ground(found)


def touched(folder: Path, names: Sequence[str]) -> frozenset[str] | None:
    """Return the files below a folder that are named, or lie below what is, as its inventory spells them.

    None stands for all, where nothing is named. Raises NoInput for a name that does not exist.
    """
    if not names:
        return None
    for name in names:
        if not os.path.lexists(name):
            raise errors.NoInput(f"{name!r} does not exist", hint="name files that are in the work tree")
    wanted = {_absolute(name) for name in names}
    folders = tuple(f"{each.rstrip('/')}/" for each in wanted)
    return frozenset(
        _path(place, entry)
        for place, base in _based([folder])
        for entry in place.tree.entries()
        if (path := _absolute(f"{base}/{entry.path}")) in wanted or path.startswith(folders)
    )


def _based(trees: Sequence[Path]) -> Iterator[tuple[Place, str]]:
    """Yield trees, each with the folder that its paths begin in."""
    for path, place in zip(trees, places(trees), strict=True):
        yield place, str(path if path.is_dir() else path.parent)


def _path(place: Place, entry: Entry) -> str:
    return printable(place.prefix + entry.path)


def _absolute(path: str) -> str:
    """Return an absolute path in which links stay as they are, as git and people name files."""
    return os.path.abspath(path)  # noqa: PTH100  Path.resolve would follow links


def _below(path: str, folder: Path) -> str:
    """Return a path relative to a folder above it, "" where the folder is not above it."""
    absolute, above = _absolute(path), f"{str(folder).rstrip('/')}/"
    return absolute.removeprefix(above) if absolute.startswith(above) else ""
