"""Statements of small languages: what stands in which blocks, and what the expressions in them say.

`process { withName: X { container = 'a' } }` is the statement `container` below `process` and `withName`.
Where lines end statements (Nextflow, WDL), an operator at the end or the beginning of a line goes on with it.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct, field

from planner.formats._code import Kind, Language, Token, groups, tokens, word
from planner.formats._shell_words import Piece, Value, Word
from planner.model.source import Run, Text

_LONGEST = 200  # tokens of an expression
_DEEPEST = 8  # names of blocks in blocks that are kept
_MOST_OPEN = 10_000  # blocks in blocks
_OPENERS = frozenset("{([")
_CLOSERS = frozenset("})]")
_BEFORE = frozenset("=,?:+-*/&|<>!(.[")  # what ends a line that goes on
_AFTER = frozenset("?:+.&|)]}=*<>")
_GOING_ON = frozenset({"else", "then", "in", "if"})
_MOST_HOLES = 40


class Statement(Struct, frozen=True):
    """A name that begins a statement, and what follows it."""

    path: tuple[str, ...]  # the names of the blocks around it, then its own parts
    sign: str  # between name and value; empty where there is none
    start: int  # offset of the name
    scope: int  # which block it stands in: those of one block have the same number
    _all: Sequence[Token]
    _begin: int
    _lines: str  # the file's text where lines end statements, else empty

    @property
    def name(self) -> str:
        """The last part of its name."""
        return self.path[-1]

    @property
    def mark(self) -> str:
        """The first token of its value, where that is a punctuation character."""
        first = self._all[self._begin] if self._begin < len(self._all) else None
        return first.text if first is not None and first.kind is Kind.MARK else ""

    @property
    def is_bare(self) -> bool:
        """Whether no value follows its sign, but the name and the sign of another statement."""
        second = self._all[self._begin + 1] if self._begin + 1 < len(self._all) else None
        return second is not None and second.kind is Kind.MARK and second.text == self.sign

    @property
    def tokens(self) -> Sequence[Token]:
        """The tokens of its value."""
        return self._all[self._begin : self._end()]

    def _end(self) -> int:
        depth = 0
        limit = min(self._begin + _LONGEST, len(self._all))
        for index in range(self._begin, limit):
            token = self._all[index]
            mark = token.text if token.kind is Kind.MARK else ""
            if mark in _CLOSERS and mark:
                if not depth:
                    return index
                depth -= 1
            elif not depth and (mark in (";", ",") or self._breaks(index)):
                return index
            elif mark in _OPENERS and mark:
                depth += 1
        return limit

    def _breaks(self, index: int) -> bool:
        if not self._lines or index == self._begin:
            return False
        return _on_new_line(self._all, index, self._lines) and not _goes_on(self._all, index)


def _on_new_line(all_tokens: Sequence[Token], index: int, text: str) -> bool:
    return "\n" in text[all_tokens[index - 1].end : all_tokens[index].start]


def _goes_on(all_tokens: Sequence[Token], index: int) -> bool:
    """Whether a token on a new line belongs to the statement of the line before."""
    before, token = all_tokens[index - 1], all_tokens[index]
    if before.kind is Kind.MARK and before.text in _BEFORE:
        return True
    if token.kind is Kind.MARK and token.text in _AFTER:
        return True
    return Kind.NAME in (before.kind, token.kind) and (before.text in _GOING_ON or token.text in _GOING_ON)


class _Block(Struct):
    path: tuple[str, ...]
    bracket: str
    number: int
    pending: tuple[str, ...] = ()  # the statement that is going on in it


class _Walker(Struct):
    tokens: Sequence[Token]
    text: str  # empty where only marks end statements
    signs: frozenset[str]
    blocks: list[_Block] = field(default_factory=lambda: [_Block((), "{", 0)])
    count: int = 0

    def walk(self) -> Iterator[Statement]:
        index = 0
        while index < len(self.tokens):
            token, block = self.tokens[index], self.blocks[-1]
            if token.kind is Kind.MARK and self._mark(token.text, block):
                index += 1
            elif token.kind is not Kind.MARK and block.bracket == "{" and self._begins(index):
                names, after = _dotted(self.tokens, index)
                sign = _sign(self.tokens, after, self.signs)
                path = (*block.path, *names)[-_DEEPEST:]
                block.pending = path
                begin = after + len(sign)
                yield Statement(path, sign, token.start, block.number, self.tokens, begin, self.text)
                index = begin
            else:
                index += 1

    def _mark(self, mark: str, block: _Block) -> bool:
        if mark in _OPENERS and len(self.blocks) < _MOST_OPEN:
            self.count += 1
            self.blocks.append(_Block(block.pending or block.path, mark, self.count))
        elif mark in _CLOSERS and len(self.blocks) > 1:
            self.blocks.pop()
        elif mark == ";":
            block.pending = ()
        return True

    def _begins(self, index: int) -> bool:
        """Whether a statement begins with this token."""
        token = self.tokens[index]
        if token.kind not in (Kind.NAME, Kind.STRING):
            return False
        if not index:
            return True
        before = self.tokens[index - 1]
        if before.text in ("{", "}", ";") and before.kind is Kind.MARK:
            return True
        if not self.text:
            return before.kind is Kind.NAME and before.text in ("let", "in", "rec")
        if token.kind is Kind.STRING or not _on_new_line(self.tokens, index, self.text):
            return False
        return before.text == ":" or not _goes_on(self.tokens, index)


def statements(
    read: Sequence[Token], signs: Sequence[str] = ("=",), lines_of: str = ""
) -> Iterator[Statement]:
    """Yield what begins with a name; `lines_of` is the text of the file where lines end statements."""
    yield from _Walker(read, lines_of, frozenset(signs)).walk()


def _dotted(read: Sequence[Token], index: int) -> tuple[list[str], int]:
    """Return the parts of `a.b."c"` and which token follows them."""
    parts = [read[index].text]
    index += 1
    while index + 1 < len(read) and read[index].text == "." and read[index].kind is Kind.MARK:
        if read[index + 1].kind is Kind.MARK:
            break
        parts.append(read[index + 1].text)
        index += 2
    return parts, index


def _sign(read: Sequence[Token], index: int, signs: frozenset[str]) -> str:
    if index >= len(read) or read[index].kind is not Kind.MARK or read[index].text not in signs:
        return ""
    following = read[index + 1] if index + 1 < len(read) else None
    doubled = following is not None and following.start == read[index].end and following.text in ("=", ":")
    return "" if doubled else read[index].text


def said(given: Sequence[Token], language: Language, known: Mapping[str, Text]) -> Word:
    """Return what an expression says, with the expressions in its strings evaluated too."""
    while len(given) > 1 and given[0].text in ("{", "(") and _closes_last(given):
        given = given[1:-1]
    if len(given) == 1 and given[0].kind is Kind.STRING and given[0].holes:
        return Word(tuple(_pieces(given[0], language, known)), quoted=True)
    return word(given, known)


def _closes_last(given: Sequence[Token]) -> bool:
    if given[-1].text not in _CLOSERS:
        return False
    first = groups(given)[:1]
    return bool(first) and not first[0].opened and first[0].closed == len(given) - 1


def _pieces(string: Token, language: Language, known: Mapping[str, Text]) -> Iterator[Piece]:
    position, value = 0, string.value
    for hole in string.holes[:_MOST_HOLES]:
        if hole.start > position:
            yield Piece.literal(value.cut(position, hole.start))
        yield _filled(value.cut(hole.start, hole.stop), language, known)
        position = hole.stop
    if position < len(value):
        yield Piece.literal(value.cut(position, len(value)))


def _filled(written: Text, language: Language, known: Mapping[str, Text]) -> Piece:
    spelled = str(written)
    lead = len(spelled) - len(spelled[1:].removeprefix("{"))
    inner = written.cut(lead, len(spelled) - (lead == 2))
    choices = _values(word(moved(inner, language), known)) if inner else ()
    if not choices:
        return Piece.unknown(written, spelled, f"{spelled} is known only when it runs")
    return Piece(written, choices, " ".join(spelled.split()))


def _values(found: Word) -> tuple[Value, ...]:
    """Return all choices, those that are known where there are such."""
    values = tuple(found.choices())
    return tuple(value for value in values if not value.problem) or values


def moved(text: Text, language: Language) -> list[Token]:
    """Return the tokens of a part of a file, with their places in the file."""
    start = max(text.start, 0)
    found = tokens(str(text), language)
    return [
        msgspec.structs.replace(
            token,
            start=token.start + start,
            end=token.end + start,
            literal=_shifted(token.value, start) if token.kind is Kind.STRING else None,
        )
        for token in found
    ]


def _shifted(text: Text, by: int) -> Text:
    return Text(tuple(Run(run.text, run.start + by if run.start >= 0 else -1, run.path) for run in text.runs))
