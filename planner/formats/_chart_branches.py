"""What holds at a place of a chart's template: the dot, the variables, and whether its branches are taken.

`{{ $tag := .Values.tag }}`, `{{ with .Values.image }}`, `{{ if .Values.digest }} … {{ else }} … {{ end }}`.
A variable that is changed in a branch of which it is not known whether it is taken is not known after it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct, field

from planner.formats._base import Given
from planner.formats._chart_scope import ROOT, Place, Scope, Unknown, Value
from planner.formats._chart_templates import ACTION, ASSIGNMENT, Renderer, chart_given, keyword_of
from planner.model.source import Text

_LONGEST = 300_000  # characters of a template that are looked at
_MOST = 5_000  # expressions of a template that are evaluated
_MOST_VARIABLES = 200  # of a template
_RANGED = re.compile(r"(\$\w+)(?=[^|]*:=)")
_CHANGES = re.compile(r"-?\s*+(?:\$\w|(?:if|else|end|with|range|define|block|break|continue)\b)")
_NOTHING = Unknown()


class Places:
    """The places of one template, read once with one set of values."""

    def __init__(self, text: str, given: Given) -> None:
        self.text = text
        self.given = given

    def at(self, offset: int) -> Place:
        """Return what holds at an offset."""
        if not chart_given(self.given) or offset > _LONGEST:
            return ROOT
        return self._places[bisect_right(self._offsets, offset) - 1][1]

    @cached_property
    def _places(self) -> list[tuple[int, Place]]:
        walk = _Walk(Renderer(Scope(self.given), most=_MOST))
        return [(0, ROOT), *walk.through(self.text)]

    @cached_property
    def _offsets(self) -> list[int]:
        return [offset for offset, _ in self._places]


class _Block(Struct):
    """A block that is open: what held before it, and what is known of its branches."""

    dot: Value
    variables: dict[str, Value]  # as they are after the branches so far
    possible: bool  # whether the block is reached
    taken: bool | None = None  # this branch; None where that is not known
    left: bool | None = None  # whether a later branch is still possible
    changed: set[str] = field(default_factory=set)  # variables from before it, in this branch


class _Walk(Struct):
    renderer: Renderer
    dot: Value = ROOT.dot
    variables: dict[str, Value] = field(default_factory=lambda: dict(ROOT.variables))
    blocks: list[_Block] = field(default_factory=list)

    def through(self, text: str) -> Iterator[tuple[int, Place]]:
        """Yield what holds after each action that changes it."""
        for match in ACTION.finditer(text, 0, _LONGEST):
            if not _CHANGES.match(match["body"]):
                continue  # it prints
            keyword, expression = keyword_of(Text.at(match.start("body"), match["body"].removesuffix("-")))
            if keyword or ASSIGNMENT.match(str(expression)):
                self._step(keyword, expression)
                yield match.end(), Place(self.dot, self.variables, self._possible())

    def _possible(self) -> bool:
        return not self.blocks or (self.blocks[-1].possible and self.blocks[-1].taken is not False)

    def _step(self, keyword: str, expression: Text) -> None:
        if not keyword:
            self.variables = self._assigned(expression, self.dot, self.variables)
        elif keyword == "end":
            if self.blocks:
                self._leave(self.blocks.pop())
        elif not keyword.startswith("else"):
            self.blocks.append(_Block(self.dot, self.variables, self._possible()))
            self._enter(self.blocks[-1], keyword, expression)
        elif self.blocks:
            self._leave(self.blocks[-1])
            self._enter(self.blocks[-1], keyword, expression)

    def _enter(self, block: _Block, keyword: str, expression: Text) -> None:
        """Begin a branch."""
        block.changed = set()
        if keyword in ("define", "block"):
            self.dot, self.variables = ROOT.dot, dict(ROOT.variables)
        elif keyword == "range":
            self.dot = _NOTHING
            named = dict.fromkeys(_RANGED.findall(str(expression)), _NOTHING)
            self.variables = {**block.variables, **named}
        elif keyword == "else":
            block.taken, block.left = block.left, False
        elif keyword in ("if", "with", "else if") or keyword.split() == ["else", "if"]:
            value = self._condition(expression)
            empty = self.renderer.scope.empty(value)
            first = keyword in ("if", "with")
            left = True if first else block.left
            block.taken = False if left is False or empty else (None if empty is None else left)
            block.left = False if left is False or empty is False else (None if empty is None else left)
            self.dot = value if keyword == "with" else self.dot

    def _condition(self, expression: Text) -> Value:
        """Return the value of a condition, which may also be given a name in its block."""
        assignment = ASSIGNMENT.match(str(expression))
        if assignment is None:
            return self.renderer.value(expression, self.dot, self.variables)
        self.variables = self._assigned(expression, self.dot, self.variables)
        return self.variables.get(assignment["name"], _NOTHING)

    def _leave(self, block: _Block) -> None:
        """End a branch: what it changed of the variables before it stays changed if it is taken."""
        kept = {} if block.taken is False else {name: self.variables[name] for name in block.changed}
        unsure = block.taken is None
        block.variables = {**block.variables, **(dict.fromkeys(kept, _NOTHING) if unsure else kept)}
        if self.blocks and (block is not self.blocks[-1]):
            self.blocks[-1].changed |= set(kept) & set(self.blocks[-1].variables)
        self.dot, self.variables = block.dot, block.variables

    def _assigned(self, expression: Text, dot: Value, variables: Mapping[str, Value]) -> dict[str, Value]:
        assignment = ASSIGNMENT.match(str(expression))
        assert assignment is not None
        name = assignment["name"]
        value = self.renderer.value(expression.cut(assignment.end(), len(expression)), dot, variables)
        if not assignment["new"] and self.blocks and name in self.blocks[-1].variables:
            self.blocks[-1].changed.add(name)
        return {**variables, name: value} if len(variables) < _MOST_VARIABLES else {**variables}
