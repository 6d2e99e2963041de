"""Parameters of functions in source code: where they are declared, and with what default."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from planner.formats._code_calls import Argument, Group
from planner.formats._code_tokens import Kind, Token
from planner.model.source import Text

_DECLARES = frozenset({"def", "fun", "func", "function", "fn"})
_NO_TYPES = frozenset({"return", "new", "await", "else", "if", "in", "case", "throw", "yield"})
_LONGEST_TYPE = 8  # tokens


def defaults(tokens: Sequence[Token], brackets: Sequence[Group]) -> Mapping[str, list[tuple[int, Text]]]:
    """Return the parameters of functions: where each is declared, and its default if that is a string."""
    found: dict[str, list[tuple[int, Text]]] = {}
    closing = closed_calls(brackets)
    for group in brackets:
        if group.bracket == "(":
            for name, value in declared(tokens, group, closing):
                found.setdefault(name, []).append((group.start, value))
    return found


def closed_calls(brackets: Iterable[Group]) -> Mapping[int, Group]:
    """Return the groups in parentheses by the token that closes them."""
    return {group.closed: group for group in brackets if group.bracket == "("}


def declared(
    tokens: Sequence[Token], group: Group, closing: Mapping[int, Group]
) -> Iterator[tuple[str, Text]]:
    """Yield the names that a function declares in its parentheses, if it does, each with its default."""
    if not group.name or not declares(tokens, group, closing):
        return
    for argument in group.arguments:
        names, value = _parameter(argument)
        yield from ((name, value) for name in names if not name.isupper())


def _parameter(argument: Argument) -> tuple[tuple[str, ...], Text]:
    """Return what may be the name of a parameter (`x: str`, `String x`, `x string`) and its default."""
    given = argument.tokens
    names = [token.text for token in given[:_LONGEST_TYPE] if token.kind is Kind.NAME]
    names = [argument.name] if argument.name else [*names[:1], *names[-1:]]
    written = given and given[-1].kind is Kind.STRING and not given[-1].holes
    if written and (len(given) == 1 or given[-2].text == "="):
        return tuple(names), given[-1].value
    return tuple(names), Text()


def declares(tokens: Sequence[Token], group: Group, closing: Mapping[int, Group]) -> bool:
    """Whether this is `def f(x)`, `func (t *T) f(x string)`, `void f(String x) {`."""
    place = group.opened - 1
    while place > 0 and tokens[place].start > group.start:
        place -= 1
    if not place:
        return False
    before = tokens[place - 1]
    if before.text in _DECLARES:
        return True
    if before.text == ")" and (receiver := closing.get(place - 1)) is not None:
        return receiver.opened > 0 and tokens[receiver.opened - 1].text == "func"
    following = tokens[group.closed + 1].text if group.closed + 1 < len(tokens) else ""
    typed = before.text in (">", "]") or (before.kind is Kind.NAME and before.text not in _NO_TYPES)
    return typed and following in ("{", "throws", "=")
