"""registries.conf, version 2: `[[registry]]` tables, each with `[[registry.mirror]]` tables in order.

Of the tables whose prefix a reference begins with the longest is used, so one for docker.io/library does
without the mirrors of docker.io. Version 1 (`[registries.search]`) has no mirrors.
https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
"""

from collections.abc import Iterator

from planner.model.source import SourceFile
from planner.runtimes import _toml
from planner.runtimes._base import HUB, Mirror, place, present, wrong
from planner.runtimes._text import appended
from planner.runtimes._toml import Path, at
from planner.runtimes._toml_edit import quoted, with_table

_HUB = "docker.io"


def merge(file: SourceFile, mirror: Mirror) -> str:
    """Return the file with the mirror among those of docker.io."""
    tree = _toml.parsed(file)
    if at(tree, ("registries",)) is not None:
        offset = next(iter(_toml.layout(file.text).headers.values()), 0)
        raise wrong(
            file, offset, "version 1 of this format has no mirrors", "write it as [[registry]] tables first"
        )
    existing = mirrors(file)
    if present(existing, mirror):
        return file.text
    number = _registry(tree)
    block = f"[[registry.mirror]]\nlocation = {quoted(mirror.name)}\n"
    if number is None:
        return appended(file.text, f'[[registry]]\nprefix = "{_HUB}"\nlocation = "{_HUB}"\n\n{block}')
    index = place(existing, mirror)
    siblings: list[Path] = [("registry", number, "mirror", each) for each in range(len(existing))]
    if index == len(existing):  # before the next registry, which would take the mirror for its own
        siblings.append(("registry", number + 1))
        index = len(existing) if ("registry", number + 1) in _toml.layout(file.text).headers else index + 1
    return with_table(file, siblings, index, block)


def mirrors(file: SourceFile) -> tuple[str, ...]:
    """Return the mirrors of docker.io in the order they are asked."""
    tree = _toml.parsed(file)
    number = _registry(tree)
    found = at(tree, ("registry", number, "mirror")) if number is not None else None
    tables = found if isinstance(found, list) else []
    return tuple(where for each in tables if isinstance(where := at(each, ("location",)), str))


def _registry(tree: object) -> int | None:
    """Return which table is for docker.io; a location counts as prefix where there is none."""
    found = at(tree, ("registry",))
    for number, table in enumerate(found if isinstance(found, list) else []):
        if (at(table, ("prefix",)) or at(table, ("location",))) == _HUB:
            return number
    return None


def last(file: SourceFile) -> tuple[str, ...]:
    """Return what is asked when no mirror has an image: the location, nothing where it is blocked."""
    tree = _toml.parsed(file)
    number = _registry(tree)
    table = at(tree, ("registry", number)) if number is not None else None
    if at(table, ("blocked",)) is True:
        return ()
    location = at(table, ("location",))
    return (location if isinstance(location, str) and location != _HUB else HUB,)


def passed_over(file: SourceFile) -> Iterator[tuple[str, str]]:
    """Yield which images do without the mirrors of docker.io, and the setting that makes it so."""
    tree = _toml.parsed(file)
    number, found = _registry(tree), at(tree, ("registry",))
    if number is None or not mirrors(file):
        return
    for each in found if isinstance(found, list) else ():
        prefix = at(each, ("prefix",)) or at(each, ("location",))
        if isinstance(prefix, str) and prefix.startswith(f"{_HUB}/") and not at(each, ("mirror",)):
            yield prefix, "its own table has none"
    if at(tree, ("registry", number, "mirror-by-digest-only")) is True:
        yield f"{_HUB} by tag", "mirror-by-digest-only"
    for index, where in enumerate(mirrors(file)):
        if at(tree, ("registry", number, "mirror", index, "pull-from-mirror")) == "digest-only":
            yield f"{where} by tag", "pull-from-mirror"
