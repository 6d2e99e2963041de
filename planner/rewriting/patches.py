"""Patches of repositories: one for each, or for each owner of files."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from planner.model.source import SourceFile
from planner.rewriting import told
from planner.rewriting.patch import patch
from planner.rewriting.result import Changed, Repository

_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_NOBODY = "nobody"


def patch_of(files: Iterable[Changed], base: Path) -> Iterator[bytes]:
    """Yield the diff of files, by path, named as they are below `base`."""
    seen: set[Path] = set()
    for each in sorted(files, key=lambda one: one.file.file):
        if each.file.file in seen:
            continue  # a link to it is a file of the plan, too
        seen.add(each.file.file)
        path = each.file.file.relative_to(base if each.file.file.is_relative_to(base) else each.file.top)
        yield from patch(SourceFile(path.as_posix(), _text(each)), each.edits)


def _text(changed: Changed) -> str:
    return changed.file.before.decode("utf-8", "surrogateescape")


def named(repositories: Sequence[Repository], *, by_owner: bool) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the name of each patch with its parts; no two patches have the same name."""
    taken: set[str] = set()
    for each in repositories:
        for suffix, files in _parts(each, by_owner=by_owner):
            said = (_NO_NAME.sub("-", part).strip("-.") for part in (each.top.name, *suffix))
            stem = "-".join(filter(None, said)) or "repository"
            name, number = f"{stem}.patch", 1
            while name in taken:
                number += 1
                name = f"{stem}-{number}.patch"
            taken.add(name)
            yield name, chain((told.preamble(each),), patch_of(files, each.top))


def _parts(repository: Repository, *, by_owner: bool) -> Iterator[tuple[tuple[str, ...], list[Changed]]]:
    if not repository.pending:
        return
    if not by_owner:
        yield (), list(repository.pending)
        return
    owners = {each.path: each.owners for each in repository.rewrites}
    users = {part.path: each.owners for each in repository.rewrites for part in each.fragments if part.path}
    groups: dict[tuple[str, ...], list[Changed]] = {}
    for changed in repository.pending:
        path = changed.file.path
        groups.setdefault(owners.get(path, users.get(path, ())), []).append(changed)
    for group, files in sorted(groups.items()):
        yield group or (_NOBODY,), files
