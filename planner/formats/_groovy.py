"""Scripts that configure by blocks, in Groovy and Kotlin: where a name is set, to what, and in which blocks.

`jib { from { image = "x" } }`, `jib.from.image = "x"`, `from.image.set("x")` and `image 'x'` all set a name.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from planner.formats._code import Argument, Group, Kind, Language, Token, groups, tokens
from planner.formats._code_tokens import places_of_names

_LONGEST = 400  # tokens of an expression
_MOST_STEPS = 100  # through one, brackets counted as one
_LONGEST_HEADER = 40  # tokens before `{` that tell what the block is about
_LONGEST_CHAIN = 8  # names with dots between
_LONGEST_LIST = 6  # tokens up to the bracket of `java.util.List.of(`
_MOST_BLOCKS = 16  # around a name
_SETTERS = frozenset({"set", "convention", "value", "add", "addAll", "setFrom", "putAll", "assign"})
_LISTS = frozenset({"listOf", "setOf", "mutableListOf", "arrayOf", "asList", "of", "arrayListOf"})
_GOES_ON = frozenset("+,(?:=.[{&|<-")
_WORD_OPERATORS = frozenset({"in", "as", "is", "instanceof", "else", "by", "to", "until", "downTo"})
_CONDITIONS = frozenset({"if", "else", "for", "while", "switch", "try", "catch", "finally", "when"})
_NAME = re.compile(r"[^\W\d][\w.$-]*\Z")


@dataclass(frozen=True, eq=False)
class Script:
    """The tokens of a script, with the brackets they stand in."""

    text: str
    tokens: Sequence[Token]
    groups: Sequence[Group]

    @classmethod
    def read(cls, text: str, language: Language) -> "Script":
        """Read a text."""
        read = tokens(text, language)
        return cls(text, read, groups(read))

    @cached_property
    def _inside(self) -> list[int]:
        """The innermost group around each token, -1 for none."""
        found, stack = [], [-1]
        waiting = iter(enumerate(self.groups))
        place, group = next(waiting, (-1, None))
        for index in range(len(self.tokens)):
            while stack[-1] >= 0 and self.groups[stack[-1]].closed <= index:
                stack.pop()
            found.append(stack[-1])
            if group is not None and group.opened == index:
                stack.append(place)
                place, group = next(waiting, (-1, None))
        return found

    @cached_property
    def closed(self) -> Mapping[int, Group]:
        """The groups by the token that closes them."""
        return {group.closed: group for group in self.groups}

    @cached_property
    def _headers(self) -> dict[int, frozenset[str]]:
        return {}

    def around(self, index: int) -> Iterator[Group]:
        """Yield the groups that a token stands in, the nearest first."""
        place = self._inside[index]
        for _ in range(_MOST_BLOCKS):
            if place < 0:
                return
            yield self.groups[place]
            place = self.groups[place].parent

    def blocks(self, index: int) -> Iterator[frozenset[str]]:
        """Yield what the blocks around a token are about, the nearest first."""
        for group in self.around(index):
            if group.bracket == "{":
                yield self.header(group)

    def header(self, group: Group) -> frozenset[str]:
        """Return the names and strings in front of the `{` of a block."""
        if group.opened not in self._headers:
            begin = self.header_start(group)
            found = [token.text for token in self.tokens[begin : group.opened] if token.kind is not Kind.MARK]
            conditional = bool(found) and found[0] in _CONDITIONS
            names = (each for each in found if _NAME.match(each))
            self._headers[group.opened] = frozenset() if conditional else frozenset(names)
        return self._headers[group.opened]

    def header_start(self, group: Group) -> int:
        """Return which token the statement begins with that a block belongs to."""
        index, depth = group.opened - 1, 0
        lowest = max(group.opened - _LONGEST_HEADER, 0)
        while index >= lowest:
            token = self.tokens[index]
            if token.kind is Kind.MARK:
                depth += (token.text in ")]") - (token.text in "([")
                if depth < 0 or (not depth and token.text in "{};"):
                    break
            if not depth and index + 1 < group.opened and self.breaks(index + 1):
                break
            index -= 1
        return index + 1

    def breaks(self, index: int) -> bool:
        """Whether a token is the first of its line."""
        before, token = self.tokens[index - 1], self.tokens[index]
        return "\n" in self.text[before.end : token.start]

    def places(self, *path: str) -> Iterator[int]:
        """Yield the names that stand at a path of blocks and dots; `a|b` is either."""
        wanted = [frozenset(each.split("|")) for each in path]
        found = (index for name in wanted[-1] for index in self._names.get(name, ()))
        yield from (index for index in sorted(found) if self._fits(index, wanted[:-1]))

    @cached_property
    def _names(self) -> Mapping[str, list[int]]:
        """Where each name stands."""
        return places_of_names(self.tokens)

    def within(self, group: Group, name: str) -> int:
        """Return where a name stands first in a group, -1 where it does not."""
        found = self._names.get(name, [])
        place = bisect_right(found, group.opened)
        return found[place] if place < len(found) and found[place] < group.closed else -1

    def _fits(self, index: int, wanted: list[frozenset[str]]) -> bool:
        """Whether the blocks and names around a name are those that are wanted, in their order."""
        left = list(wanted)
        for names in self._containers(index):
            if not left:
                break
            if not left[-1].isdisjoint(names):
                left.pop()
        return not left

    def _containers(self, index: int) -> Iterator[frozenset[str]]:
        for name in self.chain(index)[-2::-1]:
            yield frozenset((name,))
        yield from self.blocks(index)

    def chain(self, index: int) -> list[str]:
        """Return the names that lead to one with dots between, and itself."""
        found = [self.tokens[index].text]
        while len(found) < _LONGEST_CHAIN and index > 1 and self.tokens[index - 1].text == ".":
            index -= 2
            while index > 0 and self.tokens[index].text in ("?", "!"):
                index -= 1
            if self.tokens[index].kind is not Kind.NAME:
                break
            found.append(self.tokens[index].text)
        return found[::-1]

    def arguments(self, index: int) -> tuple[Argument, ...]:
        """Return what the name at `index` is set to or given; nothing where it is only mentioned."""
        tokens, place = self.tokens, index + 1
        if place >= len(tokens):
            return ()
        mark = tokens[place].text if tokens[place].kind is Kind.MARK else ""
        if mark == "." and place + 2 < len(tokens) and tokens[place + 1].text in _SETTERS:
            return self.arguments(place + 1) if tokens[place + 2].text == "(" else ()
        if mark == "(":
            group = self.opened(place)
            return group.arguments if group is not None else ()
        if mark in ("+", "-") and tokens[place + 1 : place + 2] and tokens[place + 1].text == "=":
            place, mark = place + 1, "="
        if mark == "=":
            following = tokens[place + 1].text if place + 1 < len(tokens) else ""
            joined = following in ("=", "~") and tokens[place + 1].start == tokens[place].end
            return () if joined else tuple(self._given(place + 1, single=True))
        if mark == ":":
            return tuple(self._given(place + 1, single=True)) if self._is_key(index) else ()
        if (mark and mark != "[") or self.breaks(place) or tokens[place].text in _WORD_OPERATORS:
            return ()
        if mark == "[" and tokens[place].start == tokens[index].end:
            return ()
        return tuple(self._given(place, single=False))

    def _is_key(self, index: int) -> bool:
        """Whether a name with a colon is a key, not the type of a variable or the middle of `a ? b : c`."""
        before = self.tokens[index - 1] if index else None
        following = self.tokens[index + 2 : index + 3]
        if following and following[0].text == ":":
            return False
        if before is not None and before.text in ("val", "var"):
            return False
        return (
            before is None or before.text in ("(", ",", "[") or self.breaks(index) or before.kind is Kind.NAME
        )

    def opened(self, index: int) -> Group | None:
        """Return the group that a token opens."""
        place = bisect_right(self.groups, index, key=_opened) - 1
        return self.groups[place] if place >= 0 and self.groups[place].opened == index else None

    def _given(self, begin: int, *, single: bool) -> Iterator[Argument]:
        """Yield the expressions from a token on, to the end of the statement."""
        start, index = begin, begin
        limit = min(len(self.tokens), begin + _LONGEST)
        for _ in range(_MOST_STEPS):
            if index >= limit:
                break
            token = self.tokens[index]
            mark = token.text if token.kind is Kind.MARK else ""
            if mark in (")", "]", "}", ";") or (index > begin and self._ends(index)):
                break
            if mark == "=" and self._assigns(index):
                return  # what stands before it is set, and no value
            if mark == ",":
                if single:
                    break
                yield self._argument(start, index)
                start = index + 1
            if mark == "{" and index > start:
                break
            group = self.opened(index) if mark in ("(", "[", "{") and mark else None
            index = group.closed + 1 if group is not None else index + 1
        index = min(index, len(self.tokens))
        if start < index:
            yield self._argument(start, index)

    def _assigns(self, index: int) -> bool:
        """Whether a `=` is no part of `==`, `>=`, `=>` and the like."""
        token = self.tokens[index]
        beside = (*self.tokens[index - 1 : index], *self.tokens[index + 1 : index + 2])
        touching = (each for each in beside if token.start in (each.end, each.start - 1))
        return not any(each.kind is Kind.MARK and each.text in "=<>!~" for each in touching)

    def _argument(self, begin: int, stop: int) -> Argument:
        """Return an expression, with its key where it is `key: value`."""
        tokens = self.tokens
        keyed = begin + 1 < stop and tokens[begin].kind is not Kind.MARK and tokens[begin + 1].text == ":"
        name = tokens[begin].text if keyed else ""
        return Argument(name, tokens, begin + 2 if keyed else begin, stop)

    def _ends(self, index: int) -> bool:
        """Whether a statement is over before a token: at the end of a line that no operator goes on with."""
        before, token = self.tokens[index - 1], self.tokens[index]
        if not self.breaks(index):
            return False
        goes_on = before.kind is Kind.MARK and before.text in _GOES_ON
        return not goes_on and not (token.kind is Kind.MARK and token.text in "+?:.&|")

    def items(self, argument: Argument) -> tuple[Argument, ...]:
        """Return the items of a list, or a single expression as a list of one."""
        begin = bisect_left(self.tokens, argument.start, key=_start)
        for index in range(begin, min(begin + _LONGEST_LIST, len(self.tokens))):
            group = self.opened(index) if self.tokens[index].text in ("[", "(") else None
            if group is not None:
                listed = group.bracket == "[" and index == begin
                if (listed or group.method in _LISTS) and self._is_all(group, argument):
                    return group.arguments
                break
        return (argument,) if argument.start >= 0 else ()

    def _is_all(self, group: Group, argument: Argument) -> bool:
        """Whether an expression ends with a group; one that is cut off because it is long counts."""
        last = argument.tokens[-1].start
        closed = self.tokens[group.closed].start if group.closed < len(self.tokens) else last
        return closed >= last


def _opened(group: Group) -> int:
    return group.opened


def _start(token: Token) -> int:
    return token.start
