"""Expressions of source code taken apart outside of brackets: at a mark, and into what is chosen between."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from planner.formats._code_calls import groups
from planner.formats._code_tokens import Kind, Token


def outer(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Yield the tokens that stand in no brackets."""
    depth = 0
    for index, token in enumerate(tokens):
        if token.kind is Kind.MARK and token.text in ")]}":
            depth -= 1
        if depth <= 0:
            yield index, token
        if token.kind is Kind.MARK and token.text in "([{":
            depth += 1


def split(tokens: list[Token], mark: str) -> list[list[Token]]:
    """Return what stands between the marks that are in no brackets."""
    places = [index for index, token in outer(tokens) if token.text == mark and token.kind is Kind.MARK]
    edges = [-1, *places, len(tokens)]
    return [tokens[before + 1 : after] for before, after in pairwise(edges)]


def alternatives(tokens: list[Token]) -> list[list[Token]]:
    """Return what is chosen between: `a ? b : c`, `b if a else c`, `a || b`, `a ?? b`, `a ?: b`."""
    bare = list(outer(tokens))
    marks = {(index, token.text) for index, token in bare if token.kind is not Kind.STRING}
    for index, token in bare:
        if token.kind is Kind.MARK and token.text in "?|" and 0 < index < len(tokens) - 1:
            following = tokens[index + 1].text
            if following == token.text or (token.text, following) == ("?", ":"):
                return [tokens[:index], tokens[index + 2 :]]
            colon = next((place for place, mark in sorted(marks) if mark == ":" and place > index), None)
            if token.text == "?" and following != "." and colon is not None:
                return [tokens[index + 1 : colon], tokens[colon + 1 :]]
        if token.kind is Kind.NAME and token.text == "or" and index:
            return [tokens[:index], tokens[index + 1 :]]
        if token.kind is Kind.NAME and token.text == "if":
            other = next((place for place, mark in sorted(marks) if mark == "else"), None)
            if other is not None and index < other:
                taken = tokens[:index] if index else _unconditional(tokens[1:other])
                return [taken, tokens[other + 1 :]]
    return []


def _unconditional(tokens: list[Token]) -> list[Token]:
    """Return what follows the condition of `if (x) y` or `if x then y`."""
    for index, token in enumerate(tokens):
        if token.text == "then" and token.kind is Kind.NAME:
            return tokens[index + 1 :]
    first = groups(tokens)[:1]
    return tokens[first[0].closed + 1 :] if first and not first[0].opened else tokens
