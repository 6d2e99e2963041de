"""The formats there are, and which of them may own a file, going by its name."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from planner import discover
from planner.errors import ConfigError, nearest
from planner.formats._base import Format
from planner.formats._patterns import expanded, matcher

_WILD = re.compile(r"[*?\[]")
_EXTENSION = re.compile(r"\.\w+\Z")


def formats() -> tuple[Format, ...]:
    """Return every format there is, by name."""
    return _loaded(discover.names("planner.formats"))


def _loaded(names: Iterable[str]) -> tuple[Format, ...]:
    return tuple(discover.load("planner.formats", name, Format, "FORMAT") for name in names)


def chosen(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> "Catalog":
    """Return the formats to read: the selected (all if none is), less the ignored. Raises ConfigError."""
    names = discover.names("planner.formats")
    selected, ignored = tuple(select), tuple(ignore)
    for name in (*selected, *ignored):
        if name not in names:
            near = nearest(name, names)
            raise ConfigError(f"there is no format {name!r}", hint=near or "`hub2ar formats` lists them")
    return Catalog(_loaded(name for name in names if name in (selected or names) and name not in ignored))


class Catalog:
    """Formats, found by the names of files."""

    def __init__(self, formats: tuple[Format, ...]) -> None:
        self.formats = formats

    @cached_property
    def named(self) -> Mapping[str, Format]:
        """The formats by name."""
        return {each.name: each for each in self.formats}

    @cached_property
    def general(self) -> frozenset[str]:
        """The names of the formats that give way to others."""
        return frozenset(each.name for each in self.formats if each.general)

    @cached_property
    def _anything(self) -> re.Pattern[str]:
        return matcher(tuple(glob for each in self.formats for glob in each.patterns))

    @cached_property
    def _matchers(self) -> dict[str, list[tuple[int, re.Pattern[str]]]]:
        """Patterns by the name or the extension (`.yaml`) that a path must end in; under "" all others."""
        globs: dict[str, dict[int, list[str]]] = {}
        for index, each in enumerate(self.formats):
            for glob in (one for pattern in each.patterns for one in expanded(pattern)):
                globs.setdefault(_ending(glob), {}).setdefault(index, []).append(glob)
        return {
            ending: [(index, matcher(tuple(own))) for index, own in by_format.items()]
            for ending, by_format in globs.items()
        }

    def claims(self, full: str) -> list[Format]:
        """Return the formats that a path, with the folders above it, may belong to."""
        if not self._anything.search(full):
            return []
        name = full.rpartition("/")[2]
        extension = _EXTENSION.search(name)
        endings = {"", name, extension[0] if extension else ""}
        found = {
            index
            for ending in endings
            for index, pattern in self._matchers.get(ending, ())
            if pattern.search(full)
        }
        return [self.formats[index] for index in sorted(found)]


def _ending(glob: str) -> str:
    """Return what every path that a glob means must end in: its name, or its extension."""
    name = glob.rpartition("/")[2]
    if not _WILD.search(name):
        return name
    extension = _EXTENSION.search(name)
    return extension[0] if extension and not _WILD.search(extension[0]) else ""
