"""Which values of a chart are handed to its templates: those that an image can be made of.

Charts have hundreds of values, and every template of a chart is read with all that are handed on. A value
counts by its key, the keys above it, or because it looks like an image.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from planner.formats._image_fields import filled, plausible
from planner.formats._yaml import Mapping, Node, Scalar, Sequence
from planner.model.source import Text

_LEAF = re.compile(
    r"(?i)image|regist|mirror|repo|tag\Z|digest|version|prefix\Z"
    r"|\A(?:sha|sha256|hub|name|variant|flavor|edition|distro|org|organization|vendor|owner|project|suffix)\Z"
)
_ABOVE = re.compile(r"(?i)image|regist")
_NEVER = re.compile(
    r"(?i)pull_?(?:policy|secret)|secret|password|username|api_?version"
    r"|(?:\A|\.)(?:enabled|create|install)\Z"  # what is off today may be on tomorrow: its images count
)
ITEM = re.compile(r"\[(?P<mark>[0-9a-f]{8}):(?P<index>\d{1,4})\]")  # of a list, in a name
SWITCH = "switch "  # before the name of a value that matters to conditions only
_SWITCHES = frozenset({"true", "false"})
LISTED = "[]"  # after the name of a list: its mark, and how many items it has
_MOST_ITEMS = 50  # of a list
_LONGEST = 300  # characters; no part of a reference is as long
_MOST = 10_000  # mappings that are entered; aliases can stand for more than anyone would write
_MOST_ENTRIES = 50_000  # of all these mappings; what is shared or merged stands in the document once anyway


@lru_cache(maxsize=4096)  # charts call their values the same
def matters(path: str) -> bool:
    """Whether the value of this name (`image.tag`) is handed on wherever it is set."""
    above, _, leaf = ITEM.sub("", path).rpartition(".")
    return not _NEVER.search(leaf) and bool(_LEAF.search(leaf) or _ABOVE.search(above))


def chart_values(document: Node, mark: str = "") -> dict[str, Text]:
    """Return the values that matter by their dotted names; what is null or empty has no characters.

    With a mark of its own, of eight digits, a file also gives the items of its lists. They take the place of
    those that another file gives, and are not mixed with them.
    """
    return values_and_switches(document, mark)[0]


def values_and_switches(document: Node, mark: str = "") -> tuple[dict[str, Text], dict[str, Text]]:
    """Return the values that matter, and those that only conditions ask for: true, false or nothing."""
    counts: dict[str, int] = {}
    found: dict[str, Text] = {}
    switches: dict[str, Text] = {}
    for path, value in _scalars(document, mark, counts):
        if value.plain and value.value in _SWITCHES and not _shapes(path):
            switches[path] = value.text
        elif _counts(path, value):
            found[path] = _text(value)
        elif not filled(value):
            switches[path] = Text()
    switches = {path: value for path, value in switches.items() if "[" not in path}
    listed = {path[: item.start()] for path in found if mark in path for item in ITEM.finditer(path)}
    lengths = {f"{name}{LISTED}": Text.of(f"{mark}:{counts[name]}") for name in sorted(listed & set(counts))}
    return found | lengths, switches


def _shapes(path: str) -> bool:
    """Whether a switch says of what form an image is: `image.useDigest`; others say which one is taken."""
    above, _, leaf = path.rpartition(".")
    return bool(_ABOVE.search(above)) and not _NEVER.search(leaf)


def _counts(path: str, value: Scalar) -> bool:
    if len(value.value) > _LONGEST or "\n" in value.value:
        return False
    return matters(path) or (plausible(value.value, bare=False) and not _NEVER.search(path))


def _text(value: Scalar) -> Text:
    return value.text if filled(value) else Text()


def _scalars(document: Node, mark: str, counts: dict[str, int]) -> Iterator[tuple[str, Scalar]]:
    """Yield every scalar below the document with the keys that lead to it; note how long the lists are."""
    waiting: list[tuple[str, Node]] = [("", document)]
    entered = read = 0
    while waiting and entered < _MOST and read < _MOST_ENTRIES:
        path, node = waiting.pop()
        if type(node) is Mapping:
            entries = node.entries()
            read += len(node.sources)
            named = [(f"{path}.{key.value}" if path else key.value, value) for key, value in entries]
        elif type(node) is Sequence and mark and path:
            items = node.items[:_MOST_ITEMS]
            counts[path] = len(items)
            named = [(f"{path}[{mark}:{index}]", value) for index, value in enumerate(items)]
        else:
            continue
        entered += 1
        read += len(named)
        for name, value in named:
            if type(value) is Scalar:
                yield name, value
            elif len(name) < _LONGEST:
                waiting.append((name, value))
