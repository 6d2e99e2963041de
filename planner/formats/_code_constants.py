"""Names that source code sets once, to a string it spells."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from planner.formats._code_calls import Group, groups
from planner.formats._code_parameters import closed_calls, declares, defaults
from planner.formats._code_tokens import Kind, Token
from planner.formats._code_words import word
from planner.model.source import Text

_LONGEST = 60  # tokens of an assignment that are read
_LONGEST_TYPE = 8
_LONGEST_ACCESSORS = 12
_ACCESSORS = frozenset({"get", "set", "init", "private", "protected", "internal", ";"})
_DEEPEST = 20  # constants of constants of constants
_ITSELF = frozenset({"self", "cls", "&"})  # a parameter that no caller gives
_BLOCKS = frozenset({"const", "var"})  # of Go, whose parentheses hold assignments
_NO_TARGETS = frozenset({"default", "else", "try", "finally", "case"})
_TYPE_MARKS = frozenset("<>[]?.!*&,'")
_OPENERS = frozenset("([{")
_CLOSERS = frozenset(")]}")


def constants(tokens: Sequence[Token], found: Sequence[Group] | None = None) -> Mapping[str, Text]:
    """Return the names that stand for one string in all of the file; `found` are the groups if at hand."""
    brackets = groups(tokens) if found is None else found
    declared = defaults(tokens, brackets)
    known = {name: value for name, value in assigned_once(tokens, brackets).items() if name not in declared}
    return known | {name: places[0][1] for name, places in declared.items() if _agreed(places)}


def assigned_once(tokens: Sequence[Token], brackets: Sequence[Group]) -> Mapping[str, Text]:
    """Return the names that are assigned exactly once, to what is known."""
    return assigned(tokens, brackets).once


class Assigned(Struct, frozen=True, dict=True):
    """The names that a file assigns."""

    tokens: Sequence[Token]
    places: Mapping[str, Sequence[int]]  # by name: where what it is set to begins

    @cached_property
    def once(self) -> Mapping[str, Text]:
        """Those that are set once, and to what; `f()` is what a function returns that does nothing else."""
        return _Once(self.tokens, {name: found[0] for name, found in self.places.items() if len(found) == 1})

    def varies(self, name: str) -> bool:
        """Whether a name is set several times, a string among what it is set to."""
        found = self.places.get(name, ())
        return len(found) > 1 and _any_literal(self.tokens, found)

    def is_object(self, name: str) -> bool:
        """Whether a name is set once, to an instance of a class."""
        found = self.places.get(name, ())
        return len(found) == 1 and _makes(self.tokens, found[0], ending(self.tokens, found[0]))


def assigned(tokens: Sequence[Token], brackets: Sequence[Group]) -> Assigned:
    """Return what the names of a file are set to."""
    places: dict[str, list[int]] = {}
    for index in _assignments(tokens, brackets):
        if name := target(tokens, index):
            places.setdefault(name, []).append(index + 1)
    for name, begin in _returned(tokens, brackets):
        places.setdefault(name, []).append(begin)
    return Assigned(tokens, places)


class _Once(Mapping[str, Text]):
    """The names that are set once, each read when it is asked for: most of a file's never are."""

    def __init__(self, tokens: Sequence[Token], places: Mapping[str, int]) -> None:
        self._tokens = tokens
        self._places = places
        self._known: dict[str, Text] = {}  # those that were read; without a character where nothing is known
        self._depth = 0

    def __getitem__(self, name: str) -> Text:
        value = self._known.get(name)
        if value is None:
            if name not in self._places:
                raise KeyError(name)
            value = self._known[name] = self._read(name)
        if not value:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._places if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _read(self, name: str) -> Text:
        begin = self._places[name]
        stop = ending(self._tokens, begin)
        if begin >= stop or self._depth >= _DEEPEST:
            return Text()
        self._known[name] = Text()  # as what it is made of sees it, which would be a circle
        self._depth += 1
        choices = list(word(self._tokens[begin:stop], self).choices())
        self._depth -= 1
        return choices[0].text if len(choices) == 1 and not choices[0].problem else Text()


class Changed(Mapping[str, Text]):
    """Names as others know them but for some; those are not known that are changed to no character."""

    def __init__(self, names: Mapping[str, Text], changes: Mapping[str, Text]) -> None:
        self._names = names
        self._changes = changes

    def __getitem__(self, name: str) -> Text:
        value = self._changes.get(name)
        if value is None:
            return self._names[name]
        if not value:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return (name for name in dict.fromkeys((*self._names, *self._changes)) if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _makes(tokens: Sequence[Token], begin: int, stop: int) -> bool:
    """Whether an expression is `new X(…)` or `a.X(…)`."""
    if begin < stop and tokens[begin].text == "new":
        return True
    for index in range(begin, min(stop, begin + _LONGEST_TYPE)):
        if tokens[index].text == "(" and tokens[index].kind is Kind.MARK:
            return index > begin and tokens[index - 1].text[:1].isupper()
    return False


def _any_literal(tokens: Sequence[Token], places: Sequence[int]) -> bool:
    strings = (begin for begin in places if begin < len(tokens) and tokens[begin].kind is Kind.STRING)
    return any(ending(tokens, begin) > begin for begin in strings)


def _returned(tokens: Sequence[Token], brackets: Sequence[Group]) -> Iterator[tuple[str, int]]:
    """Yield functions that are given nothing and return at once, and where what they return begins."""
    closing: Mapping[int, Group] = {}
    for group in brackets:
        begin, stop = group.opened + 1, group.closed
        if group.bracket != "(" or (begin < stop and tokens[begin].text not in _ITSELF):
            continue  # nearly always
        if begin + 1 < stop and tokens[begin + 1].text not in _ITSELF:
            continue
        after = _body(tokens, stop + 1)
        if after and group.name:
            closing = closing or closed_calls(brackets)
            if declares(tokens, group, closing):
                yield f"{group.method}()", after


def _body(tokens: Sequence[Token], place: int) -> int:
    """Return where an expression begins that is all of a body: `{ return`, `: return`, `=`; else 0."""
    for index in range(place, min(place + _LONGEST_TYPE, len(tokens) - 1)):
        text, following = tokens[index].text, tokens[index + 1].text
        if text in ("{", ":") and following == "return":
            return index + 2
        if text == "=":
            return index + (2 if following == ">" else 1)
        if text in ("{", ";", ")", ",") or tokens[index].kind is Kind.STRING:
            break
    return 0


def _agreed(places: Sequence[tuple[int, Text]]) -> bool:
    """Whether all functions with a parameter of this name give it the same default."""
    return all(value and str(value) == str(places[0][1]) for _, value in places)


def _assignments(tokens: Sequence[Token], brackets: Sequence[Group]) -> Iterator[int]:
    """Yield where `=` assigns: not among arguments, where it sets a name of another's."""
    mark, opened = Kind.MARK, [group.opened for group in brackets]
    for index, token in enumerate(tokens):
        if token.text != "=" or token.kind is not mark or not _assigns(tokens, index):
            continue
        place = bisect_left(opened, index) - 1
        while place >= 0 and brackets[place].closed <= index:
            place = brackets[place].parent
        if place < 0 or brackets[place].bracket == "{" or brackets[place].name in _BLOCKS:
            yield index


def _assigns(tokens: Sequence[Token], index: int) -> bool:
    if not 0 < index < len(tokens) - 1:
        return False
    before, token, after = tokens[index - 1 : index + 2]
    if after.kind is Kind.MARK and after.start == token.end and after.text in "=>~":
        return False
    return not (before.kind is Kind.MARK and before.end == token.start and before.text in "=!<+-*/%|&^~")


def target(tokens: Sequence[Token], index: int) -> str:
    """Return what `=` at `index` sets: `x` of `x =`, `x :=`, `String x =`, `x: String =`, `x string =`."""
    last = tokens[index - 1]
    if last.text == "}":
        return _property(tokens, index - 1)
    if last.text == ":" and index > 1 and tokens[index - 2].kind is Kind.NAME:
        return tokens[index - 2].text
    if last.text == "string" and index > 1 and tokens[index - 2].kind is Kind.NAME:
        return tokens[index - 2].text
    for place in range(index - 1, max(index - 1 - _LONGEST_TYPE, 0), -1):
        token = tokens[place]
        if token.text == ":" and token.kind is Kind.MARK:
            name = tokens[place - 1]
            earlier = tokens[place - 2].text if place > 1 else ""
            if name.kind is Kind.NAME and name.text not in _NO_TARGETS and earlier != "case":
                return name.text
            break
        if token.first or (token.kind is not Kind.NAME and token.text not in _TYPE_MARKS):
            break
    return last.text if last.kind is Kind.NAME else ""


def _property(tokens: Sequence[Token], closed: int) -> str:
    """Return the name of a property of C# before its accessors: `Image { get; set; } = "a"`."""
    for place in range(closed - 1, max(closed - _LONGEST_ACCESSORS, 0), -1):
        if tokens[place].text == "{":
            return tokens[place - 1].text if tokens[place - 1].kind is Kind.NAME else ""
        if tokens[place].text not in _ACCESSORS:
            break
    return ""


def ending(tokens: Sequence[Token], begin: int) -> int:
    """Return where an expression ends: before a token that no operator ties to the one before."""
    depth, operand = 0, False
    for index in range(begin, min(begin + _LONGEST, len(tokens))):
        token = tokens[index]
        mark = token.text if token.kind is Kind.MARK else ""
        if mark in _CLOSERS and mark:
            if not depth:
                return index
            depth -= 1
            operand = True
        elif mark in _OPENERS and mark:
            if operand and not depth and mark == "{":
                return index
            depth += 1
        elif depth:
            continue
        elif mark in (";", ",", "@"):
            return index
        elif mark == "=":
            return begin  # a comparison, or one more assignment
        elif mark:
            operand = False
        elif operand and (not _continues(tokens, index) or _begins(tokens, index)):
            return index
        else:
            operand = token.text not in ("or", "if", "else", "new", "then")
    return min(begin + _LONGEST, len(tokens))


def _begins(tokens: Sequence[Token], index: int) -> bool:
    """Whether `if`, or `else:`, is first in its line and begins a statement."""
    if not tokens[index].first:
        return False
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    return tokens[index].text == "if" or (tokens[index].text == "else" and after == ":")


def _continues(tokens: Sequence[Token], index: int) -> bool:
    """Whether an operand right after another is part of the same expression."""
    token = tokens[index]
    if token.kind is Kind.STRING:
        return tokens[index - 1].kind is Kind.STRING
    return token.kind is Kind.NAME and token.text in ("or", "if", "else", "then")
