"""Names that source code sets once, to a string it spells."""

from collections.abc import Iterator, Mapping, Sequence

from planner.formats._code_calls import Group, groups
from planner.formats._code_tokens import Kind, Token
from planner.formats._code_words import word
from planner.model.source import Text

_LONGEST = 60  # tokens of an assignment that are looked at
_ROUNDS = 3  # constants of constants, whichever comes first
_DECLARES = frozenset({"def", "fun", "func", "function", "fn", "constructor"})
_JOINS = frozenset("+%?|:.")
_TYPE_MARKS = frozenset("<>[]?.!*&,")


def constants(tokens: Sequence[Token], found: Sequence[Group] | None = None) -> Mapping[str, Text]:
    """Return the names that are assigned exactly once, to what is known; `found` are the groups if at hand."""
    brackets = groups(tokens) if found is None else found
    assigned: dict[str, list[tuple[int, int]]] = {}
    for index in _assignments(tokens, brackets):
        name = _target(tokens, index)
        if name:
            assigned.setdefault(name, []).append((index + 1, _end(tokens, index + 1)))
    shadowed = _parameters(tokens, brackets)
    once = {
        name: places[0] for name, places in assigned.items() if len(places) == 1 and name not in shadowed
    }
    known: dict[str, Text] = {}
    for _ in range(_ROUNDS):
        for name, (begin, stop) in once.items():
            if name not in known and begin < stop:
                choices = list(word(tokens[begin:stop], known).choices())
                if len(choices) == 1 and not choices[0].problem and choices[0].text:
                    known[name] = choices[0].text
    return known


def _assignments(tokens: Sequence[Token], brackets: Sequence[Group]) -> Iterator[int]:
    """Yield where `=` assigns: not in arguments, which are names of others."""
    edges = sorted(
        edge
        for group in brackets
        for edge in ((group.opened, 1, group), (group.closed, 0, group))
        if group.bracket != "{"
    ) if False else None
    del edges
    inside = _in_arguments(tokens, brackets)
    for index, token in enumerate(tokens):
        if token.text != "=" or token.kind is not Kind.MARK or not index or inside[index]:
            continue
        before, after = tokens[index - 1], tokens[index + 1] if index + 1 < len(tokens) else None
        if after is None or (after.text in ("=", ">", "~") and after.start == token.end):
            continue
        if before.kind is Kind.MARK and before.end == token.start and before.text in "=!<>+-*/%|&^~?":
            continue
        yield index
