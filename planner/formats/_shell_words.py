"""Words of a command line or of a setting: literal text and variables, each piece with its place.

A variable can have several values (a loop, a matrix, the branches of a condition); a word made of such has as
many choices.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, product

from msgspec import Struct
from msgspec.structs import replace

from planner.formats._base import Candidate
from planner.model.inventory import Confidence, Role
from planner.model.source import Run, Text

MOST_CHOICES = 256  # of one word
LONGEST = 20_000  # characters of a value; doubling a variable line by line must not fill the memory
MOST_PIECES = 400  # of a value; one that is put together piece by piece must not be copied without end
LONGEST_TRAIL = 12  # variables
_MOST_READ = 10_000  # pieces of all the choices of a word
_SHOWN = 300  # characters of a value in a trail; no reference is longer
_LEAST_VARIABLES = 500  # of a text
_WRITTEN = 20  # characters of a text for each further variable
_TOO_MANY = "more variables than anyone writes: what follows is not read"
_TOO_LONG = "longer than any reference"


class Value(Struct, frozen=True, gc=False):
    """What a variable stands for, and which variables that came from."""

    text: Text
    trail: tuple[str, ...] = ()
    problem: str = ""  # why it is not known; `text` is then what is written
    together: str = ""  # variables whose values have the same mark here change at the same time


def named(name: str, value: Value, note: str = "") -> Value:
    """Return a value as it is seen through the variable `name`."""
    if value.problem or not value.text:
        return value
    first = _beginning(value.text)
    paths = dict.fromkeys(run.path for run in first if run.path)
    notes = ", ".join((*([note] if note else ()), *paths))
    shown = "".join([run.text for run in first])
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    return replace(value, trail=(*value.trail, f"{name}={shown}" + (f" ({notes})" if notes else "")))


def _beginning(text: Text) -> Sequence[Run]:
    """Return the runs of a text as far as it is shown."""
    length = 0
    for index, run in enumerate(text.runs):
        length += len(run.text)
        if length > _SHOWN:
            return text.runs[: index + 1]
    return text.runs


class Piece(Struct, frozen=True, gc=False):
    """A part of a word: literal text, or a variable with everything it may stand for."""

    written: Text
    values: tuple[Value, ...]  # at least one
    name: str = ""  # the variable; empty for literal text
    splits: bool = (
        False  # whether white space in the value ends the word, as for an unquoted variable of a shell
    )

    @classmethod
    def literal(cls, text: Text) -> "Piece":
        """Return text that stands for itself."""
        return cls(text, (Value(text),))

    @classmethod
    def unknown(cls, written: Text, name: str, problem: str) -> "Piece":
        """Return a variable that has no value here."""
        return cls(written, (Value(written, (), problem),), name)

    def __str__(self) -> str:
        return str(self.values[0].text)

    @property
    def key(self) -> str:
        """What has one value at a time: the variable, or those that change with it."""
        return self.values[0].together or self.name

    def cut(self, start: int, stop: int) -> "Piece":
        """Return a part of the first value; a variable stays written as it is."""
        if start <= 0 and stop >= len(self.values[0].text):
            return self
        value = self.values[0]
        atomic = self.name or len(self.written) != len(value.text)
        written = self.written if atomic else self.written.cut(start, stop)
        return replace(self, written=written, values=(replace(value, text=value.text.cut(start, stop)),))


class Word(Struct, frozen=True, gc=False):
    """One word. As a string it is its first choice, with unknown variables as they are written."""

    pieces: tuple[Piece, ...] = ()
    quoted: bool = False  # whether it is a word even when it is empty

    @classmethod
    def literal(cls, text: Text) -> "Word":
        """Return a word without variables."""
        return cls((Piece.literal(text),))

    def joined(self, sign: str, other: "Word") -> "Word":
        """Return the word with a sign and another word behind it."""
        return Word((*self.pieces, Piece.literal(Text.of(sign)), *other.pieces), quoted=True)

    def __str__(self) -> str:
        if len(self.pieces) == 1:  # nearly always, and it is asked for some twenty times
            runs = self.pieces[0].values[0].text.runs
            return runs[0].text if len(runs) == 1 else "".join([run.text for run in runs])
        return "".join(map(str, self.pieces))

    @property
    def written(self) -> Text:
        """The word as it is written, without its quotes."""
        return (
            self.pieces[0].written
            if len(self.pieces) == 1
            else Text.join(each.written for each in self.pieces)
        )

    @property
    def known(self) -> bool:
        """Whether every variable in it has a value."""
        for piece in self.pieces:
            for value in piece.values:
                if value.problem:
                    return False
        return True

    @property
    def variable(self) -> str:
        """The name of the variable that is all of this word, else an empty text."""
        return self.pieces[0].name if len(self.pieces) == 1 else ""

    def cut(self, start: int, stop: int | None = None) -> "Word":
        """Return the characters `start` to `stop` of the first choice."""
        end = len(str(self)) if stop is None else stop
        pieces = []
        for piece in self.pieces:
            length = len(str(piece))
            if start < length and end > 0:
                pieces.append(piece.cut(max(start, 0), min(end, length)))
            start, end = start - length, end - length
        return Word(tuple(pieces), quoted=True)

    def cuts(self, spans: "Iterable[tuple[int, int]]") -> "list[Word]":
        """Return several parts, each as `cut` does; only the pieces of a part are examined."""
        starts = list(accumulate([len(str(piece)) for piece in self.pieces], initial=0))
        return [self._part(starts, start, stop) for start, stop in spans]

    def _part(self, starts: list[int], start: int, stop: int) -> "Word":
        pieces = []
        for index in range(max(bisect_right(starts, start) - 1, 0), len(self.pieces)):
            low, high = starts[index], starts[index + 1]
            if low >= stop:
                break
            if start < high:
                pieces.append(self.pieces[index].cut(max(start - low, 0), min(stop, high) - low))
        return Word(tuple(pieces), quoted=True)

    def partition(self, separator: str) -> "tuple[Word, Word | None]":
        """Return what stands before and after the first separator; None when there is none."""
        before, found, _ = str(self).partition(separator)
        if not found:
            return self, None
        return self.cut(0, len(before)), self.cut(len(before) + len(separator))

    def split(self, separator: str) -> "list[Word]":
        """Return the parts between separators."""
        if len(self.pieces) == 1 and (piece := self.pieces[0]) == Piece.literal(piece.written):
            return list(_split(piece.written, separator))
        spans, position = [], 0
        for part in str(self).split(separator):
            spans.append((position, position + len(part)))
            position += len(part) + len(separator)
        return self.cuts(spans)

    def choices(self) -> Iterator[Value]:
        """Yield every value the word can have; a variable that occurs twice has one value at a time."""
        if len(self.pieces) == 1:  # nearly always
            yield from map(_whole, self.pieces[0].values[:MOST_CHOICES])
            return
        if len(self.pieces) <= _MOST_READ and all(len(piece.values) < 2 for piece in self.pieces):
            yield join([piece.values[0] for piece in self.pieces])
            return
        several = {piece.key: len(piece.values) for piece in self.pieces if len(piece.values) > 1}
        most = _MOST_READ // max(len(self.pieces), 1)
        for count, picked in enumerate(product(*map(range, several.values()))):
            if count == MOST_CHOICES:
                return
            if count >= most:
                yield Value(Text(), (), _TOO_LONG)
                return
            index = dict(zip(several, picked, strict=True))
            yield join(
                piece.values[min(index.get(piece.key, 0), len(piece.values) - 1)] for piece in self.pieces
            )

    def candidates(self, role: Role, confidence: Confidence = Confidence.CERTAIN) -> Iterator[Candidate]:
        """Yield a candidate for each choice that is not empty."""
        written = self.written
        if confidence is Confidence.CERTAIN:
            for piece in self.pieces:
                if piece.name:
                    confidence = Confidence.RESOLVED
        for value in self.choices():
            if value.text or value.problem:
                start = max(written.start, value.text.start if written.start < 0 else 0, 0)
                yield Candidate(value.text, role, start, str(written), confidence, value.trail, value.problem)


def _split(text: Text, separator: str) -> Iterator[Word]:
    """Yield the parts of a text, which may be long and of many runs."""
    cut, position = text.cutter(), 0
    for part in str(text).split(separator):
        stop = position + len(part)
        yield Word((Piece.literal(cut(position, stop)),) if part else (), quoted=True)
        position = stop + len(separator)


def join(values: Iterator[Value] | Sequence[Value]) -> Value:
    """Return values one after another as one; what is missing in any is missing."""
    parts: list[Value] = []
    room, runs, is_plain = LONGEST, MOST_PIECES, True
    for part in values:
        room -= len(part.text)
        runs -= len(part.text.runs)
        if room < 0 or runs < 0:
            return Value(Text(), (), _TOO_LONG)
        parts.append(part)
        is_plain = is_plain and not part.trail and not part.problem
    if is_plain:
        return Value(Text.join([part.text for part in parts]))
    return Value(
        Text.join(part.text for part in parts),
        tuple(dict.fromkeys(line for part in parts for line in part.trail))[-LONGEST_TRAIL:],
        "; ".join(dict.fromkeys(part.problem for part in parts if part.problem)),
    )


def _whole(value: Value) -> Value:
    """Return the value of a word that is one piece."""
    if len(value.text) > LONGEST:
        return join((value,))
    if len(value.trail) < 2 and not value.together:
        return value
    if len(value.text.runs) > MOST_PIECES:
        return join((value,))
    return Value(value.text, tuple(dict.fromkeys(value.trail))[-LONGEST_TRAIL:], value.problem)


def expand(text: Text, variables: re.Pattern[str], lookup: Callable[[Text, re.Match[str]], Piece]) -> Word:
    """Return a text with what `variables` matches replaced by what `lookup` makes of it."""
    string, cut, position, pieces = str(text), text.cutter(), 0, []
    room = _LEAST_VARIABLES + len(string) // _WRITTEN
    for match in variables.finditer(string):
        if match.start() > position:
            pieces.append(Piece.literal(cut(position, match.start())))
        position = match.end()
        if not room:
            rest = cut(match.start(), len(string))
            return Word((*pieces, Piece.unknown(rest, match[0], _TOO_MANY)), quoted=True)
        room -= 1
        pieces.append(lookup(cut(match.start(), position), match))
    if position < len(string):
        pieces.append(Piece.literal(cut(position, len(string))))
    return Word(tuple(pieces), quoted=True)
