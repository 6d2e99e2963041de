"""What Groovy and Kotlin scripts set their variables to: assignments, loops, calls of their own functions."""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from planner.formats._code import Argument, Group, Kind, Token
from planner.formats._code_constants import target
from planner.formats._groovy import Script

_MOST_VALUES = 64  # of a variable
_LOOPS = frozenset({"each", "forEach", "collect", "collectEntries", "map", "every", "any", "eachWithIndex"})
_DECLARES = re.compile(r"def|fun|void|[A-Z]\w*|private|public|static|protected")


class Assignments(Struct, frozen=True):
    """The expressions that each name is set to, and the names of parameters."""

    places: Mapping[str, Sequence[Sequence[Token]]]
    parameters: frozenset[str]

    @classmethod
    def read(cls, script: Script) -> "Assignments":
        """Read a script; parameters are set to what its own calls give them."""
        reader = _Reader(script)
        places: dict[str, list[Sequence[Token]]] = {}
        for name, expression in (*reader.assigned(), *reader.looped(), *reader.called()):
            found = places.setdefault(name, [])
            if len(found) < _MOST_VALUES:
                found.append(expression)
        names = (name for group in reader.functions for name in map(_parameter, group.arguments))
        return cls(places, frozenset(filter(None, names)))


class _Reader:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.functions = [group for group in script.groups if self._declares(group)]

    def assigned(self) -> Iterator[tuple[str, Sequence[Token]]]:
        """Yield what `=` sets, outside of arguments; entries of maps by `name.key`."""
        script = self.script
        for index, token in enumerate(script.tokens):
            if token.text == "by" and index and script.tokens[index + 1 : index + 2]:
                yield from self._delegated(index)
            if token.text != "=" or token.kind is not Kind.MARK or not index or self._among_arguments(index):
                continue
            before = script.tokens[index - 1]
            if before.kind is Kind.MARK and before.end == token.start and before.text in "=!<>*/%|&^~":
                continue
            for argument in script.arguments(index - 1):
                name = _subscript(script, index) or target(script.tokens, index)
                if name:
                    yield from self._each(name, argument)

    def _delegated(self, index: int) -> Iterator[tuple[str, Sequence[Token]]]:
        """Yield `val x by extra("y")` of Kotlin."""
        if self.script.tokens[index + 1].text == "extra":
            for argument in self.script.arguments(index + 1):
                yield self.script.tokens[index - 1].text, argument.tokens

    def _among_arguments(self, index: int) -> bool:
        group = next(self.script.around(index), None)
        return group is not None and group.bracket != "{"

    def _each(self, name: str, argument: Argument) -> Iterator[tuple[str, Sequence[Token]]]:
        items = self.script.items(argument)
        if len(items) > 1 or (items and items[0] is not argument):
            for item in items:
                yield (f"{name}.{item.name}" if item.name else name), item.tokens
                if item.name:
                    yield f"{name}.*", item.tokens
        else:
            yield name, argument.tokens

    def looped(self) -> Iterator[tuple[str, Sequence[Token]]]:
        """Yield the items of `for (x in items)` and `items.each { x -> }`, by the name of the variable."""
        tokens = self.script.tokens
        for group in self.script.groups:
            if group.bracket == "{" and group.opened > 1 and tokens[group.opened - 1].text in _LOOPS:
                names, before = _parameters(tokens, group), group.opened - 3
                yield from self._items(names, before)
            elif group.bracket == "(" and tokens[group.opened - 1].text == "for" and group.opened:
                inside = tokens[group.opened + 1 : group.closed][:8]
                mark = next((place for place, each in enumerate(inside) if each.text in ("in", ":")), 0)
                if mark and group.closed < len(tokens):
                    yield from self._items([inside[mark - 1].text], group.closed - 1)

    def _items(self, names: list[str], last: int) -> Iterator[tuple[str, Sequence[Token]]]:
        """Yield the items of the list whose last token is given, literal or by name, for a variable."""
        tokens = self.script.tokens
        if last < 0 or not names:
            return
        if tokens[last].text in ("]", ")"):
            group = self.script.closed.get(last)
            for item in group.arguments if group is not None else ():
                yield names[-1], item.tokens
        elif tokens[last].kind is Kind.NAME:
            name = tokens[last]
            yield names[-1], (name,)
            if len(names) > 1:
                yield names[-1], (msgspec.structs.replace(name, text=f"{name.text}.*"),)

    def called(self) -> Iterator[tuple[str, Sequence[Token]]]:
        """Yield what calls in this file give to the parameters of its functions."""
        declared = {group.name: [_parameter(each) for each in group.arguments] for group in self.functions}
        headers = {group.opened - 1 for group in self.functions}
        for name, names in declared.items():
            for index in self.script.places(name):
                if index not in headers and names:
                    yield from self._given(index, names)

    def _given(self, index: int, names: Sequence[str]) -> Iterator[tuple[str, Sequence[Token]]]:
        arguments = self.script.arguments(index)
        unnamed = (each for each in arguments if not each.name)
        yield from ((name, each.tokens) for name, each in zip(names, unnamed, strict=False) if name)
        for each in arguments:
            if each.name:
                yield (each.name if each.name in names else f"{names[0]}.{each.name}"), each.tokens

    def _declares(self, group: Group) -> bool:
        """Whether this is `def f(x) {`, `fun f(x: String) =` or `String f(x) {`."""
        tokens = self.script.tokens
        if group.bracket != "(" or not group.name or "." in group.name or group.opened < 2:
            return False
        before, following = tokens[group.opened - 2], tokens[group.closed + 1 : group.closed + 2]
        declared = before.kind is Kind.NAME and _DECLARES.fullmatch(before.text) is not None
        return declared and bool(following) and following[0].text in ("{", "=", ":")


def _parameter(argument: Argument) -> str:
    """Return the name of a parameter: `image` of `String image = 'x'`, `image: String`, `image`."""
    if argument.name:
        return argument.name
    names = []
    for token in argument.tokens:
        if token.text == "=":
            break
        if token.kind is Kind.NAME:
            names.append(token.text)
    return names[-1] if names else ""


def _parameters(tokens: Sequence[Token], group: Group) -> list[str]:
    """Return the names before `->` in a block; `it` where there are none."""
    inside = tokens[group.opened + 1 : group.opened + 12]
    for place, token in enumerate(inside[:-1]):
        if token.text == "-" and inside[place + 1].text == ">":
            return [each.text for each in inside[:place] if each.kind is Kind.NAME]
    return ["it"]


def _subscript(script: Script, index: int) -> str:
    """Return the key of `x["key"] =`."""
    tokens = script.tokens
    if index > 2 and tokens[index - 1].text == "]" and tokens[index - 2].kind is Kind.STRING:
        return tokens[index - 2].text
    return ""
