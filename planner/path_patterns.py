"""Which of many patterns match a path, found in one walk down its folders.

Patterns that begin alike share a way, and what a folder leads to is worked out once for all files in it. So
the work grows with the depth of paths and with the patterns that are about them, hardly with all of them.
No pattern is tried twice at a place: each `*` ends at the first place where what follows it fits.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, auto
from functools import lru_cache

from msgspec import Struct, field

Best = Mapping[int, int]
"""For each group of patterns the number of the one that counts."""

_NOTHING: Best = {}
_TOKEN = re.compile(
    r"\\(?P<escaped>.)|(?P<stars>\*+)|(?P<any>\?)|(?P<set>\[[!^]?\]?[^\]]*\])|(?P<plain>.)", re.DOTALL
)
_MEMBER = re.compile(r"(?P<low>.)-(?P<high>.)|(?P<one>.)", re.DOTALL)
_TOGETHER = 64  # expressions that are tried at once
_MOST_KNOWN = 4096  # names
_FEW = 8  # places


class Reach(Enum):
    """What a pattern covers where its last part matches."""

    FILE = auto()
    BELOW = auto()  # a folder: everything in it
    BOTH = auto()


class Pattern(Struct, frozen=True):
    """The parts of a path; `**` stands for any number of folders, and for none."""

    parts: tuple[str, ...]
    reach: Reach
    sets: bool = False  # whether `[a-z]` is a set of characters

    @classmethod
    def of(cls, text: str, reach: Reach, *, sets: bool = False) -> "Pattern":
        """Split a pattern at its slashes; one `**` after another says no more than the first."""
        parts: list[str] = []
        for part in text.split("/") if text else ():
            if part != "**" or parts[-1:] != ["**"]:
                parts.append(part)
        return cls(tuple(parts), reach, sets)


class _Wild(Struct, eq=False):
    """What comes after a part with a wildcard, by the kind of wildcard."""

    every: "_Node | None" = None  # `*`
    begins: dict[str, "_Node"] = field(default_factory=dict)  # `x*`
    ends: dict[str, "_Node"] = field(default_factory=dict)  # `*x`
    others: dict[str, "_Node"] = field(default_factory=dict)  # by regular expression
    begin_sizes: tuple[int, ...] = ()
    end_sizes: tuple[int, ...] = ()
    tried: tuple[tuple[re.Pattern[str], tuple[tuple[str, "_Node"], ...]], ...] = ()
    known: dict[str, tuple["_Node", ...]] = field(default_factory=dict)  # what `tried` gave for a name

    def finish(self) -> None:
        """Work out what every search needs, once all patterns are known."""
        self.begin_sizes = tuple(sorted({len(text) for text in self.begins}))
        self.end_sizes = tuple(sorted({len(text) for text in self.ends}))
        each = tuple(self.others.items())
        chunks = [each[start : start + _TOGETHER] for start in range(0, len(each), _TOGETHER)]
        self.tried = tuple((_compiled("|".join(text for text, _ in chunk)), chunk) for chunk in chunks)

    def next(self, name: str) -> Iterator["_Node"]:
        """Yield where a part of a path leads."""
        if self.every:
            yield self.every
        for size in self.begin_sizes:
            if node := self.begins.get(name[:size]):
                yield node
        for size in self.end_sizes:
            if node := self.ends.get(name[-size:]):
                yield node
        if self.tried:
            yield from self._tried(name)

    def _tried(self, name: str) -> tuple["_Node", ...]:
        found = self.known.get(name)
        if found is None:
            chunks = (chunk for together, chunk in self.tried if together.match(name))
            found = tuple(node for chunk in chunks for text, node in chunk if _compiled(text).match(name))
            if len(self.known) == _MOST_KNOWN:
                self.known.clear()
            if len(found) <= _FEW:
                self.known[name] = found
        return found


@lru_cache(maxsize=4096)
def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text, re.DOTALL)


class _Node(Struct, eq=False):
    """A node of the patterns: what may come next, and what matches a path that ends here."""

    literal: dict[str, "_Node"] = field(default_factory=dict)
    wild: _Wild | None = None
    deep: "_Node | None" = None  # after `**`
    loops: bool = False  # it is after `**`, and any folder leads back to it
    file: Best = field(default_factory=lambda: _NOTHING)  # one for all: there are many places
    below: Best = field(default_factory=lambda: _NOTHING)


class Folder(Struct, frozen=True):
    """The state of a walk in a folder, and what matches everything in that folder."""

    nodes: tuple[_Node, ...]
    best: Best


class Patterns:
    """Patterns by number, each in a group; of those of a group that match, the highest number counts."""

    __slots__ = ("_root",)

    def __init__(self, patterns: Iterable[tuple[int, int, Pattern]]) -> None:
        self._root = _Node()
        wilds: list[_Wild] = []
        for group, number, pattern in patterns:
            node = self._root
            for part in pattern.parts:
                node = _child(node, part, pattern.sets, wilds)
            if pattern.reach is not Reach.BELOW:
                node.file = _better(node.file, {group: number})
            if pattern.reach is not Reach.FILE:
                node.below = _better(node.below, {group: number})
        for wild in wilds:
            wild.finish()

    def best(self, paths: Iterable[str]) -> Iterator[Best]:
        """Yield what counts for each path; this is fastest if the paths of a folder follow one another."""
        way: list[tuple[str, Folder]] = [("", self.root())]
        for path in paths:
            *folders, name = path.split("/")
            same = _common([each for each, _ in way[1:]], folders)
            del way[same + 1 :]
            for folder in folders[same:]:
                way.append((folder, self.inside(way[-1][1], folder)))
            yield self.at(way[-1][1], name)

    def root(self) -> Folder:
        """Return where a walk begins."""
        return _folder([self._root], _NOTHING)

    def inside(self, folder: Folder, name: str) -> Folder:
        """Return the state of a walk after it enters a folder of the present one."""
        return _entered(folder, name)

    def at(self, folder: Folder, name: str) -> Best:
        """Return what counts for a name in the present folder of a walk."""
        return _all(folder.best, (node.file for node in _next(folder.nodes, name)))


def _common(one: list[str], other: list[str]) -> int:
    """Return how many of the first texts of two lists are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _entered(folder: Folder, name: str) -> Folder:
    return _folder([*(node for node in folder.nodes if node.loops), *_next(folder.nodes, name)], folder.best)


def _folder(nodes: list[_Node], best: Best) -> Folder:
    """Return a walk's state; a `**` is passed without a folder, too."""
    found = tuple(dict.fromkeys((*nodes, *(node.deep for node in nodes if node.deep))))
    return Folder(found, _all(best, (node.below for node in found)))


def _next(nodes: Iterable[_Node], name: str) -> Iterator[_Node]:
    for node in nodes:
        if child := node.literal.get(name):
            yield child
        if node.wild:
            yield from node.wild.next(name)


def _all(best: Best, more: Iterable[Best]) -> Best:
    for each in more:
        if each:
            best = _better(best, each)
    return best


def _better(one: Best, other: Best) -> Best:
    return {**one, **{group: max(number, one.get(group, number)) for group, number in other.items()}}


def _child(node: _Node, part: str, sets: bool, wilds: list[_Wild]) -> _Node:
    """Return the node that a part leads to, creating it if it is new."""
    if part == "**":
        node.deep = node.deep or _Node(loops=True)
        return node.deep
    pieces = _pieces(part, sets)
    match pieces:
        case [] | [str()]:
            return node.literal.setdefault("".join(map(str, pieces)), _Node())
    if node.wild is None:
        node.wild = _Wild()
        wilds.append(node.wild)
    match pieces:
        case [None]:
            node.wild.every = node.wild.every or _Node()
            return node.wild.every
        case [str() as text, None]:
            return node.wild.begins.setdefault(text, _Node())
        case [None, str() as text]:
            return node.wild.ends.setdefault(text, _Node())
    return node.wild.others.setdefault(_expression(pieces), _Node())


class _One(Struct, frozen=True):
    """One character, as a regular expression."""

    text: str


_Piece = str | _One | None  # literal text, one character of several, `*`


def _pieces(part: str, sets: bool) -> list[_Piece]:
    pieces: list[_Piece] = []
    for token in _TOKEN.finditer(part):
        kind, text = str(token.lastgroup), token[str(token.lastgroup)]
        if kind == "stars":
            pieces.append(None)
        elif kind == "any":
            pieces.append(_One("."))
        elif kind == "set" and sets:
            pieces.append(_One(_set(text[1:-1])))
        elif pieces and isinstance(pieces[-1], str):
            pieces[-1] += text
        else:
            pieces.append(text)
    return pieces


def _set(inner: str) -> str:
    """Return a set of characters; one whose ranges run backwards has no member."""
    negated = inner[:1] in ("!", "^")
    members = ""
    for member in _MEMBER.finditer(inner[1:] if negated else inner):
        if member["one"]:
            members += re.escape(member["one"])
        elif member["low"] <= member["high"]:
            members += f"{re.escape(member['low'])}-{re.escape(member['high'])}"
    if not members:
        return "." if negated else "(?!)"
    return f"[^{members}]" if negated else f"[{members}]"


def _expression(pieces: list[_Piece]) -> str:
    """Return what matches a whole name, without a way to go back before an earlier `*`."""
    chunks = [""]
    for piece in pieces:
        if piece is None:
            chunks.append("")
        else:
            chunks[-1] += piece.text if isinstance(piece, _One) else re.escape(piece)
    if len(chunks) == 1:
        return rf"{chunks[0]}\Z"
    first, *middle, last = chunks
    return first + "".join(f"(?>.*?{chunk})" for chunk in middle) + (rf".*{last}\Z" if last else "")
