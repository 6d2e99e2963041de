"""Groovy as Jenkins reads it: commands with and without parentheses, and the blocks around them.

`sh script: 'x', label: 'y'`, `sh(script: 'x')` and `sh 'x'` are the same command with the same arguments.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from planner.formats._code import GROOVY, Group, Kind, Token, groups, tokens

_LONGEST = 200  # tokens of a command without parentheses
_MOST_ABOVE = 40  # brackets around a command that are looked at
_MOST_PARTS = 6  # of a dotted name
_GOES_ON = frozenset("=,?:+-*/&|<>!(.[{")  # what ends a line that goes on
_CONTINUES = frozenset("?:+.&|")  # what begins a line that goes on with the one before
_BEFORE = frozenset((*"{}()[;=>:,", "return"))  # what a command without parentheses may follow on its line
_ELEMENTS = frozenset({Kind.NAME, Kind.STRING, Kind.NUMBER})


@dataclass(frozen=True, slots=True)
class Command:
    """A command or a call with its arguments."""

    name: str  # dotted: "docker.image"
    start: int  # which token its name begins with
    stop: int  # which token follows its arguments
    arguments: tuple[tuple[str, Sequence[Token]], ...]

    @property
    def method(self) -> str:
        """The last part of its name."""
        return self.name.rpartition(".")[2]

    def keyword(self, name: str) -> Sequence[Token]:
        """Return the argument of a name, empty where there is none."""
        return next((value for key, value in self.arguments if key == name), ())

    def positional(self, place: int = 0) -> Sequence[Token]:
        """Return an argument without a name by its place, empty where there is none."""
        unnamed = [value for key, value in self.arguments if not key]
        return unnamed[place] if len(unnamed) > place else ()


class GroovyFile:
    """The tokens of a file, its brackets, and which of them stand in which."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: Sequence[Token] = tokens(text, GROOVY)
        self.groups: Sequence[Group] = groups(self.tokens)
        self._opened: Mapping[int, int] = {group.opened: place for place, group in enumerate(self.groups)}
        self._closed: Mapping[int, int] = {group.closed: place for place, group in enumerate(self.groups)}
        self._inner = self._innermost()

    def commands(self, names: Container[str]) -> Iterator[Command]:
        """Yield the commands whose last part is one of `names`, in the order of the text."""
        for index, token in enumerate(self.tokens):
            if token.kind is Kind.NAME and token.text in names and self._is_command(index):
                start, name = self._dotted(index)
                arguments, stop = self._arguments(index + 1)
                yield Command(name, start, stop, arguments)

    def blocks(self, index: int) -> Iterator[tuple[str, Group | None]]:
        """Yield the names of the blocks around a token, the nearest first, with what they are called with."""
        place = self._inner[index]
        for _ in range(_MOST_ABOVE):
            if place < 0:
                return
            group = self.groups[place]
            if group.bracket == "{":
                before = self._closed.get(group.opened - 1, -1)
                call = self.groups[before] if before >= 0 and not group.name else None
                yield (call.name if call is not None else group.name), call
            place = group.parent

    def block(self, index: int) -> str:
        """Return the name of the nearest block around a token."""
        return next(self.blocks(index), ("", None))[0].rpartition(".")[2]

    def inner(self, index: int) -> int:
        """Return which of the groups a token stands in, -1 for none."""
        return self._inner[index]

    def assignments(self) -> Iterator[tuple[int, str, Sequence[Token]]]:
        """Yield what `NAME = …` and `env.NAME = …` set: which token the name is, the name, the tokens."""
        for index in range(1, len(self.tokens) - 1):
            token = self.tokens[index]
            if token.text == "=" and token.kind is Kind.MARK and self.tokens[index - 1].kind is Kind.NAME:
                stop = self._line_end(index + 1)
                yield index - 1, self.tokens[index - 1].text, self.tokens[index + 1 : stop]

    def owner(self, index: int) -> str:
        """Return what stands before the dot before a token."""
        dotted = index > 1 and self.tokens[index - 1].text == "."
        return self.tokens[index - 2].text if dotted else ""

    def methods(self, stop: int) -> Iterator[str]:
        """Yield the methods that are called on what ends before a token: `.a` and `.b` of `x().a().b {}`."""
        for _ in range(_MOST_PARTS):
            if stop + 1 >= len(self.tokens) or self.tokens[stop].text != ".":
                return
            yield self.tokens[stop + 1].text
            place = self._opened.get(stop + 2)
            if place is None:
                return
            stop = self.groups[place].closed + 1

    def _innermost(self) -> list[int]:
        """Return for each token which group it stands in, -1 for none."""
        found = [-1] * len(self.tokens)
        stack: list[int] = []
        for index in range(len(self.tokens)):
            while stack and self.groups[stack[-1]].closed <= index:
                stack.pop()
            found[index] = stack[-1] if stack else -1
            if index in self._opened:
                stack.append(self._opened[index])
        return found

    def _is_command(self, index: int) -> bool:
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if following is None:
            return False
        if following.kind is Kind.MARK:
            if following.text == "(":
                return index + 1 in self._opened  # brackets in very many brackets are not read
            return following.text == "[" and following.start > self.tokens[index].end
        if following.kind not in _ELEMENTS or self._breaks(index + 1):
            return False
        before, _ = self._dotted(index)
        return not before or self.tokens[before - 1].text in _BEFORE or self._breaks(before)

    def _dotted(self, index: int) -> tuple[int, str]:
        parts = [self.tokens[index].text]
        while index > 1 and self.tokens[index - 1].text == "." and len(parts) < _MOST_PARTS:
            if self.tokens[index - 2].kind is not Kind.NAME:
                break
            index -= 2
            parts.append(self.tokens[index].text)
        return index, ".".join(reversed(parts))

    def _arguments(self, index: int) -> tuple[tuple[tuple[str, Sequence[Token]], ...], int]:
        place = self._opened.get(index)
        if place is not None and self.groups[place].bracket == "(":
            group = self.groups[place]
            return tuple((each.name, each.tokens) for each in group.arguments), group.closed + 1
        found: list[tuple[str, Sequence[Token]]] = []
        while True:
            stop = self._line_end(index)
            keyed = stop > index + 2 and self.tokens[index + 1].text == ":"
            keyed = keyed and self.tokens[index].kind is Kind.NAME
            key = self.tokens[index].text if keyed else ""
            found.append((key, self.tokens[index + 2 * keyed : stop]))
            if stop >= len(self.tokens) or self.tokens[stop].text != "," or len(found) > _MOST_ABOVE:
                return tuple(found), stop
            index = stop + 1

    def _line_end(self, index: int) -> int:
        """Return where an expression ends: with its line, at a comma, or with the brackets around it."""
        limit = min(index + _LONGEST, len(self.tokens))
        begin = index
        while index < limit:
            token = self.tokens[index]
            mark = token.text if token.kind is Kind.MARK else ""
            if mark and (mark in ")]},;" or (mark == "{" and index > begin)):
                return index
            if index > begin and self._breaks(index):
                return index
            place = self._opened.get(index)
            index = self.groups[place].closed + 1 if place is not None else index + 1
        return min(index, len(self.tokens))

    def _breaks(self, index: int) -> bool:
        """Whether a statement ends before a token: with a line that does not go on."""
        before, token = self.tokens[index - 1], self.tokens[index]
        if "\n" not in self.text[before.end : token.start]:
            return False
        if before.kind is Kind.MARK and before.text in _GOES_ON:
            return False
        return not (token.kind is Kind.MARK and token.text in _CONTINUES)
