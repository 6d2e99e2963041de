"""Jenkins pipelines: what the variables of a build can be.

The environment, the parameters with their defaults and choices, the axes of a matrix, and names that are set
once. https://www.jenkins.io/doc/book/pipeline/syntax/
"""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from planner.formats._code import GROOVY, Kind, Token, constants
from planner.formats._code_parameters import defaults
from planner.formats._jenkins_groovy import Command, GroovyFile
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, expand, named
from planner.formats._workflow_code import said
from planner.model.source import Text

_HOLE = re.compile(r"\$\{[^{}]*+\}|\$[A-Za-z_][\w.]*+")
_VARIABLE = re.compile(r"\$?\{?\s*(?P<scope>(?:env|params|this|binding)\.)?(?P<name>[A-Za-z_]\w*)\s*\}?\Z")
_PARAMETERS = frozenset({"string", "text", "choice", "stringParam", "choiceParam", "textParam"})
_MOST_TOKENS = 40  # of an expression that names an image
_LONGEST_SCRIPT = 200  # tokens
_MAPS = ("config", "it", "args")  # what closures and the steps of libraries are given


class Variables:
    """The variables of one file."""

    def __init__(self, file: GroovyFile) -> None:
        self.file = file
        self.constants = constants(file.tokens, file.groups)
        self.given = frozenset((*defaults(file.tokens, file.groups), *_MAPS))  # parameters of functions
        self.values: dict[str, tuple[Value, ...]] = {}  # of the build
        for name, values in (*self._parameters(), *self._axes(), *self._environment()):
            together = (*self.values.get(name, ()), *values)
            self.values[name] = tuple(dict.fromkeys(together))[:MOST_CHOICES]

    def word(self, given: Sequence[Token]) -> Word:
        """Return what an expression says."""
        return self._filled(said(given[:_MOST_TOKENS], GROOVY, self.constants))

    def script(self, given: Sequence[Token]) -> Word:
        """Return what an expression says that may be long: lines that are joined."""
        joined = given[: 1 + (len(given) > 1 and given[0].kind is Kind.STRING) * _LONGEST_SCRIPT]
        return self._filled(said(joined, GROOVY, self.constants)) if len(joined) > 1 else self.word(given)

    def text(self, text: Text) -> Word:
        """Return a part of a string with what is filled into it."""

        def piece(written: Text, match: re.Match[str]) -> Piece:
            found = _VARIABLE.match(match[0])
            known = self.constants.get(found["name"]) if found and not found["scope"] else None
            if known is not None and found is not None:
                return Piece(written, (named(found["name"], Value(known)),), found["name"])
            return Piece.unknown(written, match[0], f"{match[0]} is known only when it runs")

        return self._filled(expand(text, _HOLE, piece))

    def is_given(self, given: Sequence[Token]) -> bool:
        """Whether an expression is no more than what the caller of a function gives."""
        names = [token.text for token in given if token.kind is Kind.NAME]
        literal = any(token.kind is Kind.STRING for token in given)
        return bool(names) and not literal and names[0] in self.given

    def _filled(self, word: Word) -> Word:
        return Word(tuple(map(self._piece, word.pieces)), quoted=word.quoted)

    def _piece(self, piece: Piece) -> Piece:
        match = _VARIABLE.match(piece.name) if piece.name and piece.values[0].problem else None
        known = self.values.get(match["name"]) if match else None
        if match is None or not known:
            return piece
        return replace(piece, values=tuple(named(match["name"], each) for each in known), name=match["name"])

    def _parameters(self) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """Yield `string(name: 'X', defaultValue: 'y')` and `choice(name: 'X', choices: ['a', 'b'])`."""
        for command in self.file.commands(_PARAMETERS):
            name, _ = _only(command.keyword("name") or command.positional(0))
            default = command.keyword("defaultValue") or command.positional(1)
            choices = command.keyword("choices") or (default if "hoice" in command.name else ())
            if name and choices:
                strings = [token.value for token in choices if token.kind is Kind.STRING]
                yield name, tuple(Value(line) for text in strings for line in _lines(text))
            elif name and default:
                yield name, self._known(default)

    def _axes(self) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """Yield `axis { name 'X'; values 'a', 'b' }`."""
        name = ""
        for command in self.file.commands(frozenset({"name", "values"})):
            if self.file.block(command.start) == "axis" and command.method == "name":
                name, _ = _only(command.positional())
            elif self.file.block(command.start) == "axis" and name:
                given = (tokens for _, tokens in command.arguments)
                yield name, tuple(value for tokens in given for value in self._known(tokens))

    def _environment(self) -> Iterator[tuple[str, tuple[Value, ...]]]:
        for place, given in self.file.assignments():
            yield self.file.tokens[place].text, self._known(given)
        for command in self.file.commands(frozenset({"withEnv"})):
            for token in _strings(command):
                name, equals, _ = token.text.partition("=")
                if equals:
                    word = self.word((token,)).partition("=")[1]
                    yield name, tuple(v for v in word.choices() if not v.problem) if word else ()

    def _known(self, given: Sequence[Token]) -> tuple[Value, ...]:
        return tuple(value for value in self.word(given).choices() if value.text and not value.problem)


def _strings(command: Command) -> Iterator[Token]:
    for _, given in command.arguments:
        yield from (token for token in given if token.kind is Kind.STRING)


def _only(given: Sequence[Token]) -> tuple[str, Text]:
    """Return the one string that an argument is."""
    if len(given) == 1 and given[0].kind is Kind.STRING:
        return given[0].text, given[0].value
    return "", Text()


def _lines(text: Text) -> Iterator[Text]:
    """Yield the choices that a text with a line for each holds."""
    for match in re.finditer(r"[^\n]+", str(text)):
        line = text.cut(*match.span()).strip()
        if line:
            yield line
