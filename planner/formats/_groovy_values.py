"""Variables of scripts in Groovy and Kotlin: all that each is set to, wherever that is in the file.

A variable of a loop stands for each item, a parameter of a function for what its calls in the file give it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from msgspec.structs import replace

from planner.formats import _code as code
from planner.formats._base import Candidate
from planner.formats._code import Argument, Kind, Token
from planner.formats._groovy_assignments import Assignments
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, named
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_DEPTH = 6  # of variables in variables
_MOST_READ = 4 * MOST_CHOICES  # values of a variable, however often each is given
_LONGEST_NAME = 500  # characters of an expression that is filled in
_ELVIS = re.compile(r"(?P<name>[\w.()]+?)\s*\?:\s*(?P<quote>['\"])(?P<default>[^'\"${}\\]*)(?P=quote)\Z")
_OR_ELSE = re.compile(r"(?P<name>[^\s]+)\.(?:getOrElse|orElse)\((?P<default>[^()\s${}]+)\)(?:\.get\(\))?\Z")
_CALL = re.compile(
    r"(?:property|findProperty|gradleProperty|getProperty|extra\.get|ext\.get)\([\"']?([\w.-]+)[\"']?\)"
    r"|(?:extra|ext|properties|env|params)\[[\"']?([\w.-]+)[\"']?\]"
    r"|(?:System\.getenv|environmentVariable)\((\w+)\)"
)
_TAILS = re.compile(
    r"(?:\.(?:get|toString|trim|asString|orNull|toLowerCase)\(\)|\.getOrElse\([^()]*\)|\.orNull|!!)+\Z"
)
_OWNERS = frozenset(
    {"this", "project", "rootProject", "parent", "ext", "extra", "env", "params", "properties", "script"}
)
Lookup = Callable[[str], tuple[Value, ...]]


@dataclass(frozen=True)
class Variables:
    """What the names of a script stand for; `outside` tells what it does not set itself."""

    assignments: Assignments
    outside: Lookup
    _read: dict[tuple[str, int], tuple[Value, ...]] = field(default_factory=dict, init=False, compare=False)

    def word(self, tokens: Sequence[Token], depth: int = 0) -> Word:
        """Return what an expression says."""
        if len(tokens) == 1 and tokens[0].kind is Kind.NUMBER:
            return Word.literal(tokens[0].value)
        said = code.word(_uncast(tokens), {})
        pieces = [self._filled(piece, depth) for piece in said.pieces]
        return Word(tuple(pieces), said.quoted)

    def values(self, name: str, depth: int = 0) -> tuple[Value, ...]:
        """Return what a name stands for; nothing where that is not known."""
        key = _plain(name)
        if (key, depth) not in self._read:
            found = tuple(islice(_distinct(self._own(key, depth)), MOST_CHOICES)) or self.outside(key)
            self._read[key, depth] = tuple(islice(dict.fromkeys(found), MOST_CHOICES))
        return self._read[key, depth]

    def candidates(
        self, argument: Argument | None, role: Role, confidence: Confidence = Confidence.CERTAIN
    ) -> Iterator[Candidate]:
        """Yield what an argument names; nothing where it is but what a caller elsewhere gives."""
        if argument is not None and argument.tokens:
            yield from self.named(self.word(argument.tokens), argument.tokens, role, confidence)

    def named(
        self,
        word: Word,
        tokens: Sequence[Token],
        role: Role,
        confidence: Confidence = Confidence.CERTAIN,
    ) -> Iterator[Candidate]:
        """Yield what a word made of an expression names."""
        for each in word.candidates(role, confidence):
            if not (each.problem and self.is_given(tokens)):
                yield each

    def is_given(self, tokens: Sequence[Token]) -> bool:
        """Whether an expression is no more than what a function is given."""
        names = [token.text for token in tokens if token.kind is Kind.NAME]
        if any(token.kind is Kind.STRING and not token.holes for token in tokens):
            return False
        if not all(_is_hole(token) for token in tokens if token.kind is Kind.STRING):
            return False
        names += [hole.expression.partition(".")[0] for token in tokens for hole in token.holes]
        return any(name in self.assignments.parameters or name in ("it", "args") for name in names)

    def _own(self, name: str, depth: int) -> Iterator[Value]:
        if depth < _DEPTH:
            for tokens in self.assignments.places.get(name, ()):
                for choice in self.word(tokens, depth + 1).choices():
                    if not choice.problem and choice.text:
                        yield choice

    def _filled(self, piece: Piece, depth: int) -> Piece:
        if not 0 < len(piece.name) <= _LONGEST_NAME or not any(value.problem for value in piece.values):
            return piece
        name, default = piece.name, Text()
        if (match := _ELVIS.match(name) or _OR_ELSE.match(name)) and (
            place := str(piece.written).find(match["default"])
        ) >= 0:
            name, default = match["name"], piece.written.cut(place, place + len(match["default"]))
        found = tuple(named(_plain(name), value) for value in self.values(name, depth))
        if default:
            found = (*found, named(_plain(name), Value(default), "default"))
        known = tuple(value for value in piece.values if not value.problem)
        return replace(piece, values=(*known, *found)) if found else piece


def _distinct(values: Iterable[Value]) -> Iterator[Value]:
    """Yield each value once, as soon as it is known: not all need to be made."""
    seen: set[Value] = set()
    for value in islice(values, _MOST_READ):
        if value not in seen:
            seen.add(value)
            yield value


def _uncast(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return an expression without `as String?`."""
    texts = [token.text for token in tokens]
    if "as" not in texts:
        return tokens
    place = texts.index("as")
    stop = place + 2
    if stop < len(tokens) and texts[stop] == "?" and tokens[stop].start == tokens[stop - 1].end:
        stop += 1
    return [*tokens[:place], *tokens[stop:]]


def _is_hole(token: Token) -> bool:
    """Whether a string is nothing but what is filled in."""
    return len(token.holes) == 1 and token.holes[0].start == 0 and token.holes[0].stop == len(token.text)


def _plain(name: str) -> str:
    """Return a name without the objects that only hold it: `IMAGE` of `env.IMAGE`."""
    name = _TAILS.sub("", name)
    if call := _CALL.search(name):
        return call[1] or call[2] or call[3] or ""
    parts = name.split(".")
    while len(parts) > 1 and parts[0] in _OWNERS:
        parts = parts[1:]
    return ".".join(parts)
