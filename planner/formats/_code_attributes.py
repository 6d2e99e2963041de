"""Attributes of modules in Elixir, which are its constants: `@image "redis:7"`."""

from collections.abc import Iterator, Sequence

from planner.formats._code_constants import Assigned
from planner.formats._code_tokens import Kind, Token


def with_attributes(found: Assigned) -> Assigned:
    """Return what a file assigns, its attributes among it, without their sign."""
    places = {name: list(begins) for name, begins in found.places.items()}
    for name, begin in _attributes(found.tokens):
        places.setdefault(name, []).append(begin)
    return Assigned(found.tokens, places)


def _attributes(tokens: Sequence[Token]) -> Iterator[tuple[str, int]]:
    for index, token in enumerate(tokens[:-1]):
        if token.first and token.text.startswith("@") and tokens[index + 1].kind is Kind.STRING:
            yield token.text[1:], index + 1
