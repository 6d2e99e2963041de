"""Which formats claim a path, going by the globs of all formats.

Most globs are a whole name or an extension, and looked up. Of the rest, a glob is compiled when a path holds
the longest text that the glob spells, which is seldom; what concerns a folder is found once for its files.
"""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import lru_cache

from planner.formats._base import NO_EXTENSION
from planner.formats._patterns import expanded, matcher

_WILD = re.compile(r"\*+|\?|\[[^\]]+\]")
_EXTENSION = re.compile(r"\.\w+\Z")
_NONE: frozenset[str] = frozenset()
_NAMES, _FOLDERS = 8_192, 1_024  # that are remembered: the files of a folder come together


class Index:
    """Globs by what decides: a whole name, an extension, other parts of a name, or folders."""

    def __init__(self, found: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Take the globs of each format, by its name."""
        self._bare: frozenset[str] = _NONE  # for names without a dot
        self._whole: dict[str, set[str]] = {}  # by name
        self._extensions: dict[str, frozenset[str]] = {}  # all files that have one
        self._names: dict[str, _Globs] = {}  # by the name or the extension that all they mean ends in
        self._inside: dict[str, dict[str, _Globs]] = {}  # by the glob of the folder: the same
        self._paths = _Globs()  # of which no part is the folder's alone
        self._orders: dict[frozenset[str], tuple[str, ...]] = {}
        for name, globs in found:
            for glob in (one for pattern in globs for one in expanded(pattern)):
                self._add(glob, name)
        self._folders = _Globs()
        for folder in self._inside:
            self._folders.add(folder, folder)
        self._of_name = lru_cache(_NAMES)(self._by_name)
        self._of_folder = lru_cache(_FOLDERS)(self._by_folder)

    def _add(self, glob: str, format_: str) -> None:
        folder, slash, name = glob.rpartition("/")
        if glob == NO_EXTENSION:
            self._bare |= {format_}
        elif "**" in name:
            self._paths.add(glob, format_)
        elif slash:
            inside = self._inside.setdefault(folder + slash, {})
            inside.setdefault(_ending(name), _Globs()).add(name, format_)
        elif not _WILD.search(glob):
            self._whole.setdefault(glob, set()).add(format_)
        elif glob.startswith("*.") and _EXTENSION.fullmatch(glob[1:]):
            self._extensions[glob[1:]] = self._extensions.get(glob[1:], _NONE) | {format_}
        else:
            self._names.setdefault(_ending(glob), _Globs()).add(glob, format_)

    def claims(self, full: str) -> tuple[str, ...]:
        """Return the formats that a path, with the folders above it, may belong to, sorted."""
        start = full.rfind("/") + 1
        name = full[start:]
        found, claims = self._of_name(name)
        inside = self._of_folder(full[:start])
        if not inside and not self._paths:
            return claims  # nearly always, and this is asked of every file
        return self._ordered(self._more(found, inside, full, name) | self._bare_of(name))

    def named(self, full: str) -> AbstractSet[str]:
        """Return those of them that claim it for more than a name without a dot."""
        start = full.rfind("/") + 1
        name = full[start:]
        return self._more(self._of_name(name)[0], self._of_folder(full[:start]), full, name)

    def _more(self, found: frozenset[str], inside: "_Inside", full: str, name: str) -> frozenset[str]:
        """Return what claims a file, given what claims every file of its name."""
        found = found.union(*(_meant(names, name) for names in inside))
        return found.union(self._paths.meant(full)) if self._paths else found

    def _by_name(self, name: str) -> tuple[frozenset[str], tuple[str, ...]]:
        """Return what claims every file of a name, and the same with what claims names without a dot."""
        extension = _extension(name)
        own = self._extensions.get(extension, _NONE)
        whole, more = self._whole.get(name), _meant(self._names, name)
        found = own.union(whole or (), more) if whole or more else own
        return found, self._ordered(found | self._bare_of(name) if not extension else found)

    def _bare_of(self, name: str) -> frozenset[str]:
        return self._bare if "." not in name else _NONE

    def _by_folder(self, folder: str) -> "_Inside":
        """Return the globs over names of those who claim files of a folder."""
        return tuple(self._inside[each] for each in self._folders.meant(folder))

    def _ordered(self, names: frozenset[str]) -> tuple[str, ...]:
        """Return names sorted; one tuple for the thousands of files that have the same."""
        known = self._orders.get(names)
        if known is None:
            known = self._orders[names] = tuple(sorted(names))
        return known


class _Globs:
    """Globs with what they stand for, indexed by the longest text that every matching name must contain."""

    def __init__(self) -> None:
        self._by_text: dict[str, list[tuple[str, str]]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_text)

    def add(self, glob: str, of: str) -> None:
        """Add a glob."""
        text = max((piece.strip("/") for piece in _WILD.split(glob)), key=len)
        self._by_text.setdefault(text, []).append((glob, of))

    def meant(self, path: str) -> list[str]:
        """Return what the globs that match a path stand for."""
        held = [globs for text, globs in self._by_text.items() if text in path]
        return [of for globs in held for glob, of in globs if matcher((glob,)).search(path)]


_Inside = tuple[dict[str, _Globs], ...]


def _meant(names: dict[str, _Globs], name: str) -> list[str]:
    found = [globs.meant(name) for ending in {"", name, _extension(name)} if (globs := names.get(ending))]
    return [of for each in found for of in each]


def _extension(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:] if dot >= 0 else ""


def _ending(glob: str) -> str:
    """Return what every name that a glob matches must end in: all of it, or its extension."""
    if not _WILD.search(glob):
        return glob
    extension = _EXTENSION.search(glob)
    return extension[0] if extension and not _WILD.search(extension[0]) else ""
