"""Where the scalars of a YAML file stand, and by which keys they are reached."""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from planner.model.source import SourceFile

Keys = tuple[str | int, ...]  # an integer is the place in a list


@dataclass(frozen=True, slots=True)
class Place:
    """A scalar, without its quotes: `source.text[start:start + len(text)] == text`."""

    keys: Keys
    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def places(source: SourceFile) -> tuple[Place, ...]:
    """Return the scalars that stand in a file as they are read, in order; none where it is no document."""
    try:
        root = yaml.compose(source.text, Loader=yaml.SafeLoader)
        found = _places(root, (), source.text, set()) if root is not None else ()
        return tuple(sorted(found, key=lambda place: place.start))
    except (yaml.YAMLError, RecursionError):
        return ()


def _places(node: yaml.Node, keys: Keys, text: str, seen: set[int]) -> Iterator[Place]:
    if id(node) in seen:
        return  # an alias: a value is set where it is defined
    seen.add(id(node))
    match node:
        case yaml.MappingNode():
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    yield from _places(value, (*keys, str(key.value)), text, seen)
        case yaml.SequenceNode():
            for index, value in enumerate(node.value):
                yield from _places(value, (*keys, index), text, seen)
        case yaml.ScalarNode():
            value = str(node.value)
            start = node.end_mark.index - len(value) - (1 if node.style in ("'", '"') else 0)
            if value and text[start : start + len(value)] == value:
                yield Place(keys, start, value)
