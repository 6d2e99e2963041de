"""What holds at a place of a chart's template: the dot, the variables, and whether its branches are taken.

`{{ $tag := .Values.tag }}`, `{{ with .Values.image }}`, `{{ if .Values.digest }} … {{ else }} … {{ end }}`.
A variable that is changed in a branch of which it is not known whether it is taken is not known after it.
A loop whose items are known holds as often as it has items: a place in it is several.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from msgspec import Struct, field

from planner.formats._base import Given
from planner.formats._chart_scope import ROOT, Place, Scope, Unknown, Value
from planner.formats._chart_templates import ACTION, ASSIGNMENT, CHANGED, Renderer, chart_given, keyword_of
from planner.model.source import Text

_LONGEST = 300_000  # characters of a template that are read
_MOST = 5_000  # expressions of a template that are evaluated
_MOST_VARIABLES = 200  # of a template
_MOST_STEPS = 10_000  # actions and items that are gone through
_MOST_LOOPS = 8  # in loops
_OPENING = ("if", "with", "range", "define", "block")
_RANGE = re.compile(r"\s*+(?:(?P<key>\$\w+)\s*+,\s*+)?(?P<item>\$\w+)\s*+:?=\s*+")
_CHANGES = re.compile(r"-?\s*+(?:\$\w|(?:if|else|end|with|range|define|block|break|continue)\b)")
_NOTHING = Unknown()


class Places:
    """The places of one template up to an offset, read once with one set of values."""

    def __init__(self, text: str, given: Given, last: int = _LONGEST) -> None:
        self.text = text
        self.given = given
        self.last = last

    def at(self, offset: int) -> Iterator[Place]:
        """Yield what holds at an offset, for each item of the loops around it."""
        if not chart_given(self.given) or offset > _LONGEST:
            return iter((ROOT,))
        return self._whole.at(offset)

    @cached_property
    def _whole(self) -> "_Pass":
        walk = _Walk(Renderer(Scope(self.given), most=_MOST), _actions(self.text, self.last))
        whole = _Pass(0, len(self.text) + 1, [0], [ROOT])
        walk.through(0, len(walk.actions), whole)
        return whole


class _Action(NamedTuple):
    """An action that changes what holds after it."""

    start: int
    end: int
    keyword: str
    expression: Text


@lru_cache(maxsize=1)  # a template is gone through with one set of values after another
def _actions(text: str, last: int) -> list[_Action]:
    """Return what tells what holds up to an offset: what stands before it, and in the loops around it."""
    found: list[_Action] = []
    around: list[str] = []
    for match in ACTION.finditer(text, 0, _LONGEST):
        if match.start() > last and "range" not in around:
            break
        if not _CHANGES.match(match["body"]):
            continue  # it prints
        body = Text.at(match.start("body"), match["body"].removesuffix("-"))
        keyword, expression = keyword_of(body)
        if keyword in _OPENING:
            around.append(keyword)
        elif keyword == "end" and around:
            around.pop()
        if keyword or ASSIGNMENT.match(str(expression)):
            found.append(_Action(match.start(), match.end(), keyword, expression))
    return found


class _Pass(Struct):
    """One way through a part of a template, from one offset to another."""

    start: int
    stop: int
    offsets: list[int]  # after which something else holds
    places: list[Place]  # what does
    inner: "list[_Pass]" = field(default_factory=list)  # ways through the loops in it, one for each item

    def at(self, offset: int) -> Iterator[Place]:
        """Yield what holds at an offset."""
        last = bisect_right(self.inner, offset, key=_start)
        first = bisect_left(self.inner, self.inner[last - 1].start, key=_start) if last else 0
        if first == last or offset >= self.inner[first].stop:
            yield self.places[bisect_right(self.offsets, offset) - 1]
            return
        for each in self.inner[first:last]:
            yield from each.at(offset)


def _start(each: _Pass) -> int:
    return each.start


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
    actions: list[_Action]
    dot: Value = ROOT.dot
    variables: dict[str, Value] = field(default_factory=lambda: dict(ROOT.variables))
    blocks: list[_Block] = field(default_factory=list)
    left: int = _MOST_STEPS
    loops: int = 0  # around

    def through(self, first: int, stop: int, into: _Pass) -> None:
        """Carry out some of the actions, and note what holds after each."""
        index = first
        while index < stop:
            action = self.actions[index]
            self.left -= 1
            items = self._items(action) if action.keyword == "range" else None
            if items is not None:
                index = self._repeat(index, stop, items, into)
                continue
            self._step(action.keyword, action.expression)
            into.offsets.append(action.end)
            into.places.append(Place(self.dot, self.variables, self._possible()))
            index += 1

    def _items(self, action: _Action) -> list[tuple[Text, Value]] | None:
        """Return what a loop goes through; None where nothing is known of it, or too much.

        What stands in a loop over nothing is pulled as soon as somebody gives it an item.
        """
        if self.left < 0 or self.loops >= _MOST_LOOPS or not self._possible():
            return None
        expression = action.expression
        if assignment := _RANGE.match(str(expression)):
            expression = expression.cut(assignment.end(), len(expression))
        return self.renderer.scope.items(self.renderer.value(expression, self.dot, self.variables)) or None

    def _repeat(self, index: int, stop: int, items: list[tuple[Text, Value]], into: _Pass) -> int:
        """Carry out a loop; return which action ends it, or begins its `else`."""
        action, body = self.actions[index], self._closing(index, stop)
        end = self.actions[body].start if body < len(self.actions) else into.stop
        block = _Block(self.dot, self.variables, self._possible(), taken=True)
        self.blocks.append(block)
        self.loops += 1
        depth, unsure = len(self.blocks), self._reassigned(index + 1, body)
        for number, (key, value) in enumerate(items):
            self.left -= 1
            if number and self.left < 0:
                break
            self.dot = value
            self.variables = {**block.variables, **unsure, **_named(action.expression, key, value)}
            place = Place(self.dot, self.variables, self._possible())
            inner = _Pass(action.end, end, [action.end], [place])
            self.through(index + 1, body, inner)
            into.inner.append(inner)
            del self.blocks[depth:]
        self.loops -= 1
        block.taken = None
        return body

    def _closing(self, index: int, stop: int) -> int:
        """Return which action is the `else` or the `end` of a block."""
        depth = 0
        for place in range(index + 1, stop):
            keyword = self.actions[place].keyword
            if not depth and (keyword == "end" or keyword == "else"):
                return place
            depth += (keyword in _OPENING) - (keyword == "end")
        return stop

    def _reassigned(self, first: int, stop: int) -> dict[str, Value]:
        """Return the variables that a loop changes: the next item finds them as the last one left them."""
        written = (
            ASSIGNMENT.match(str(each.expression)) for each in self.actions[first:stop] if not each.keyword
        )
        names = [match["name"] for match in written if match and not match["new"]]
        return {name: _NOTHING for name in names if name in self.variables}

    def _possible(self) -> bool:
        return not self.blocks or (self.blocks[-1].possible and self.blocks[-1].taken is not False)

    def _step(self, keyword: str, expression: Text) -> None:
        if not keyword:
            self.variables = self._assigned(expression, self.dot, self.variables)
        elif keyword == "end":
            if self.blocks:
                self._leave(self.blocks.pop())
        elif keyword in _OPENING:
            self.blocks.append(_Block(self.dot, self.variables, self._possible()))
            self._enter(self.blocks[-1], keyword, expression)
        elif keyword.startswith("else") and self.blocks:
            self._leave(self.blocks[-1])
            self._enter(self.blocks[-1], keyword, expression)

    def _enter(self, block: _Block, keyword: str, expression: Text) -> None:
        """Begin a branch."""
        block.changed = set()
        if keyword in ("define", "block"):
            self.dot, self.variables = ROOT.dot, dict(ROOT.variables)
        elif keyword == "range":
            self.dot = _NOTHING
            self.variables = {**block.variables, **_named(expression, _NOTHING, _NOTHING)}
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
        rest = expression.cut(assignment.end(), len(expression))
        value = self.renderer.value(rest, dot, variables)
        if changed := CHANGED.match(str(rest)):
            variables = {**variables, changed["name"]: value}
        if not assignment["new"] and self.blocks and name in self.blocks[-1].variables:
            self.blocks[-1].changed.add(name)
        return {**variables, name: value} if len(variables) < _MOST_VARIABLES else {**variables}


def _named(expression: Text, key: Value, item: Value) -> dict[str, Value]:
    """Return the variables that a loop gives to each item: `$item := …`, `$key, $item := …`."""
    assignment = _RANGE.match(str(expression))
    if assignment is None:
        return {}
    return {assignment["item"]: item} | ({assignment["key"]: key} if assignment["key"] else {})
