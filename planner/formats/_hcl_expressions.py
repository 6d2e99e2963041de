"""Expressions of HCL evaluated: variables looked up, templates joined, both branches of conditions followed.

What depends on something that is not known is a word with a problem that names it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, takewhile

from planner.formats._hcl_filled import MOST_LOOPS, filled, filled_in, spelled
from planner.formats._hcl_functions import call
from planner.formats._hcl_nodes import (
    Access,
    Array,
    Call,
    Comparison,
    Conditional,
    Expression,
    For,
    Interpolation,
    Literal,
    Name,
    Object,
    Splat,
    Step,
    Template,
    Unread,
    written_of,
)
from planner.formats._hcl_values import (
    ABSENT,
    MOST_ITEMS,
    Either,
    Encoded,
    Fields,
    Items,
    Result,
    alternatives,
    either,
    members,
    scalar,
    select,
    unknown,
    words,
)
from planner.formats._shell_words import Piece, Word, named
from planner.model.source import SourceFile, Text

_DEPTH = 60  # of expressions in expressions, variables followed
_STEPS = 50_000  # evaluations for one file, and some for its length; loops in loops multiply
_LONGEST_NAME = 8  # steps that may be one name
_TOO_LARGE = "takes too many steps to compute"

Known = Expression | Result | Text


@dataclass(slots=True)
class _Work:
    """How much has been done for one file."""

    done: int = 0
    depth: int = 0
    results: dict[str, Result] = field(default_factory=dict)  # of the variables of the file, by name
    groups: dict[str, tuple[str, ...]] | None = None  # made when it is first needed
    pending: set[str] = field(default_factory=set)  # variables whose value is being computed


@dataclass(frozen=True, slots=True)
class Scope:
    """The values that names stand for, by the dotted path they are used by: `var.image`, `local.x`, `TAG`.

    `missing` gives the reason for a name that has none.
    """

    source: SourceFile
    values: Mapping[str, Known]
    missing: Callable[[str], str] = lambda name: f"{name} is known only when it is applied"
    inner: Mapping[str, Result] = field(default_factory=dict)  # `each.value`, the variables of loops
    _work: _Work = field(default_factory=_Work, compare=False, repr=False)

    def within(self, inner: Mapping[str, Result]) -> "Scope":
        """Return the scope inside of a loop, which sets variables of its own."""
        return Scope(self.source, self.values, self.missing, {**self.inner, **inner}, self._work)

    def evaluate(self, expression: Expression) -> Result:
        """Return what an expression stands for."""
        work = self._work
        work.done += 1
        if work.done > _STEPS + len(self.source.text) // 8 or work.depth >= _DEPTH:
            return unknown(written_of(expression), "", _TOO_LARGE)
        work.depth += 1
        try:
            return self._evaluated(expression)
        finally:
            work.depth -= 1

    def _evaluated(self, expression: Expression) -> Result:
        match expression:
            case Literal(text):
                return scalar(Text()) if expression.null else scalar(text)
            case Template():
                return self._template(expression)
            case Name():
                return self._name(expression)
            case Access(value, steps, written):
                return self._taken(self.evaluate(value), steps, written)
            case Call():
                return self._call(expression)
            case Conditional():
                return self._conditional(expression)
            case Array(items):
                return Items(tuple(self.evaluate(item) for item in items))
            case Object(entries):
                return Fields(tuple(self._entries(entries)))
            case For():
                return self._loop(expression)
            case Comparison(written=written):
                return unknown(written, "", f"{written} is computed when it is applied")
            case Unread(written, reason):
                return unknown(written, "", f"{written} {reason}")

    def _template(self, template: Template) -> Result:
        """Return a text; a template that is one interpolation is what stands in it, whatever that is."""
        if len(template.parts) == 1 and isinstance(part := template.parts[0], Interpolation):
            value = self.evaluate(part.value)
            if not any(isinstance(each, Word) for each in alternatives(value)):
                return value
            return Word((filled(value, part.written, spelled(part.value)),), quoted=True)
        return filled_in(template, self)

    def _entries(self, entries: tuple[tuple[Expression, Expression], ...]) -> Iterator[tuple[str, Result]]:
        for key, value in entries:
            name = next(words(self.evaluate(key)), None)
            yield str(name or ""), self.evaluate(value)

    def _conditional(self, expression: Conditional) -> Result:
        branches = (expression.yes, expression.no)
        found = [self.evaluate(branches[0 if holds else 1]) for holds in self.outcomes(expression.condition)]
        return found[0] if len(found) == 1 else either(found, expression.written)

    def outcomes(self, condition: Expression) -> tuple[bool, ...]:
        """Return what a condition can be: whether something is empty is known, a choice is not."""
        if isinstance(condition, Literal) and not condition.quoted:
            return (str(condition.text) == "true",)
        if isinstance(condition, Comparison):
            sides = [self._single(condition.left), self._single(condition.right)]
            if "" in sides and None not in sides:
                return ((sides[0] == sides[1]) is condition.equal,)
        return (True, False)

    def _single(self, expression: Expression) -> str | None:
        """Return the one value a scalar has; None where that is not known."""
        value = self.evaluate(expression)
        choices = list(islice(value.choices(), 2)) if isinstance(value, Word) else []
        return str(choices[0].text) if len(choices) == 1 and not choices[0].problem else None

    def _loop(self, loop: For) -> Result:
        rounds = list(islice(members(self.evaluate(loop.source)), MOST_LOOPS))
        if not rounds:
            missing = unknown(loop.written, loop.item, f"{loop.item} is an item of a list that is not known")
            rounds = [("", missing)]
        scopes = [self.within({loop.key: scalar(Text.of(key)), loop.item: item}) for key, item in rounds]
        values = tuple(scope.evaluate(loop.value) for scope in scopes)
        if loop.name is None:
            return Items(values)
        names = [next(words(scope.evaluate(loop.name)), "") for scope in scopes]
        return Fields(tuple((str(name), value) for name, value in zip(names, values, strict=True)))

    def _call(self, expression: Call) -> Result:
        arguments = [self.evaluate(argument) for argument in expression.arguments]
        if expression.spread and arguments:
            arguments += [value for _, value in members(arguments.pop())][:MOST_ITEMS]
        return call(expression.function, arguments, expression.written)

    def _name(self, name: Name) -> Result:
        """Return what a path means: the longest part of it that has a value, and what is taken of that."""
        plain = list(takewhile(lambda step: isinstance(step, str), name.steps[:_LONGEST_NAME]))
        for length in range(len(plain), 0, -1):
            dotted = ".".join(map(str, plain[:length]))
            value = self.inner.get(dotted) or self.lookup(dotted)
            if value is not None:
                return self._seen(self._taken(value, name.steps[length:], name.written), name)
        dotted = ".".join(map(str, plain))
        return unknown(name.written, dotted, self.missing(dotted))

    def _seen(self, value: Result, name: Name) -> Result:
        """Return a scalar as it is seen through a name."""
        if not isinstance(value, Word) or not value.pieces:
            return value
        spelled = str(name.written)
        values = tuple(named(spelled, each, self._line(each.text)) for each in value.choices())
        return Word((Piece(name.written, values, spelled),), quoted=True)

    def _line(self, text: Text) -> str:
        return f"line {self.source.position(text.start)[0]}" if text.start >= 0 else ""

    def lookup(self, name: str) -> Result | None:
        """Return what a dotted path stands for, None where it has no value."""
        work = self._work
        if name in work.results:
            return work.results[name]
        if name in work.pending:
            return unknown(Text.of(name), name, f"{name} is defined by itself")
        value = self.values.get(name)
        if value is None:
            found = self._assembled(name)
        elif isinstance(value, Text):
            found = scalar(value)
        elif isinstance(value, Word | Items | Fields | Either | Encoded):
            found = value
        else:
            work.pending.add(name)
            found = Scope(self.source, self.values, self.missing, {}, work).evaluate(value)
            work.pending.discard(name)
        if found is not None:
            work.results[name] = found
        return found

    def _taken(self, value: Result, steps: tuple[Step, ...], written: Text) -> Result:
        """Return what the steps of a path lead to."""
        for index, step in enumerate(steps):
            if isinstance(value, Word) and not value.known:
                return value
            if isinstance(step, Splat):
                rest = steps[index + 1 :]
                return Items(tuple(self._taken(item, rest, written) for _, item in members(value)))
            keys = [step] if isinstance(step, str) else self._keys(step)
            below = [each for key in keys for each in select(value, key)]
            if not below:
                return unknown(written, str(written), f"{written} {ABSENT}")
            value = either(below, written)
        return value

    def _keys(self, step: Expression) -> list[str]:
        """Return the keys an index can be; one that is not known can be any."""
        found = list(words(self.evaluate(step)))
        if not found or not all(word.known for word in found):
            return ["*"]
        return [str(value.text) for word in found for value in word.choices()]

    def _assembled(self, name: str) -> Result | None:
        """Return the object whose scalars are given one by one: `var.images.web`, `var.images.db`."""
        if self._work.groups is None:
            self._work.groups = _groups(self.values)
        below = self._work.groups.get(name, ())
        found = ((key.rpartition(".")[2], self.lookup(key)) for key in below)
        return Fields(tuple((key, value) for key, value in found if value is not None)) if below else None


def evaluate(expression: Expression, scope: Scope) -> Result:
    """Return what an expression stands for in a scope."""
    return scope.evaluate(expression)


def _groups(values: Mapping[str, Known]) -> dict[str, tuple[str, ...]]:
    """Return the names below each name that has none of its own: `var.images` has `var.images.web`."""
    groups: dict[str, dict[str, None]] = {}
    for name, value in values.items():
        while isinstance(value, Text) and name.count(".") > 1:
            above = name.rpartition(".")[0]
            groups.setdefault(above, {})[name] = None
            name = above
    return {name: tuple(below) for name, below in groups.items()}
