"""Targets of a Bake file: what a matrix makes of them, and what they inherit.

https://docs.docker.com/build/bake/reference/
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from msgspec import Struct, field

from planner.formats._bake_functions import Functions
from planner.formats._hcl_expressions import Scope, evaluate
from planner.formats._hcl_nodes import Body
from planner.formats._hcl_values import Fields, Result, members, words

_MOST = 256  # targets that one block stands for
_MOST_ABOVE = 64  # targets that one inherits from
MOST_INHERITED = 10_000  # arguments, contexts and labels of all targets of a file
_MERGED = frozenset({"args", "contexts", "labels"})  # added to what is inherited; all else takes its place
_ADDED = _MERGED | {"inherits"}  # what blocks of one name set together


class Target(Struct, frozen=True):
    """One target; a block with a matrix is several."""

    name: str
    body: Body
    scope: Scope


class Targets(Struct, frozen=True):
    """The targets of a file by name; blocks of the same name add to each other.

    Each field of each target is evaluated once, however many targets inherit from it.
    """

    known: Mapping[str, tuple[Target, ...]]
    functions: Functions
    _own: dict[tuple[str, str], list[Result]] = field(default_factory=dict)  # by name and key
    _merged: dict[tuple[str, str], Fields | None] = field(default_factory=dict)
    _setting: dict[str, frozenset[str]] = field(default_factory=dict)  # which targets set a field themselves
    _above: dict[str, list[str]] = field(default_factory=dict)  # whom each inherits from itself
    _lines: dict[str, list[str]] = field(default_factory=dict)  # and all that those do
    _taken: list[int] = field(default_factory=lambda: [0])  # values that targets inherited

    def value(self, target: Target, key: str) -> Result | None:
        """Return the value of a field of one target, without what it inherits."""
        expression = target.body.get(key)
        if expression is None:
            return None
        return evaluate(self.functions.inlined(expression), target.scope)

    def fields(self, name: str, key: str) -> Result | None:
        """Return the value of a field with what is inherited."""
        setting = self._that_set(key)
        if not setting:
            return None
        if key not in _MERGED:
            own = (each for each in self._line(name) if each in setting)
            return next((value for each in own for value in self._values(each, key)), None)
        if (name, key) not in self._merged:
            line = [name] if self.is_spent else self._line(name)
            every = [value for each in line if each in setting for value in self._values(each, key)]
            found = {entry: value for each in reversed(every) for entry, value in members(each)}
            self._taken[0] += len(found) * (len(line) > 1)
            self._merged[name, key] = Fields(tuple(found.items())) if every else None
        return self._merged[name, key]

    @property
    def is_spent(self) -> bool:
        """Whether targets have inherited more than anyone writes: further ones have their own values only."""
        return self._taken[0] > MOST_INHERITED

    def inherited(self, name: str) -> list[str]:
        """Return the names of the targets that one inherits from, what counts first."""
        if name not in self._above:
            self._above[name] = [
                str(choice.text)
                for value in self._values(name, "inherits")
                for _, item in reversed(list(members(value)))
                for word in words(item)
                for choice in reversed(list(word.choices()))
            ]
        return self._above[name]

    def _that_set(self, key: str) -> frozenset[str]:
        """Return the names of the targets that set a field themselves: to ask each one would take longer."""
        if key not in self._setting:
            self._setting[key] = frozenset(
                name
                for name, targets in self.known.items()
                if any(each.body.get(key) is not None for each in targets)
            )
        return self._setting[key]

    def _values(self, name: str, key: str) -> list[Result]:
        """Return what a target of this name sets a field to itself, what counts first."""
        if (name, key) not in self._own:
            found = (self.value(target, key) for target in reversed(self.known.get(name, ())))
            values = (value for value in found if value is not None)
            self._own[name, key] = list(values if key in _ADDED else islice(values, 1))
        return self._own[name, key]

    def _line(self, name: str) -> list[str]:
        """Return a target and all it inherits from, what counts first."""
        if name not in self._lines:
            seen: dict[str, None] = {}
            waiting = [name]
            while waiting and len(seen) < _MOST_ABOVE:
                each = waiting.pop()
                if each not in seen:
                    seen[each] = None
                    waiting.extend(reversed(self.inherited(each)))
            self._lines[name] = list(seen)
        return self._lines[name]


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
    result: dict[str, list[Target]] = {}
    for target in targets:
        result.setdefault(target.name, []).append(target)
    return {name: tuple(found) for name, found in result.items()}
