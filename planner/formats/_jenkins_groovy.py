"""Groovy as Jenkins reads it: commands with and without parentheses, and the blocks around them.

`sh script: 'x', label: 'y'`, `sh(script: 'x')` and `sh 'x'` are the same command with the same arguments.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from msgspec import Struct

from planner.formats._code import GROOVY, Group, Kind, Token, groups, tokens
from planner.formats._code_tokens import places_of_names

_LONGEST = 200  # tokens of a command without parentheses
_LEFT = 100  # of an expression that is cut there, so that what stands in it need not look for its end again
_MOST_ABOVE = 40  # brackets around a command that are read
_MOST_PARTS = 6  # of a dotted name
_GOES_ON = frozenset("=,?:+-*/&|<>!(.[{")  # what ends a line that goes on
_CONTINUES = frozenset("?:+.&|")  # what begins a line that goes on with the one before
_BEFORE = frozenset((*"{}()[;=>:,", "return"))  # what a command without parentheses may follow on its line
_ELEMENTS = frozenset({Kind.NAME, Kind.STRING, Kind.NUMBER})


class Command(Struct, frozen=True):
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
        self._blocks: dict[int, str] = {}  # the names of the nearest blocks, by the group
        self._ends: dict[int, tuple[int, int]] = {}  # by the group, where its last expression begins and ends

    @cached_property
    def _names(self) -> Mapping[str, Sequence[int]]:
        """Where each name stands."""
        return places_of_names(self.tokens)

    def commands(self, names: frozenset[str]) -> Iterator[Command]:
        """Yield the commands whose last part is one of `names`, in the order of the text."""
        for index in sorted(index for name in names for index in self._names.get(name, ())):
            if self._is_command(index):
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
        place = self._inner[index]
        if place not in self._blocks:
            self._blocks[place] = next(self.blocks(index), ("", None))[0].rpartition(".")[2]
        return self._blocks[place]

    def inner(self, index: int) -> int:
        """Return which of the groups a token stands in, -1 for none."""
        return self._inner[index]

    def assignments(self) -> Iterator[tuple[int, Sequence[Token]]]:
        """Yield which name is set by `NAME = …` and `env.NAME = …`, and to which tokens.

        Only the last of several in one expression has a value that is known before it runs.
        """
        found = [index for index in range(1, len(self.tokens) - 1) if self._assigns(index)]
        for index, following in pairwise((*found, len(self.tokens))):
            if self.owner(index - 1) == "env" or self.block(index - 1) == "environment":
                stop = self._line_end(index + 1)
                if following >= stop or self._inner[following] != self._inner[index]:
                    yield index - 1, self.tokens[index + 1 : stop]

    def _assigns(self, index: int) -> bool:
        token, before, after = self.tokens[index], self.tokens[index - 1], self.tokens[index + 1]
        if token.text != "=" or token.kind is not Kind.MARK or before.kind is not Kind.NAME:
            return False
        return after.text not in ("=", "~") or after.start > token.end

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
        """Return where an expression ends: with its line, at a comma, or with the brackets around it.

        One that stands in another, in the same brackets, ends with it.
        """
        level = self._inner[index] if index < len(self.tokens) else -1
        begin, stop = self._ends.get(level, (0, 0))
        cut_off = stop - begin >= _LONGEST
        if not begin <= index < stop - cut_off * _LEFT or self._closes(index):
            begin, stop = index, self._end(index)
            self._ends[level] = begin, stop
        return stop

    def _closes(self, index: int) -> bool:
        return self.tokens[index].kind is Kind.MARK and self.tokens[index].text in ")]}"

    def _end(self, begin: int) -> int:
        index = begin
        limit = min(index + _LONGEST, len(self.tokens))
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
