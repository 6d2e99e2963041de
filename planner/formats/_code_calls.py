"""Brackets of source code: calls with their arguments, objects and lists with their entries.

`docker.image("x")` is a group named `docker.image`; `.image` is one that follows another call. A group in a
group knows which entry of it it is the value of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from planner.formats._code_tokens import Kind, Token

_LONGEST = 400  # tokens of an argument that are looked at
_GENERIC = 64  # tokens between < and >
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_OPENERS = {closer: opener for opener, closer in _PAIRS.items()}
_NO_NAMES = frozenset(
    {"return", "in", "if", "while", "for", "else", "case", "and", "or", "not", "when", "until", "yield", "await",
     "throw", "new"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Argument:
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


@dataclass(frozen=True, slots=True)
class Group:
    """A pair of brackets and what stands in it."""

    name: str  # what stands before it, dotted; begins with a dot where that belongs to another call
    bracket: str  # the one that opens it
    start: int  # offset of its name
    opened: int  # which token opens it
    closed: int  # which token closes it; the number of tokens where none does
    parent: int  # which group it stands in, -1 for none
    key: str  # of the entry of that group it stands in
    arguments: tuple[Argument, ...]

    @property
    def method(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]

    def keyword(self, *names: str) -> Argument | None:
        """Return the first argument with one of the names."""
        return next((each for each in self.arguments if each.name in names), None)

    def positional(self, place: int) -> Argument | None:
        """Return an argument by its place among those without a name."""
        unnamed = [each for each in self.arguments[: place + 1] if not each.name]
        return unnamed[place] if len(unnamed) > place else None


Call = Group


def calls(tokens: Sequence[Token]) -> Iterator[Call]:
    """Yield every call, in the order of the text."""
    yield from (group for group in groups(tokens) if group.bracket == "(" and group.name)


def groups(tokens: Sequence[Token]) -> list[Group]:
    """Return all groups in the order they open. Brackets that do not fit are passed over."""
    return _Brackets(tokens).read()


@dataclass(slots=True)
class _Open:
    name: str
    start: int
    opened: int
    parent: int
    key: str
    index: int
    separators: list[int] = field(default_factory=list)
    closed: int = -1


class _Brackets:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.all: list[_Open] = []
        self.stack: list[_Open] = []
        self.open = {"(": 0, "[": 0, "{": 0}
        self.ended: dict[int, _Open] = {}  # by the token that closed it

    def read(self) -> list[Group]:
        for index, token in enumerate(self.tokens):
            if token.kind is not Kind.MARK:
                continue
            mark = token.text
            if mark in _PAIRS:
                self._enter(mark, index)
            elif mark in _OPENERS:
                self._leave(_OPENERS[mark], index)
            elif mark in ",;" and self.stack:
                self.stack[-1].separators.append(index)
        for each in self.stack:
            each.closed = len(self.tokens)
        return [self._group(each) for each in self.all]

    def _enter(self, bracket: str, index: int) -> None:
        name, start = self._name(index)
        parent = self.stack[-1] if self.stack else None
        key = ""
        if parent:
            begin = parent.separators[-1] if parent.separators else parent.opened
            key = _key(self.tokens, begin + 1, index)[0]
        found = _Open(name, start, index, parent.index if parent else -1, key, len(self.all))
        self.open[bracket] += 1
        self.stack.append(found)
        self.all.append(found)

    def _leave(self, bracket: str, index: int) -> None:
        if not self.open[bracket]:
            return
        while self.stack:
            last = self.stack.pop()
            last.closed = index
            opener = self.tokens[last.opened].text
            self.open[opener] -= 1
            if opener == bracket:
                self.ended[index] = last
                return

    def _name(self, index: int) -> tuple[str, int]:
        """Return what is called and where that begins: `a.b` of `a.b(`, `a.b<T>(`, `a::b::<T>(`, `a.b[T](`."""
        last = index - 1
        if last >= 0 and self.tokens[last].text == "]" and last in self.ended:
            last = self.ended[last].opened - 1
        elif last >= 0 and self.tokens[last].text == ">" and self.tokens[last].kind is Kind.MARK:
            last = self._before_generic(last)
        while last > 0 and self.tokens[last].text in ":!" and self.tokens[last].kind is Kind.MARK:
            last -= 1  # the macro call of Rust, the path before a turbofish
        token = self.tokens[last] if last >= 0 else None
        if token is None or token.kind is not Kind.NAME:
            return "", self.tokens[index].start
        if token.text in _NO_NAMES and self._before_dot(last) is None:
            return "", self.tokens[index].start
        parts = [token.text]
        while (before := self._before_dot(last)) is not None:
            if before < 0 or self.tokens[before].kind is not Kind.NAME:
                return "." + ".".join(reversed(parts)), self.tokens[last].start
            last = before
            parts.append(self.tokens[last].text)
        return ".".join(reversed(parts)), self.tokens[last].start

    def _before_dot(self, index: int) -> int | None:
        """Return which token stands before the dot before a token; None where there is no dot."""
        previous = index - 1
        if previous >= 0 and self.tokens[previous].text == "." and self.tokens[previous].kind is Kind.MARK:
            previous -= 1
            while (
                previous >= 0
                and self.tokens[previous].kind is Kind.MARK
                and self.tokens[previous].text in "?!&"
            ):
                previous -= 1
            return previous
        if previous >= 1 and self.tokens[previous].text == self.tokens[previous - 1].text == ":":
            return previous - 2
        return None

    def _before_generic(self, index: int) -> int:
        """Return what stands before `<…>`; its commas separate no arguments."""
        depth = 0
        for place in range(index, max(index - _GENERIC, -1), -1):
            token = self.tokens[place]
            if token.kind is Kind.MARK and token.text in ";{}":
                break
            depth += (token.text == ">") - (token.text == "<") if token.kind is Kind.MARK else 0
            if not depth:
                separators = self.stack[-1].separators if self.stack else []
                while separators and separators[-1] > place:
                    separators.pop()
                return place - 1
        return index

    def _group(self, each: _Open) -> Group:
        edges = [each.opened, *each.separators, each.closed]
        arguments = []
        for before, after in pairwise(edges):
            if after > before + 1:
                name, begin = _key(self.tokens, before + 1, after)
                arguments.append(Argument(name, self.tokens, begin, after))
        bracket = self.tokens[each.opened].text
        return Group(
            each.name, bracket, each.start, each.opened, each.closed, each.parent, each.key, tuple(arguments)
        )


def _key(tokens: Sequence[Token], begin: int, stop: int) -> tuple[str, int]:
    """Return the key of an entry and where its value begins: `a = x`, `a: x`, `"a" => x`, `a+:: x`."""
    if stop - begin < 2 or begin >= len(tokens):
        return "", begin
    if tokens[begin].text == ":" and tokens[begin].kind is Kind.MARK:
        begin += 1  # a symbol of Ruby
        symbol = True
    else:
        symbol = False
    key = tokens[begin]
    if key.kind not in (Kind.NAME, Kind.STRING):
        return "", begin
    marks = "".join(_marks(tokens, begin + 1, min(stop, begin + 5)))
    arrow = "=>" if symbol or key.kind is Kind.STRING else ""
    for sign in (arrow, "->" if key.kind is Kind.STRING else "", "+:::", "+::", "+:", ":::", "::", ":", "="):
        if sign and marks.startswith(sign):
            if (sign == "=" and marks[1:2] in ("=", ">", "~")) or (sign == ":" and marks[1:2] == "="):
                return "", begin
            return key.text, begin + 1 + len(sign)
    return "", begin


def _marks(tokens: Sequence[Token], begin: int, stop: int) -> Iterator[str]:
    """Yield the marks that stand side by side."""
    for place in range(begin, min(stop, len(tokens))):
        token = tokens[place]
        if token.kind is not Kind.MARK or (place > begin and token.start != tokens[place - 1].end):
            return
        yield token.text
