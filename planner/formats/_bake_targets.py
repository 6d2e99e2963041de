"""Targets of a Bake file: what a matrix makes of them, and what they inherit.

https://docs.docker.com/build/bake/reference/
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from msgspec import Struct

from planner.formats._bake_functions import Functions
from planner.formats._hcl_expressions import Scope, evaluate
from planner.formats._hcl_nodes import Body
from planner.formats._hcl_values import Fields, Result, members, words

_MOST = 256  # targets that one block stands for, or that one inherits from
_MERGED = frozenset({"args", "contexts", "labels"})  # added to what is inherited; all else takes its place


class Target(Struct, frozen=True):
    """One target; a block with a matrix is several."""

    name: str
    body: Body
    scope: Scope


class Targets(Struct, frozen=True):
    """The targets of a file by name; blocks of the same name add to each other."""

    known: Mapping[str, tuple[Target, ...]]
    functions: Functions

    def value(self, target: Target, key: str) -> Result | None:
        """Return the value of a field of one target, without what it inherits."""
        expression = target.body.get(key)
        if expression is None:
            return None
        return evaluate(self.functions.inlined(expression), target.scope)

    def fields(self, name: str, key: str) -> Result | None:
        """Return the value of a field with what is inherited."""
        found = list(self._values(name, key, set()))
        if not found:
            return None
        if key not in _MERGED:
            return found[0]
        merged = {name: value for each in reversed(found) for name, value in members(each)}
        return Fields(tuple(merged.items()))

    def _values(self, name: str, key: str, seen: set[str]) -> Iterator[Result]:
        """Yield the values of a field, what counts first: the target's own, then the last it inherits."""
        if name in seen or len(seen) >= _MOST:
            return
        seen.add(name)
        own = self.known.get(name, ())
        for target in reversed(own):
            if (value := self.value(target, key)) is not None:
                yield value
        for target in reversed(own):
            for above in reversed(self.inherited(target)):
                yield from self._values(above, key, seen)

    def inherited(self, target: Target) -> list[str]:
        """Return the names of the targets that one inherits from."""
        value = self.value(target, "inherits")
        return [
            str(choice.text)
            for _, item in members(value)
            for word in words(item)
            for choice in word.choices()
        ]


def expanded(label: str, body: Body, scope: Scope, functions: Functions) -> Iterator[Target]:
    """Yield the targets that a block stands for."""
    matrix = body.get("matrix")
    if matrix is None:
        yield Target(label, body, scope)
        return
    axes = {key: [item for _, item in members(values)] for key, values in members(evaluate(matrix, scope))}
    combinations = product(*axes.values())
    for index, values in enumerate(combinations):
        if index == _MOST:
            return
        inside = scope.within(dict(zip(axes, values, strict=True)))
        name = body.get("name")
        found = words(evaluate(functions.inlined(name), inside)) if name is not None else iter(())
        known = next((str(word) for word in found if word.known), "")
        yield Target(known or f"{label}[{index}]", body, inside)


def named(targets: Sequence[Target]) -> dict[str, tuple[Target, ...]]:
    """Return targets by name."""
    result: dict[str, tuple[Target, ...]] = {}
    for target in targets:
        result[target.name] = (*result.get(target.name, ()), target)
    return result
