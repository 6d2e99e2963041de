"""Values of a chart that a tool gives it: a map, a text of YAML, or single settings (`image.tag=1.27`).

All are read as the file of values that they stand for.
"""

import re
from collections.abc import Iterable, Iterator

from planner.formats import _helm_fields
from planner.formats._base import Candidate, embedded
from planner.formats._image_fields import filled
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.source import SourceFile, Text

_DOT = re.compile(r"(?<!\\)\.")
_DEEPEST = 12  # maps in maps
_MOST = 5_000  # texts of one map; aliases can stand for more than anyone would write


def in_values(node: Node | None, source: SourceFile) -> Iterator[Candidate]:
    """Yield the images of values that are a map, or a text."""
    if type(node) is Mapping:
        yield from _helm_fields.images(node, source)
    elif type(node) is Scalar and ("mage" in node.value or "repository" in node.value):
        host = node.text
        inner = SourceFile(source.path, str(host))
        found = (each for document in parse(inner).documents for each in _helm_fields.images(document, inner))
        yield from (each for each in embedded(found, host) if isinstance(each, Candidate))


def in_settings(settings: Iterable[tuple[str, Text]], source: SourceFile) -> Iterator[Candidate]:
    """Yield the images of settings, each a dotted name and its value; the last of equal names counts."""
    tree: dict[str, Text] = dict(settings)
    if tree:
        yield from _helm_fields.images(nested(tree), source)


def nested(settings: dict[str, Text]) -> Mapping:
    """Return the map of values that settings make together; a dot of a name itself is written `\\.`."""
    root = Mapping(-1, "", [])
    maps: dict[tuple[str, ...], Mapping] = {(): root}
    for name, value in settings.items():
        *above, leaf = [part.replace("\\.", ".") for part in _DOT.split(name)[:_DEEPEST]]
        parent = root
        for depth, key in enumerate(above, start=1):
            path = tuple(above[:depth])
            if path not in maps:
                maps[path] = Mapping(value.start, "", [])
                parent.pairs.append((_key(key), maps[path]))
            parent = maps[path]
        parent.pairs.append((_key(leaf), Scalar(str(value), value.start, -1, '"', "", value)))
    return root


def _key(name: str) -> Scalar:
    return Scalar(name, -1, -1, "", "", Text.of(name))


def overlaid(below: Node | None, above: Node | None) -> Node | None:
    """Return two maps of values as one, as Helm does: what stands above wins, maps are merged."""
    return _overlaid(below, above, _DEEPEST, {})


_Done = dict[tuple[int, int], Node | None]  # by the two nodes: aliases can pair the same ones again and again


def _overlaid(below: Node | None, above: Node | None, depth: int, done: _Done) -> Node | None:
    if type(below) is not Mapping or type(above) is not Mapping or not depth:
        return below if above is None else above
    if (id(below), id(above)) not in done:
        own = {key.value: value for key, value in above.entries()}
        pairs: list[tuple[Node, Node]] = []
        for key, value in below.entries():
            merged = _overlaid(value, own.pop(key.value, None), depth - 1, done)
            if merged is not None:
                pairs.append((key, merged))
        pairs += [(key, value) for key, value in above.entries() if key.value in own]
        done[id(below), id(above)] = Mapping(above.start, "", pairs)
    return done[id(below), id(above)]


def flat(node: Node | None, prefix: str = "", depth: int = _DEEPEST) -> dict[str, Text]:
    """Return the texts of maps in maps by their dotted names; lists are skipped."""
    found: dict[str, Text] = {}
    for key, value in node.entries() if type(node) is Mapping and depth else ():
        if type(value) is Scalar:
            found[prefix + key.value] = value.text if filled(value) else Text()
        elif len(found) < _MOST:
            found |= flat(value, f"{prefix}{key.value}.", depth - 1)
    return found
