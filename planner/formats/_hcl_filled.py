"""Templates of HCL filled in: what stands in `${…}`, the branch of a condition, the rounds of a loop.

What is not known stays as it is written, with the reason as its problem.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from planner.formats._hcl_nodes import (
    Choice,
    Expression,
    Interpolation,
    Literal,
    Repetition,
    Template,
    written_of,
)
from planner.formats._hcl_values import Result, members, scalar, words
from planner.formats._shell_words import Piece, Value, Word
from planner.model.source import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.formats._hcl_expressions import Scope

MOST_LOOPS = 256  # rounds of one loop


def filled_in(template: Template, scope: Scope) -> Word:
    """Return the text that a template becomes."""
    pieces: list[Piece] = []
    for part in template.parts:
        match part:
            case Literal(text):
                pieces.append(Piece.literal(text))
            case Interpolation(value, written):
                pieces.append(filled(scope.evaluate(value), written, spelled(value)))
            case Choice():
                pieces.append(_chosen(part, scope))
            case Repetition():
                pieces += _repeated(part, scope)
    return Word(tuple(pieces), quoted=True)


def _chosen(choice: Choice, scope: Scope) -> Piece:
    taken = (choice.yes if holds else choice.no for holds in scope.outcomes(choice.condition))
    branches = [filled_in(each, scope) for each in taken]
    values = tuple(value for branch in branches for value in branch.choices())
    written = Text.join(branch.written for branch in branches)
    return Piece(written, values or (Value(Text()),), spelled(choice.condition) or "if")


def _repeated(loop: Repetition, scope: Scope) -> Iterator[Piece]:
    """Yield what the rounds of a loop make, or its text as it is written where the list is not known."""
    rounds = list(islice(members(scope.evaluate(loop.source)), MOST_LOOPS))
    for key, item in rounds:
        inner = scope.within({loop.key: scalar(Text.of(key)), loop.item: item})
        for word in islice(words(inner.evaluate(loop.body)), 1):
            yield from word.pieces
    if not rounds:
        reason = f"{loop.item} is an item of a list that is not known"
        yield Piece.unknown(loop.written, loop.item, reason)


def filled(value: Result, written: Text, name: str) -> Piece:
    """Return an interpolation as a piece of its template."""
    values: list[Value] = []
    for word in words(value):
        for each in word.choices():
            unchanged = each.problem and str(each.text) == name
            values.append(replace(each, text=written) if unchanged else each)
    if not values:
        return Piece.unknown(written, name, f"{name} is no text")
    return Piece(written, tuple(dict.fromkeys(values)), name)


def spelled(expression: Expression) -> str:
    """Return how an expression is written; empty for a literal."""
    return "" if isinstance(expression, Literal) else str(written_of(expression))
