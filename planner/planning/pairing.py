"""Pairs the items of two lists that are the same thing, by one key after another."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def matched(
    old: Sequence[T], new: Sequence[T], keys: Sequence[Callable[[T], Hashable]]
) -> Iterator[tuple[T | None, T | None]]:
    """Yield what has the same first key, of what is left then what has the same next one; None is nothing.

    Of several with one key the first belongs to the first.
    """
    left, right = list(old), list(new)
    for key in keys:
        waiting: defaultdict[Hashable, list[T]] = defaultdict(list)
        for item in reversed(right):
            waiting[key(item)].append(item)
        unmatched = []
        for item in left:
            if group := waiting.get(key(item)):
                yield item, group.pop()
            else:
                unmatched.append(item)
        still = {id(item) for group in waiting.values() for item in group}
        left, right = unmatched, [item for item in right if id(item) in still]
    yield from ((item, None) for item in left)
    yield from ((None, item) for item in right)
