"""Variables and functions of make, filled into values and command lines.

What stands for several words is put in its place; what is one word, or is not known, stays a variable.

https://www.gnu.org/software/make/manual/make.html#Functions
"""

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct, field
from msgspec.structs import replace

from planner.formats._makefile_lines import Assignment
from planner.formats._makefile_references import FUNCTION, is_word, itself, references, replaced
from planner.formats._shell_words import Piece, Value, Word, named
from planner.model.source import SourceFile, Text

_DEPTH = 12  # of variables in variables
_LEAST_FILLED, _MOST_FILLED = 1_500, 50_000  # references of a file, each as often as it is read
_WRITTEN = 8  # characters of a file for each reference that may be filled in beyond the least
_PIECES = 16  # that a variable stands for and that take as long as a reference does
_MOST = 20_000  # characters of what is filled in
_MOST_PIECES = 2000  # of what a variable stands for
_MOST_RUNS = 200  # pieces of a value that grows with `+=`
_ALWAYS = -1  # the turn of what is the same in every turn
_OF_RULES = frozenset({"@", "*"})  # what is bound in a command line, beside what functions bind
_MOST_CHOICES = 16  # of a variable, by the branches that set it
_NAME = re.compile(r"[\w.\-/%+?*^<>|@]+\Z")
_SUBSTITUTION = re.compile(r"(?P<name>[\w.\-]+):(?P<old>[^=%]*)=(?P<new>[^%]*)\Z")
_CALL = re.compile(r"[ \t]*+\$[({]call[ \t]")
_AUTOMATIC = re.compile(r"[@%<?^+|*][DF]?\Z|[0-9]+\Z")


class Variables(Struct):
    """What the variables of a makefile can be, in the order of its lines."""

    path: str
    texts: dict[str, list[Text]] = field(default_factory=dict)
    too_long: set[str] = field(default_factory=set)  # set to more than could be filled in
    defaults: set[str] = field(default_factory=set)  # set with `?=`
    scripts: dict[int, Text] = field(default_factory=dict)  # what `$(shell …)` runs, by its place
    room: int = _LEAST_FILLED  # references that may still be filled in
    turn: int = 0  # which of several texts is put in place of a variable
    turns: int = 1
    varied: int = 0  # how often it mattered which turn it is
    _ruled: int = 0  # how often it mattered for which rule something is read
    _known: dict[tuple[str, int], tuple[Piece, ...]] = field(default_factory=dict)  # by name and turn
    _open: set[str] = field(default_factory=set)  # variables that are being read

    @classmethod
    def of(cls, source: SourceFile) -> "Variables":
        """Return the variables of a file, none of which is set yet."""
        return cls(source.path, room=min(_LEAST_FILLED + len(source.text) // _WRITTEN, _MOST_FILLED))

    def learn(self, found: Assignment) -> None:
        """Take in an assignment."""
        self._known.clear()
        before = self.texts.get(found.name, [])
        if found.operator == "?=" and before and not found.conditional:
            return
        value = found.value
        if found.operator == "!=":
            value = Text.join((Text.of("$(shell "), value, Text.of(")")))
        new = [value]
        if found.operator == "+=" and before:
            short = [each for each in before if len(each.runs) < _MOST_RUNS]
            new = [Text.join((each, Text.of(" "), value)) for each in short] or before
        elif before and (own := itself(found.name, value)):
            around = value.cut(0, own[0]), value.cut(own[1], len(value))
            short = [each for each in before if len(each.runs) < _MOST_RUNS]
            new = [Text.join((around[0], each, around[1])) for each in short] or before
        if found.conditional or found.operator == "+=":
            new = [*before, *new] if found.conditional else new
        if kept := [each for each in dict.fromkeys(new) if len(each) <= _MOST][:_MOST_CHOICES]:
            self.texts[found.name] = kept
        else:
            self.texts.pop(found.name, None)
            self.too_long.add(found.name)
        if found.operator == "?=":
            self.defaults.add(found.name)
        else:
            self.defaults.discard(found.name)

    def word(self, text: Text, bound: "Bound" = (), depth: int = 0) -> Word:
        """Return a text with its variables filled in."""
        return Word(tuple(self._pieces(text, dict(bound), depth)), quoted=True)

    def _pieces(self, text: Text, bound: dict[str, Word], depth: int) -> Iterator[Piece]:
        string, cut, begin = str(text), text.cutter(), 0
        for dollar, stop in references(string):
            doubled = string[dollar + 1] == "$"
            if begin < dollar + doubled:
                yield Piece.literal(cut(begin, dollar + doubled))
            begin = stop
            if stop - dollar == 2 and not doubled and not bound and string[dollar + 1] not in self.texts:
                yield self._single(cut(dollar, stop), string[dollar + 1])
            elif not doubled:
                yield from self._reference(cut(dollar, stop), bound, depth)
        if begin < len(string):
            yield Piece.literal(cut(begin, len(string)))

    def _single(self, written: Text, name: str) -> Piece:
        """Return `$x` where nothing sets it."""
        if _AUTOMATIC.match(name):
            self._ruled += 1
            return Piece.unknown(written, f"${name}", f"${name} is known only when make runs")
        if not _NAME.match(name):
            return Piece.unknown(written, f"${name}", f"${name} is computed when make runs")
        return Piece.unknown(written, name, self._missing(name))

    def _missing(self, name: str) -> str:
        if name in self.too_long:
            return f"{name} is longer than {_MOST} characters: not filled in"
        return f"{name} is not set in {self.path}"

    def _reference(self, written: Text, bound: dict[str, Word], depth: int) -> Iterator[Piece]:
        spelled = str(written)
        inner = written.cut(2, len(written) - 1) if spelled[1] in "({" else written.cut(1, 2)
        name = str(inner)
        self.room -= 1
        if self.room < 0:
            yield Piece.unknown(written, spelled, "more is filled in here than anyone writes: not read")
        elif depth > _DEPTH:
            yield Piece.unknown(written, spelled, f"{spelled} refers to itself, or too deep")
        elif name in bound:
            self._ruled += 1
            for piece in bound[name].pieces:
                yield replace(piece, written=written) if piece.name in ("@", "*") else piece
        elif _AUTOMATIC.match(name):
            self._ruled += 1
            yield Piece.unknown(written, spelled, f"{spelled} is known only when make runs")
        elif _NAME.match(name):
            yield from self._variable(written, name, bound, depth)
        elif (substitution := _SUBSTITUTION.match(name)) and substitution["name"] in self.texts:
            yield from self._suffixed(written, substitution, bound, depth)
        elif function := FUNCTION.match(name):
            arguments = inner.cut(function.start("arguments"), len(inner))
            yield from self._function(written, function["name"], arguments, bound, depth)
        else:
            yield Piece.unknown(written, spelled, f"{spelled} is computed when make runs")

    def _variable(self, written: Text, name: str, bound: dict[str, Word], depth: int) -> Iterator[Piece]:
        texts = self.texts.get(name)
        if texts is None:
            yield Piece.unknown(written, name, self._missing(name))
        elif name in self._open:
            yield Piece.unknown(written, name, f"{name} refers to itself")
        else:
            yield from self._filled(written, name, texts, bound, depth)

    def _filled(
        self, written: Text, name: str, texts: list[Text], bound: dict[str, Word], depth: int
    ) -> Iterator[Piece]:
        """Yield what a variable stands for; it is read once, unless it is in the body of a function."""
        always, now = (name, _ALWAYS), (name, self.turn)
        general = bound.keys() <= _OF_RULES
        if general and always in self._known:
            known = self._known[always]
        elif not bound and now in self._known:
            self.varied += 1
            known = self._known[now]
        else:
            before = self.varied + self._ruled
            self._open.add(name)
            known = tuple(islice(self._meant(name, texts, bound, depth), _MOST_PIECES))
            self._open.discard(name)
            if general and self.varied + self._ruled == before:
                self._known[always] = known
            elif not bound:
                self._known[now] = known
        self.room -= len(known) // _PIECES
        yield from (replace(known[0], written=written),) if _is_variable(known, name) else known

    def _meant(self, name: str, texts: list[Text], bound: dict[str, Word], depth: int) -> Iterator[Piece]:
        if all(is_word(text) for text in texts):
            note = "default" if name in self.defaults else ""
            words = (self.word(text, tuple(bound.items()), depth + 1) for text in texts)
            values = (named(name, value, note) for word in words for value in word.choices())
            yield Piece(Text(), tuple(dict.fromkeys(values)), name)
        else:
            yield from self._pieces(self._of_turn(texts), bound, depth + 1)

    def _of_turn(self, texts: list[Text]) -> Text:
        """Return the one of several texts whose turn it is."""
        self.turns = max(self.turns, len(texts))
        self.varied += len(texts) > 1
        return texts[self.turn % len(texts)]

    def _called(self, written: Text, name: str, bound: dict[str, Word], depth: int) -> Iterator[Piece]:
        """Read `$(call name,…)`."""
        texts = self.texts[name]
        if name in self._open:
            yield Piece.unknown(written, name, f"{name} calls itself")
            return
        self._open.add(name)
        found = tuple(islice(self._pieces(self._of_turn(texts), bound, depth + 1), _MOST_PIECES))
        self._open.discard(name)
        yield from found

    def _suffixed(
        self, written: Text, substitution: "re.Match[str]", bound: dict[str, Word], depth: int
    ) -> Iterator[Piece]:
        """Read `$(X:.old=.new)`."""
        old, new = substitution["old"], substitution["new"]
        values = []
        for text in self.texts[substitution["name"]]:
            for value in self.word(text, (*bound.items(),), depth + 1).choices():
                ends = old and not value.problem and str(value.text).endswith(old)
                changed = value.text.cut(0, len(value.text) - len(old)) + Text.of(new) if ends else value.text
                values.append(Value(changed, value.trail, value.problem))
        yield Piece(written, tuple(values), str(written))

    def _function(
        self, written: Text, name: str, arguments: Text, bound: dict[str, Word], depth: int
    ) -> Iterator[Piece]:
        spelled = str(written)
        parts = _arguments(arguments)
        match name, len(parts):
            case "shell", _:
                self.scripts[max(arguments.start, 0)] = arguments
                yield Piece.unknown(written, spelled, f"{spelled} is computed when make runs")
            case "call", _ if str(parts[0]).strip() in self.texts:
                given = {
                    str(index): self.word(part, (*bound.items(),), depth + 1)
                    for index, part in enumerate(parts)
                }
                yield from self._called(written, str(parts[0]).strip(), {**bound, **given}, depth)
            case "foreach", 3:
                item = str(parts[0]).strip()
                for each in _words(self.word(parts[1], (*bound.items(),), depth + 1)):
                    yield from self._pieces(parts[2], {**bound, item: each}, depth + 1)
                    yield Piece.literal(Text.of(" "))
            case ("or", _) | ("if", 2 | 3):
                values = [
                    value
                    for part in parts[name == "if" :]
                    for value in self.word(part.strip(), (*bound.items(),), depth + 1).choices()
                    if not value.problem and value.text
                ]
                unknown = Value(written, (), f"{spelled} is computed when make runs")
                yield Piece(written, tuple(values) or (unknown,), spelled)
            case "subst", 3:
                word = self.word(parts[2].strip(), (*bound.items(),), depth + 1)
                values = [replaced(value, str(parts[0]), str(parts[1])) for value in word.choices()]
                yield Piece(written, tuple(values), spelled)
            case "strip", 1:
                yield from self._pieces(parts[0].strip(), bound, depth + 1)
            case "addprefix" | "addsuffix", 2:
                added = self.word(parts[0].strip(), (*bound.items(),), depth + 1)
                for each in _words(self.word(parts[1], (*bound.items(),), depth + 1)):
                    yield from (
                        (*added.pieces, *each.pieces)
                        if name == "addprefix"
                        else (*each.pieces, *added.pieces)
                    )
                    yield Piece.literal(Text.of(" "))
            case "eval", _ if _CALL.match(str(arguments)):  # rules, which are filled in once more
                for value in islice(
                    self.word(arguments, (*bound.items(),), depth + 1).choices(), _MOST_CHOICES
                ):
                    yield from self._pieces(value.text, {}, depth + 1)
                    yield Piece.literal(Text.of("\n"))
            case "info" | "warning" | "error" | "eval", _:
                return
            case _:
                yield Piece.unknown(written, spelled, f"{spelled} is computed when make runs")


Bound = tuple[tuple[str, Word], ...]


def _is_variable(pieces: tuple[Piece, ...], name: str) -> bool:
    return len(pieces) == 1 and pieces[0].name == name and not pieces[0].written


def _arguments(text: Text) -> list[Text]:
    """Split the arguments of a function at commas that are in no brackets."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"[,(){}]", str(text)):
        if match[0] == "," and not depth:
            parts.append(text.cut(start, match.start()))
            start = match.end()
        else:
            depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(match[0], 0)
    return [*parts, text.cut(start, len(text))]


def _words(word: Word) -> list[Word]:
    string = str(word)
    return [word.cut(*match.span()) for match in re.finditer(r"\S+", string)] if len(string) <= _MOST else []
