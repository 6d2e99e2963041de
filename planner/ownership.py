"""Who owns what was found: the CODEOWNERS file of each repository, read through the tree that was scanned.

It is read where it is ignored or left out of the scan, too, and at the root of the repository where only a
folder of it is scanned. A repository inside another one may have its own; the nearest file counts.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from posixpath import normpath

from msgspec import Struct

from planner.model.inventory import Unresolved
from planner.model.source import printable
from planner.owners import PLACES, Forge, Owners
from planner.sources import worktree
from planner.sources.tree import Entry, Tree, Unreadable
from planner.sources.worktree import SingleFile, Worktree

_NAME = "CODEOWNERS"
_LARGEST = 3_000_000  # bytes; GitHub reads no larger one
_TOLD = 3  # lines of a file
_OWN = {".github": Forge.GITHUB, ".gitlab": Forge.GITLAB, ".bitbucket": Forge.BITBUCKET}
_SIGNS = {".github": Forge.GITHUB, ".gitlab": Forge.GITLAB, ".gitlab-ci.yml": Forge.GITLAB}


class Declared(Struct, frozen=True):
    """A CODEOWNERS file, and what it is about."""

    tree: Tree  # that it is read through
    entry: Entry
    name: str  # as it is reported
    folder: str  # what paths of the inventory begin with
    above: str  # what stands in its place in paths of the repository
    forge: Forge | None  # whose file it is; None: the text has to tell

    @property
    def identity(self) -> tuple[str, ...]:
        """What changes when it says something else; the last is empty where nothing tells."""
        return self.name, self.folder, self.above, str(self.forge), self.entry.identity


class _Root(Struct, frozen=True):
    """The root of a repository."""

    tree: Tree
    folder: str  # in the tree
    about: str  # what paths of the inventory begin with that are in it
    way: str  # from where those paths begin
    above: str = ""


def declared(tree: Tree, entries: Sequence[Entry], prefix: str) -> tuple[Declared, ...]:
    """Return the files that say who owns what is in a tree, whose paths begin with `prefix`."""
    named = {entry.path: entry for entry in entries if entry.path.endswith(_NAME)}
    match tree:
        case Worktree(root):
            roots = [_top(root, prefix), *_nested(root, named, prefix)]
        case SingleFile(file):
            roots = [_top(file.parent, prefix)]
        case _:
            roots = [_Root(tree, "", prefix, prefix)]
    return tuple(found for root in roots if (found := _declared(root, named, entries)))


def owned(
    files: Iterable[Declared], paths: Iterable[str], limit: int
) -> tuple[dict[str, tuple[str, ...]], tuple[Unresolved, ...]]:
    """Return who owns which path of the inventory, and what of the files could not be read."""
    by_folder = {each.folder: each for each in files}
    about: dict[str, list[str]] = {}
    for path in paths if by_folder else ():
        if (folder := _nearest(path, by_folder)) is not None:
            about.setdefault(folder, []).append(path)
    found: dict[str, tuple[str, ...]] = {}
    problems: list[Unresolved] = []
    for folder, ours in about.items():
        file = by_folder[folder]
        owners, problem = _read(file, limit)
        within = (file.above + path.removeprefix(folder) for path in ours)
        found.update((path, its) for path, its in zip(ours, owners.of_each(within), strict=True) if its)
        if problem:
            problems.append(Unresolved(file.name, *problem))
    return dict(sorted(found.items())), tuple(problems)


def _top(folder: Path, prefix: str) -> _Root:
    """Return the repository that a directory is, or lies in, or else the directory."""
    own = folder.resolve()
    top = worktree.top(own)
    if top == own:
        return _Root(Worktree(folder), "", prefix, prefix)
    above = f"{own.relative_to(top).as_posix()}/"
    return _Root(Worktree(top), "", prefix, prefix + "../" * above.count("/"), above)


def _nested(root: Path, named: Iterable[str], prefix: str) -> Iterator[_Root]:
    """Yield the repositories inside that have such a file."""
    folders = {path.removesuffix(place) for path in named for place in PLACES if path.endswith(f"/{place}")}
    for folder in sorted(folders):
        if os.path.lexists(f"{root}/{folder}.git"):
            yield _Root(Worktree(root), folder, prefix + folder, prefix)


def _declared(root: _Root, named: Mapping[str, Entry], entries: Iterable[Entry]) -> Declared | None:
    """Return the file of a repository, listed or not."""
    for place in PLACES:
        entry = None if root.above else named.get(root.folder + place)
        if entry is None and isinstance(root.tree, Worktree):
            entry = worktree.look(root.tree.root, root.folder + place)
        if entry and not entry.problem:
            forge = _OWN.get(place.partition("/")[0]) or _forge(root, entries)
            name = normpath(root.way + root.folder + place)
            return Declared(
                root.tree, entry, printable(name), printable(root.about), printable(root.above), forge
            )
    return None


def _forge(root: _Root, entries: Iterable[Entry]) -> Forge | None:
    """Infer the forge from other files of the repository, if they agree."""
    if isinstance(root.tree, Worktree):
        place = f"{root.tree.root}/{root.folder}"
        names = {name for name in _SIGNS if os.path.lexists(place + name)}
    else:
        names = {entry.path.partition("/")[0] for entry in entries}
    forges = {forge for name, forge in _SIGNS.items() if name in names}
    return forges.pop() if len(forges) == 1 else None


def _nearest(path: str, folders: Mapping[str, Declared]) -> str | None:
    while path:
        path = path.rpartition("/")[0]
        folder = f"{path}/" if path else ""
        if folder in folders:
            return folder
    return None


def _read(file: Declared, limit: int) -> tuple[Owners, tuple[int, str, str, str] | None]:
    """Return what a file says, and the line, format, text and reason of what could not be read."""
    content = next(iter(file.tree.contents((file.entry,), limit)))
    if isinstance(content, bytes) and len(content) > _LARGEST:
        content = Unreadable(f"{len(content):,} bytes, over the {_LARGEST:,} that GitHub reads")
    if isinstance(content, Unreadable):
        return Owners.parse(""), (1, "", "", f"{content.reason}: who owns what is not known")
    owners = Owners.parse(content.decode("utf-8", "replace"), file.forge)
    if not owners.problems:
        return owners, None
    told = [f"line {each.line}: {each.reason}" for each in owners.problems[:_TOLD]]
    if len(owners.problems) > _TOLD:
        told.append(f"and {len(owners.problems) - _TOLD:,} more")
    reason = f"not all of it says who owns what: {'; '.join(told)}"
    return owners, (owners.problems[0].line, "", "", printable(reason))
