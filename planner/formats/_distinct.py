"""Findings without repetition, for formats that read one text in several ways."""

from collections.abc import Iterable, Iterator

from planner.formats._base import Binding, Candidate, Definition, Embedded, Item


def distinct(found: Iterable[Item]) -> Iterator[Item]:
    """Leave out what was found before in the same place, and bindings of the same values."""
    seen: set[tuple[object, ...]] = set()
    for item in found:
        key = _key(item)
        if key not in seen:
            seen.add(key)
            yield item


def _key(item: Item) -> tuple[object, ...]:
    match item:
        case Binding(target, name, variables):
            return (target, name, *((key, str(value)) for key, value in variables.items()))
        case Embedded(text, name, formats):
            return (text.start, str(text), name, *formats)
        case Candidate():
            return (item.start, item.role, str(item.value), item.problem)
        case Definition(name):
            return ("defines", name)
