"""Settings of sbt: `key := value`, with the configuration that a key may be set in.

A value ends where its line does, unless a bracket or an operator goes on.
https://www.scala-sbt.org/1.x/docs/Basic-Def.html
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from planner.formats._code import Kind, Token, groups

_SCOPE = 6  # tokens between a key and `:=`: `in Docker`, `.in(Docker)`
_LONGEST = 120  # tokens of a value that are read
_OPENERS, _CLOSERS = "([{", ")]}"
_GOES_ON = frozenset({"else", "if", "match", "+", "=", ".", ","})


class Setting(NamedTuple):
    """A key and what it is set to."""

    key: Token
    scope: str  # what stands before and between: `Docker`, else empty
    value: Sequence[Token]


def settings(tokens: Sequence[Token], keys: frozenset[str], text: str) -> Iterator[Setting]:
    """Yield what the keys are set to, in the order of the text."""
    done = 0  # a value holds no setting of its own
    for index, token in enumerate(tokens):
        if index >= done and token.kind is Kind.NAME and token.text in keys:
            begin = _assigned(tokens, index + 1)
            if begin:
                around = [*tokens[max(index - 2, 0) : index], *tokens[index + 1 : begin - 2]]
                scope = next((each.text for each in around if each.text[:1].isupper()), "")
                done = _end(tokens, begin, text)
                yield Setting(token, scope, bare(tokens[begin:done]))


def _assigned(tokens: Sequence[Token], begin: int) -> int:
    """Return where the value of a key begins; 0 where it is not set here."""
    for index in range(begin, min(begin + _SCOPE, len(tokens) - 2)):
        token, following = tokens[index], tokens[index + 1]
        if token.kind is Kind.MARK and token.text == ":" and following.text == "=":
            return index + 2 if following.start == token.end else 0
        if token.kind is not Kind.NAME and token.text not in (".", "(", ")"):
            return 0
    return 0


def _end(tokens: Sequence[Token], begin: int, text: str) -> int:
    depth = 0
    for index in range(begin, min(begin + _LONGEST, len(tokens))):
        token = tokens[index]
        mark = token.text if token.kind is Kind.MARK else ""
        if not depth and index > begin:
            apart = "\n" in text[tokens[index - 1].end : token.start]
            joined = token.text in _GOES_ON - {"if", ","} or tokens[index - 1].text in _GOES_ON
            if mark in (",", ";") or (apart and not joined):
                return index
        if mark and mark in _CLOSERS:
            if not depth:
                return index
            depth -= 1
        depth += bool(mark) and mark in _OPENERS
    return min(begin + _LONGEST, len(tokens))


def bare(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return a value without the braces or the `Some()` around all of it."""
    first = next(iter(groups(tokens)), None) if len(tokens) > 2 else None
    if first is None or first.closed != len(tokens) - 1:
        return tokens
    if first.bracket == "{" and not first.opened:
        return tokens[1:-1]
    if first.opened == 1 and tokens[0].text in ("Some", "Option", "ImageName"):
        return tokens[2:-1]
    return tokens
