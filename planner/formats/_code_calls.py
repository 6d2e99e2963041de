"""Brackets of source code: calls with their arguments, objects and lists with their entries.

`docker.image("x")` is a group named `docker.image`; `.image` is one that follows another call. A group in a
group knows which entry of it it is the value of.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from planner.formats._code_tokens import Kind, Token

_LONGEST = 400  # tokens of an argument that are read
_GENERIC = 24  # tokens between < and >
_DEEPEST = 500  # brackets in brackets
_OPENERS = {")": "(", "]": "[", "}": "{"}
_NO_NAMES = frozenset(
    {"return", "in", "if", "while", "for", "else", "case", "and", "or", "not", "when", "until", "yield",
     "await", "throw", "new"}
)  # fmt: skip
_KEY_SIGNS = ("+:::", "+::", "+:", ":::", "::", ":", "=")


class Argument(Struct, frozen=True):
    """An argument of a call, or an entry of an object or a list."""

    name: str  # its keyword or key, else empty
    _all: Sequence[Token]
    _begin: int
    _stop: int

    @property
    def tokens(self) -> Sequence[Token]:
        """The tokens of its value, as many as an image could take."""
        return self._all[self._begin : min(self._stop, self._begin + _LONGEST)]

    @property
    def start(self) -> int:
        """Where its value begins, -1 where it has none."""
        return self._all[self._begin].start if self._begin < self._stop else -1


class Group(Struct, eq=False, gc=False):  # by the ten thousand
    """A pair of brackets and what stands in it, which is read on demand: most are never read."""

    bracket: str  # the one that opens it
    opened: int  # which token opens it
    closed: int  # which token closes it; the number of tokens where none does
    parent: int  # which group it stands in, -1 for none
    _tokens: Sequence[Token]
    _entry: int  # which token the entry begins with that it stands in
    _last: int = -1  # which token its name ends with, -1 for none
    _name: str | None = None  # made when it is asked for, as most
    _start: int = -1
    _separators: list[int] | None = None
    _arguments: tuple[Argument, ...] | None = None  # made when they are asked for, after it is read
    _named: dict[str, int] | None = None  # the first argument of each name, made then, too

    @property
    def key(self) -> str:
        """The key of the entry that it stands in."""
        return _key(self._tokens, self._entry, self.opened)[0] if self.parent >= 0 else ""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """What stands between the commas."""
        if self._arguments is not None:
            return self._arguments
        found = []
        for before, after in pairwise((self.opened, *(self._separators or ()), self.closed)):
            if after > before + 1:
                name, begin = _key(self._tokens, before + 1, after, self.bracket)
                found.append(Argument(name, self._tokens, begin, after))
        self._arguments = tuple(found)
        return self._arguments

    @property
    def name(self) -> str:
        """What stands before it, dotted; begins with a dot where that belongs to another call."""
        if self._name is None:
            self._read_name()
        return self._name or ""

    @property
    def start(self) -> int:
        """The offset of its name, or its own where it has none."""
        if self._name is None:
            self._read_name()
        return self._start

    @property
    def method(self) -> str:
        """The last part of the name."""
        if self._last < 0:
            return ""
        text = self._tokens[self._last].text
        return text if text not in _NO_NAMES or self.name else ""

    def called(self, last: int) -> None:
        """Note which token its name ends with."""
        self._last = last

    def _read_name(self) -> None:
        tokens, last = self._tokens, self._last
        self._name, self._start = "", tokens[self.opened].start
        if last < 0:
            return
        before = _before_dot(tokens, last)
        if tokens[last].text in _NO_NAMES and before is None:
            return
        parts = [tokens[last].text]
        while before is not None and before >= 0 and tokens[before].kind is Kind.NAME:
            last = before
            parts.append(tokens[last].text)
            before = _before_dot(tokens, last)
        self._name = ("" if before is None else ".") + ".".join(reversed(parts))
        self._start = tokens[last].start

    def keyword(self, *names: str) -> Argument | None:
        """Return the first argument with one of the names that has a value."""
        if self._named is None:
            given = enumerate(self.arguments)
            self._named = {each.name: place for place, each in reversed([*given]) if each.start >= 0}
        places = [self._named[name] for name in names if name in self._named]
        return self.arguments[min(places)] if places else None

    def positional(self, place: int) -> Argument | None:
        """Return an argument by its place, where neither it nor one before it has a name."""
        given = self.arguments[: place + 1]
        return given[place] if len(given) > place and not any(each.name for each in given) else None

    def separate(self, index: int) -> None:
        """Note a token that ends an entry."""
        if self._separators is None:
            self._separators = []
        self._separators.append(index)

    def unite(self, index: int) -> None:
        """Forget the separators after a token: they were those of types."""
        while self._separators and self._separators[-1] > index:
            self._separators.pop()

    @property
    def last(self) -> int:
        """Which token the last entry follows."""
        return self._separators[-1] if self._separators else self.opened


Call = Group


def calls(tokens: Sequence[Token]) -> Iterator[Call]:
    """Yield every call, in the order of the text."""
    yield from (group for group in groups(tokens) if group.bracket == "(" and group.method)


def groups(tokens: Sequence[Token]) -> list[Group]:
    """Return all groups in the order they open. Brackets that do not fit are skipped."""
    return _Brackets(tokens).read()


class _Brackets:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.found: list[Group] = []
        self.stack: list[tuple[Group, int]] = []  # with their places in `found`
        self.open = {"(": 0, "[": 0, "{": 0}
        self.ended: Group | None = None  # the last that was closed

    def read(self) -> list[Group]:
        mark = Kind.MARK
        for index, token in enumerate(self.tokens):
            if token.kind is not mark:
                continue
            text = token.text
            if text in self.open:
                self._enter(text, index)
            elif text in _OPENERS:
                self._leave(_OPENERS[text], index)
            elif self.stack and (text == "," or text == ";"):
                self.stack[-1][0].separate(index)
        return self.found

    def _enter(self, bracket: str, index: int) -> None:
        if len(self.stack) >= _DEEPEST:
            return
        parent, place = self.stack[-1] if self.stack else (None, -1)
        entry = parent.last + 1 if parent else 0
        group = Group(bracket, index, len(self.tokens), place, self.tokens, entry)
        if index:
            before = self.tokens[index - 1]
            if before.kind is Kind.NAME:
                group.called(index - 1)
            elif before.text in ("]", ">", "!"):
                self._name(group, index)
        self.open[bracket] += 1
        self.stack.append((group, len(self.found)))
        self.found.append(group)

    def _leave(self, bracket: str, index: int) -> None:
        while self.open[bracket]:
            last, _ = self.stack.pop()
            last.closed = index
            self.open[last.bracket] -= 1
            if last.bracket == bracket:
                self.ended = last
                return

    def _name(self, group: Group, index: int) -> None:
        """Note what is called: `a.b` of `a.b(`, `a.b<T>(`, `a::b::<T>(` and `a.b[T](`."""
        tokens, last = self.tokens, index - 1
        if tokens[last].text == "]" and self.ended is not None and self.ended.closed == last:
            last = self.ended.opened - 1
        elif tokens[last].text == ">" and tokens[last].kind is Kind.MARK:
            last = self._before_generic(last)
        while last > 0 and tokens[last].text in (":", "!") and tokens[last].kind is Kind.MARK:
            last -= 1  # the macro call of Rust, the path before a turbofish
        if last >= 0 and tokens[last].kind is Kind.NAME:
            group.called(last)

    def _before_generic(self, index: int) -> int:
        """Return what stands before `<…>`; its commas separate no arguments."""
        depth = 0
        for place in range(index, max(index - _GENERIC, -1), -1):
            token = self.tokens[place]
            if token.kind is not Kind.MARK:
                continue
            if token.text in ";{}()":
                break
            depth += (token.text == ">") - (token.text == "<")
            if not depth:
                if self.stack:
                    self.stack[-1][0].unite(place)
                return place - 1
        return index


def _before_dot(tokens: Sequence[Token], index: int) -> int | None:
    """Return which token stands before the dot before a token; None where there is no dot."""
    previous = index - 1
    if previous < 0 or tokens[previous].kind is not Kind.MARK:
        return None
    if tokens[previous].text == ".":
        previous -= 1
        while previous >= 0 and tokens[previous].kind is Kind.MARK and tokens[previous].text in "?!&":
            previous -= 1
        return previous
    if previous and tokens[previous].text == tokens[previous - 1].text == ":":
        return previous - 2
    return None


def _key(tokens: Sequence[Token], begin: int, stop: int, bracket: str = "{") -> tuple[str, int]:
    """Return the key of an entry and where its value begins: `a = x`, `a: x`, `"a" => x`, `a+:: x`.

    Between parentheses `a::x` is a name in a namespace.
    """
    symbol = begin < stop and tokens[begin].kind is Kind.MARK and tokens[begin].text == ":"
    place = begin + symbol  # of Ruby
    if place + 1 >= stop or tokens[place].kind not in (Kind.NAME, Kind.STRING):
        return "", begin
    key = tokens[place]
    marks = _marks(tokens, place + 1, min(stop, place + 5))
    for sign in ("=>", "->") if symbol or key.kind is Kind.STRING else ():
        if marks.startswith(sign):
            return key.text, place + 3
    for sign in _KEY_SIGNS:
        if marks.startswith(sign):
            if "::" in sign and bracket == "(":
                break
            if (sign == "=" and marks[1:2] in ("=", ">", "~")) or (sign == ":" and marks[1:2] == "="):
                break
            return key.text, place + 1 + len(sign)
    return "", begin


def _marks(tokens: Sequence[Token], begin: int, stop: int) -> str:
    """Return the marks that stand side by side."""
    found = ""
    for place in range(begin, stop):
        token = tokens[place]
        if token.kind is not Kind.MARK or (found and token.start != tokens[place - 1].end):
            break
        found += token.text
    return found
