"""Variables of scripts in Groovy and Kotlin: all that each is set to, wherever that is in the file.

A variable of a loop stands for each item, a parameter of a function for what its calls in the file give it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from planner.formats import _code as code
from planner.formats._base import Candidate
from planner.formats._code import Argument, Group, Kind, Token
from planner.formats._code_constants import target
from planner.formats._groovy import Script
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, named
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

_DEPTH = 6  # of variables in variables
_LONGEST_NAME = 500  # characters of an expression that is filled in
_MOST_VALUES = 64  # of a variable
_LOOPS = frozenset({"each", "forEach", "collect", "collectEntries", "map", "every", "any", "eachWithIndex"})
_DECLARES = re.compile(r"def|fun|void|[A-Z]\w*|private|public|static|protected")
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


def _nothing(_name: str) -> tuple[Value, ...]:
    return ()


@dataclass(frozen=True)
class Variables:
    """What the names of a script stand for; `outside` tells what it does not set itself."""

    script: Script
    outside: Lookup = _nothing
    more: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)  # what blocks of the file set
    _places: dict[str, list[Sequence[Token]]] = field(default_factory=dict, init=False, compare=False)
    _read: dict[tuple[str, int], tuple[Value, ...]] = field(default_factory=dict, init=False, compare=False)
    parameters: set[str] = field(default_factory=set, init=False, compare=False)

    def __post_init__(self) -> None:
        for name, expression in (*self._assigned(), *self._looped(), *self._called()):
            found = self._places.setdefault(name, [])
            if len(found) < _MOST_VALUES:
                found.append(expression)

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
            found = [*self.more.get(key, ()), *self._own(key, depth)]
            if not found:
                found = list(self.outside(key))
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
        return any(name in self.parameters or name in ("it", "args") for name in names)

    def _own(self, name: str, depth: int) -> Iterator[Value]:
        if depth < _DEPTH:
            for tokens in self._places.get(name, ()):
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

    def _assigned(self) -> Iterator[tuple[str, Sequence[Token]]]:
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

    def _looped(self) -> Iterator[tuple[str, Sequence[Token]]]:
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
                yield names[-1], (name._replace(text=f"{name.text}.*"),)

    def _called(self) -> Iterator[tuple[str, Sequence[Token]]]:
        """Yield what calls in this file give to the parameters of its functions."""
        declared: dict[str, list[str]] = {}
        tokens = self.script.tokens
        headers = set()
        for group in self.script.groups:
            if group.bracket == "(" and group.name and "." not in group.name and group.opened > 1:
                before = tokens[group.opened - 2]
                following = tokens[group.closed + 1 : group.closed + 2]
                if (
                    before.kind is Kind.NAME
                    and _DECLARES.fullmatch(before.text)
                    and following
                    and following[0].text in ("{", "=", ":")
                ):
                    names = [_parameter(argument) for argument in group.arguments]
                    declared[group.name] = names
                    self.parameters.update(names)
                    headers.add(group.opened - 1)
        for index, token in enumerate(tokens):
            if token.kind is Kind.NAME and token.text in declared and index not in headers:
                names = declared[token.text]
                unnamed = [each for each in self.script.arguments(index) if not each.name]
                yield from ((name, each.tokens) for name, each in zip(names, unnamed, strict=False) if name)
                for each in self.script.arguments(index):
                    if each.name:
                        yield (
                            (each.name if each.name in names else f"{(names or [''])[0]}.{each.name}"),
                            each.tokens,
                        )


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
