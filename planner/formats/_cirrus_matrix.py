"""The `matrix` of Cirrus CI: wherever it stands, each of its items makes one more variant of what holds it.

A matrix is a list of maps, or a map in which each pair is an item, so that a key may stand in it twice.
https://cirrus-ci.org/guide/writing-tasks/#matrix-modification
"""

from collections.abc import Iterator
from itertools import islice

from planner.formats._ci import entries, items
from planner.formats._ci_environment import MOST_ROWS, Assigned, text_of
from planner.formats._yaml import Mapping, Node, Scalar, Sequence

Chain = tuple[Mapping, ...]  # a section and what it is made of, what overrides others first

_MATRIX = "matrix"
_NESTED = 4  # matrices in matrices
_SECRET = "ENCRYPTED["  # begins a value that only the service can read


def variants(section: Mapping) -> Iterator[Chain]:
    """Yield a section as each item of its matrix makes it."""
    yield from islice(_variants(section, 0), MOST_ROWS)


def get(chain: Chain, key: str) -> Node | None:
    """Return what stands under a key in the first section that has it."""
    return next((node for section in chain if (node := section.get(key)) is not None), None)


def rows(section: Node | None) -> tuple[Assigned, ...]:
    """Return the variables that an `env` sets, once for each item of its matrix."""
    if type(section) is not Mapping:
        return ()
    return tuple(_row(chain) for chain in variants(section))


def _row(chain: Chain) -> Assigned:
    return {
        name: (text_of(node),)
        for section in reversed(chain)
        for name, node in entries(section)
        if type(node) is Scalar and name != _MATRIX and not node.value.startswith(_SECRET)
    }


def _variants(section: Mapping, depth: int) -> Iterator[Chain]:
    added = _items(section.get(_MATRIX)) if depth < _NESTED else []
    if not added:
        yield (section,)
    for item in added:
        yield from ((*chain, section) for chain in _variants(item, depth + 1))


def _items(matrix: Node | None) -> list[Mapping]:
    if type(matrix) is Sequence:
        return [item for item in items(matrix) if type(item) is Mapping]
    if type(matrix) is Mapping:
        return [Mapping(matrix.start, "", [pair]) for pair in matrix.pairs]
    return []
