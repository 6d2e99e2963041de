"""Names that source code sets once, to a string it spells."""

from collections.abc import Iterator, Mapping, Sequence

from planner.formats._code_calls import Argument, Group, groups
from planner.formats._code_tokens import Kind, Token
from planner.formats._code_words import word
from planner.model.source import Text

_LONGEST = 60  # tokens of an assignment that are looked at
_LONGEST_TYPE = 8
_ROUNDS = 3  # constants of constants, whichever comes first
_DECLARES = frozenset({"def", "fun", "func", "function", "fn"})
_BLOCKS = frozenset({"const", "var"})  # of Go, whose parentheses hold assignments
_NO_TYPES = frozenset({"return", "new", "await", "else", "if", "in", "case", "throw", "yield"})
_NO_TARGETS = frozenset({"default", "else", "try", "finally", "case"})
_TYPE_MARKS = frozenset("<>[]?.!*&,'")
_OPENERS = frozenset("([{")
_CLOSERS = frozenset(")]}")


def constants(tokens: Sequence[Token], found: Sequence[Group] | None = None) -> Mapping[str, Text]:
    """Return the names that are assigned once, to what is known; `found` are the groups if at hand."""
    brackets = groups(tokens) if found is None else found
    assigned: dict[str, list[tuple[int, int]]] = {}
    for index in _assignments(tokens, brackets):
        if name := target(tokens, index):
            assigned.setdefault(name, []).append((index + 1, _end(tokens, index + 1)))
    shadowed = parameters(tokens, brackets)
    known = dict(_defaults(tokens, brackets))
    for name in known:
        assigned.pop(name, None)
    once = {name: places[0] for name, places in assigned.items() if len(places) == 1 and name not in shadowed}
    for _ in range(_ROUNDS):
        for name, (begin, stop) in once.items():
            if name not in known and begin < stop:
                choices = list(word(tokens[begin:stop], known).choices())
                if len(choices) == 1 and not choices[0].problem and choices[0].text:
                    known[name] = choices[0].text
    return known


def _assignments(tokens: Sequence[Token], brackets: Sequence[Group]) -> Iterator[int]:
    """Yield where `=` assigns: not among arguments, where it sets a name of another's."""
    waiting, inside = iter(brackets), [False]
    opening = next(waiting, None)
    closing: list[int] = []
    for index, token in enumerate(tokens):
        while closing and closing[-1] <= index:
            closing.pop()
            inside.pop()
        if opening is not None and opening.opened == index:
            closing.append(opening.closed)
            inside.append(opening.bracket != "{" and opening.name not in _BLOCKS)
            opening = next(waiting, None)
        elif token.text == "=" and token.kind is Kind.MARK and not inside[-1] and _assigns(tokens, index):
            yield index


def _assigns(tokens: Sequence[Token], index: int) -> bool:
    if not 0 < index < len(tokens) - 1:
        return False
    before, token, after = tokens[index - 1 : index + 2]
    if after.kind is Kind.MARK and after.start == token.end and after.text in "=>~":
        return False
    return not (before.kind is Kind.MARK and before.end == token.start and before.text in "=!<+-*/%|&^~")


def target(tokens: Sequence[Token], index: int) -> str:
    """Return what `=` at `index` sets: `x` of `x =`, `x :=`, `String x =`, `x: String =`, `x string =`."""
    last = tokens[index - 1]
    if last.text == ":" and index > 1 and tokens[index - 2].kind is Kind.NAME:
        return tokens[index - 2].text
    if last.text == "string" and index > 1 and tokens[index - 2].kind is Kind.NAME:
        return tokens[index - 2].text
    for place in range(index - 1, max(index - 1 - _LONGEST_TYPE, 0), -1):
        token = tokens[place]
        if token.text == ":" and token.kind is Kind.MARK:
            name = tokens[place - 1]
            earlier = tokens[place - 2].text if place > 1 else ""
            if name.kind is Kind.NAME and name.text not in _NO_TARGETS and earlier != "case":
                return name.text
            break
        if token.kind is not Kind.NAME and token.text not in _TYPE_MARKS:
            break
    return last.text if last.kind is Kind.NAME else ""


def _end(tokens: Sequence[Token], begin: int) -> int:
    """Return where an expression ends: before a token that no operator ties to the one before."""
    depth, operand = 0, False
    for index in range(begin, min(begin + _LONGEST, len(tokens))):
        token = tokens[index]
        mark = token.text if token.kind is Kind.MARK else ""
        if mark in _CLOSERS and mark:
            if not depth:
                return index
            depth -= 1
            operand = True
        elif mark in _OPENERS and mark:
            if operand and not depth and mark == "{":
                return index
            depth += 1
        elif depth:
            continue
        elif mark in (";", ",", "@"):
            return index
        elif mark == "=":
            return begin  # a comparison, or one more assignment
        elif mark:
            operand = False
        elif operand and not _continues(tokens, index):
            return index
        else:
            operand = token.text not in ("or", "if", "else", "new", "then")
    return min(begin + _LONGEST, len(tokens))


def _continues(tokens: Sequence[Token], index: int) -> bool:
    """Whether an operand right after another is part of the same expression."""
    token = tokens[index]
    if token.kind is Kind.STRING:
        return tokens[index - 1].kind is Kind.STRING
    return token.kind is Kind.NAME and token.text in ("or", "if", "else", "then")


def _defaults(tokens: Sequence[Token], brackets: Sequence[Group]) -> Iterator[tuple[str, Text]]:
    """Yield the parameters whose default is a string, where all functions agree on it."""
    found: dict[str, list[Text]] = {}
    for group in brackets:
        if group.bracket == "(" and group.name and _declares(tokens, group):
            for argument in group.arguments:
                name, value = _default(argument)
                if name:
                    found.setdefault(name, []).append(value)
    for name, values in found.items():
        if all(value and str(value) == str(values[0]) for value in values):
            yield name, values[0]


def _default(argument: Argument) -> tuple[str, Text]:
    """Return a parameter and its default: `x="a"`, `x: str = "a"`, `string x = "a"`; no text where it has none."""
    given = argument.tokens
    names = [token.text for token in given[:_LONGEST_TYPE] if token.kind is Kind.NAME]
    name = argument.name or (names[-1] if names else "")
    written = given and given[-1].kind is Kind.STRING and not given[-1].holes
    if written and (len(given) == 1 or given[-2].text == "="):
        return name, given[-1].value
    return name, Text()


def parameters(tokens: Sequence[Token], brackets: Sequence[Group]) -> set[str]:
    """Return the names of the parameters of functions, which a constant of the same name does not reach."""
    return set(_parameters(tokens, brackets))


def _parameters(tokens: Sequence[Token], brackets: Sequence[Group]) -> Iterator[str]:
    for group in brackets:
        if group.bracket == "(" and group.name and _declares(tokens, group):
            for argument in group.arguments:
                names = [token.text for token in argument.tokens[:_LONGEST_TYPE] if token.kind is Kind.NAME]
                names = [argument.name] if argument.name else [*names[:1], *names[-1:]]
                yield from (name for name in names if not name.isupper())


def _declares(tokens: Sequence[Token], group: Group) -> bool:
    """Whether this is `def f(x)`, `func (t *T) f(x string)`, `void f(String x) {`."""
    place = group.opened - 1
    while place > 0 and tokens[place].start > group.start:
        place -= 1
    before = tokens[place - 1] if place else None
    if before is None:
        return False
    if before.kind is Kind.NAME:
        if before.text in _DECLARES:
            return True
        following = tokens[group.closed + 1].text if group.closed + 1 < len(tokens) else ""
        return before.text not in _NO_TYPES and following in ("{", "throws")
    return before.text == ")" and tokens[group.opened - 1].kind is Kind.NAME and "." not in group.name
