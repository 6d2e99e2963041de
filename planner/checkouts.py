"""The paths that a plan has for the files of a checkout.

A plan that was made of one folder calls a file `Dockerfile`; one of several folders, or of a list of
repositories, `services/web/Dockerfile` or `github.com/acme/web/Dockerfile`. Whoever edits a checkout only
names its folder.
"""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from msgspec.structs import replace

from planner.model.source import printable
from planner.scan import Place
from planner.sources import clone


def called(place: Place, paths: Collection[str]) -> Place:
    """Return a tree with the prefix that its files have in a plan; unchanged where the plan has none of them.

    `paths` are those of the plan. Prefixes are tried in this order: how the tree was named, the repository
    that it is a clone of, the name of its folder.
    """
    entries = {printable(entry.path) for entry in place.tree.entries()}
    for prefix in (place.prefix, *_others(place, paths)):
        if any(path.startswith(prefix) and path[len(prefix) :] in entries for path in paths):
            return replace(place, prefix=prefix)
    return place


def _others(place: Place, paths: Collection[str]) -> Iterator[str]:
    folder = Path(place.name)
    yield f"{printable(folder.as_posix()).rstrip('/')}/"
    if url := clone.origin(folder):
        yield f"{clone.short_name(url)}/"
    name = printable(Path(os.path.realpath(folder)).name)  # `resolve` raises where a link leads to itself
    ends = {path[: end + len(name) + 1] for path in paths for end in _ends(path, name)}
    if len(ends) == 1:  # of two folders of this name, either might be meant
        yield from ends


def _ends(path: str, name: str) -> Iterator[int]:
    """Yield the ends of each folder of that name in a path."""
    at = path.find(f"{name}/")
    while at >= 0:
        if at == 0 or path[at - 1] == "/":
            yield at
        at = path.find(f"{name}/", at + 1)
