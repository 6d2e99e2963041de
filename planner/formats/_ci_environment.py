"""Variables of a CI file: everything each can be, and rows of a matrix that set several together.

What another part of the file gives is a text that is expanded when it is asked for, or a value that is known.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice, product

from msgspec import Struct

from planner.formats._base import Candidate, Embedded, Item
from planner.formats._bounded import AXES, Readings
from planner.formats._ci import entries, is_set, items
from planner.formats._command_fields import shell_line
from planner.formats._docker_commands import image
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, expand, named
from planner.formats._yaml import Node, Scalar
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

DEPTH = 20  # of variables in variables; each is read once, wherever it stands
MOST_ROWS = 256  # of a matrix
SHELL = re.compile(
    r"\$\$|\$(?P<brace>\{)?(?P<name>[A-Za-z_]\w*)(?(brace)(?::?-(?P<default>[^${}\n]*+))?\})"
)  # `$X`, `${X}`, `${X:-default}`; `$$` is a dollar sign
NO_EXPANSION = re.compile(r"(?!)(?P<name>)")

_MOST_WAITING = 2_000  # images that are open, until it is seen whether another row gives them
_LONGEST_VALUE = 2000  # characters of a value that are searched for names
_WORD = re.compile(r"\w+")
_CHANGES_FOLDER = re.compile(r"(?<![\w-])(?:cd|pushd|chdir)[ \t]")
_SHELL_OWN = re.compile(r"\$\{?\w")  # what a shell expands itself; all else is filled in before it

Alternatives = tuple[Text | Value, ...]
Assigned = Mapping[str, Alternatives]


def _itself(_written: Text, name: str) -> Iterator[str | Text]:
    yield name


@dataclass(frozen=True, slots=True)
class Environment:
    """What the expansions at one place of a file can see.

    `syntax` has a group `name`, which is empty for an escape that stands for its last character, and may have
    a group `default`.
    """

    path: str
    syntax: re.Pattern[str]
    variables: Assigned = field(default_factory=dict)
    rows: tuple[Assigned, ...] = ({},)
    place: str = ""  # where a variable could be set: "under env"
    operands: Callable[[Text, str], Iterator[str | Text]] = _itself  # of an expression: names and literals
    readings: Readings = field(default_factory=Readings, compare=False, repr=False)  # of the whole file
    _read: dict[str, tuple[Value, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)
    _tellers: list["_Tellers"] = field(default_factory=list, init=False, compare=False, repr=False)
    _differing: dict[tuple[str, ...], tuple[int, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _single: dict[int, "Environment"] = field(default_factory=dict, init=False, compare=False, repr=False)

    def having(self, variables: Assigned) -> "Environment":
        """Return an environment with more variables; they go before those of the same name."""
        return replace(self, variables={**self.variables, **variables}) if variables else self

    def times(self, rows: tuple[Assigned, ...]) -> "Environment":
        """Return an environment in which every row is combined with each of these."""
        if not rows:
            return self
        crossed = ({**one, **other} for one, other in product(self.rows, rows))
        return replace(self, rows=tuple(islice(crossed, MOST_ROWS)))

    def each(self, text: str, start: int = -1) -> Iterator["Environment"]:
        """Yield one environment for each row, as far as a text can tell rows apart.

        `start` is where a text stands that several jobs may share.
        """
        if self.rows == ({},):
            yield from self.readings.first((self,), text, start)
            return
        if not self._tellers:
            self._tellers.append(_Tellers.of(self.rows, self._own_words()))
        names = self._tellers[0].named(text)
        if names not in self._differing:
            keys = {
                tuple(_key(self.rows[row].get(name)) for name in names): row
                for row in reversed(range(len(self.rows)))
            }
            self._differing[names] = tuple(reversed(keys.values()))
        for row in self.readings.first(self._differing[names], text, start):
            yield self._of(row)

    def _of(self, row: int) -> "Environment":
        """Return the environment of one row; the same for all texts, which read its variables once."""
        if row not in self._single:
            variables = {**self.variables, **self.rows[row]}
            self._single[row] = replace(self, variables=variables, rows=({},))
        return self._single[row]

    def word(self, text: Text, depth: int = 0) -> Word:
        """Return a text with its variables replaced by all that they can be."""

        def piece(written: Text, match: re.Match[str]) -> Piece:
            name = match["name"]
            if not name:
                return Piece(written, (Value(written.cut(len(written) - 1, len(written))),))
            found = self._operands(written, name, depth)
            default = self._default(written, match)
            if default is not None and all(value.problem for value in found):
                found = (Value(default),)
            return Piece(written, tuple(named(name, value) for value in found), name)

        return expand(text, self.syntax, piece)

    def values(self, name: str, written: Text, depth: int = 0) -> tuple[Value, ...]:
        """Return what a variable can be, or why that is not known."""
        if name in self.variables and depth < DEPTH:
            if name not in self._read:
                found = (value for each in self.variables[name] for value in self._expanded(each, depth + 1))
                self._read[name] = tuple(islice(dict.fromkeys(found), MOST_CHOICES))
            if self._read[name]:
                return self._read[name]
        hint = f"; set it {self.place}" if self.place else ""
        return (Value(written, (), f"{name} is not set in {self.path}{hint}"),)

    def shell(self, script: Text) -> dict[str, tuple[Value, ...]]:
        """Return what a script sees: variables it mentions, and template expressions as they are spelled."""
        string = str(script)
        mentioned = (name for name in dict.fromkeys(_WORD.findall(string)) if name in self.variables)
        known = {name: self.values(name, Text.of(f"${name}")) for name in mentioned}
        for match in self.syntax.finditer(string):
            if match["name"] and not _SHELL_OWN.match(match[0]) and match[0] not in known:
                values = self._operands(script.cut(*match.span()), match["name"], 0)
                if not all(value.problem for value in values):
                    known[match[0]] = values
        return known

    def run(self, script: Text, folder: str = ".") -> Iterator[Item]:
        """Yield what a script names, and what its builds give to Dockerfiles; paths begin at `folder`."""
        for row in self.each(str(script), script.start):
            yield from scripted(script, self.path, folder, row.shell(script))
        if problem := self.readings.problem():
            yield Candidate(Text(), Role.SCRIPT, max(script.start, 0), "", problem=problem)

    def image(
        self, node: Node | None, role: Role, confidence: Confidence = Confidence.CERTAIN
    ) -> Iterator[Candidate]:
        """Yield the image that a value names."""
        if type(node) is Scalar and is_set(node):
            for word in self.words(node):
                yield from image(word, role, confidence)

    def words(self, node: Scalar) -> Iterator[Word]:
        """Yield a value as it is for each row."""
        text = node.text
        for row in self.each(node.value):
            yield row.word(text)
        if problem := self.readings.problem():
            yield Word((Piece.unknown(text, "", problem),))

    def _own_words(self) -> set[str]:
        """Return the words in the values of variables, in which a row may be named too."""
        texts = (
            str(each.text if isinstance(each, Value) else each)[:_LONGEST_VALUE]
            for several in self.variables.values()
            for each in several
        )
        return {word for text in texts for word in _words(text)}

    def _operands(self, written: Text, name: str, depth: int) -> tuple[Value, ...]:
        """Return all that the operands of an expression can be, as far as that is known."""
        found: dict[Value, None] = {}
        for operand in self.operands(written, name):
            values = (Value(operand),) if isinstance(operand, Text) else self.values(operand, written, depth)
            found |= dict.fromkeys(values)
        known = tuple(value for value in found if not value.problem)
        return known or tuple(found) or (Value(written, (), f"{name.strip()} is known only when it runs"),)

    def _expanded(self, each: Text | Value, depth: int) -> Iterator[Value]:
        if isinstance(each, Value):
            yield each
        else:
            yield from self.word(each, depth).choices()

    def _default(self, written: Text, match: re.Match[str]) -> Text | None:
        if "default" not in self.syntax.groupindex or match["default"] is None:
            return None
        start = match.start("default") - match.start()
        return written.cut(start, start + len(match["default"]))


class _Tellers(Struct, frozen=True):
    """The variables that may tell rows apart, by a word that a text needs to name them."""

    always: tuple[str, ...]  # named in what every text may use
    by_word: Mapping[str, tuple[tuple[str, frozenset[str]], ...]]  # with all the words of each

    @classmethod
    def of(cls, rows: Iterable[Assigned], own: set[str]) -> "_Tellers":
        """Take the variables of the rows; `own` are the words that stand in other variables."""
        always: list[str] = []
        by_word: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for name in dict.fromkeys(name for row in rows for name in row):
            if needed := frozenset(_words(name.rpartition(".")[2]) - own):
                by_word.setdefault(min(needed), []).append((name, needed))
            else:
                always.append(name)
        return cls(tuple(always), {word: tuple(names) for word, names in by_word.items()})

    def named(self, text: str) -> tuple[str, ...]:
        """Return the variables that a text may use, sorted."""
        words = _words(text)
        here = (each for word in words & self.by_word.keys() for each in self.by_word[word])
        return tuple(sorted((*self.always, *(name for name, needed in here if needed <= words))))


def scripted(
    script: Text, path: str, folder: str, variables: Mapping[str, tuple[Value, ...]]
) -> Iterator[Item]:
    """Yield what a script names; one that changes its folder builds a Dockerfile that is not known."""
    moves = _CHANGES_FOLDER.search(str(script))
    for item in shell_line(script, path, folder, variables):
        if isinstance(item, Candidate) or not moves:
            yield item


def assigned(section: Node | None) -> dict[str, Alternatives]:
    """Return the variables of a map, or of a list of maps; what is no single value is skipped."""
    found: dict[str, Alternatives] = {}
    for item in items(section):
        for name, node in entries(item):
            if type(node) is Scalar:
                found[name] = (text_of(node),)
    return found


def text_of(node: Scalar) -> Text:
    """Return a value; null is empty."""
    return node.text if is_set(node) else Text()


def crossed(lists: Mapping[str, list[Node]]) -> tuple[Assigned, ...]:
    """Return the rows of a matrix of lists: every combination of their values."""
    axes = islice(lists.items(), AXES)
    texts = {name: [text_of(node) for node in nodes if type(node) is Scalar] for name, nodes in axes}
    texts = {name: values for name, values in texts.items() if values}
    if not texts:
        return ()
    combined = islice(product(*texts.values()), MOST_ROWS)
    return tuple({name: (value,) for name, value in zip(texts, row, strict=True)} for row in combined)


def joined(*texts: Text) -> Text:
    """Return the lines of several values as one script."""
    return Text.join(piece for text in texts for piece in (text, Text.of("\n")))


def distinct_items(found: Iterator[Item]) -> Iterator[Item]:
    """Yield what is found without repetitions; what one row leaves open and another gives is not open.

    So what is open comes last. What is known comes at once, so that a reader may stop.
    """
    known: set[int] = set()
    seen: set[tuple[int, str, int, Role, str]] = set()
    files: set[tuple[Text, str, tuple[str, ...]]] = set()
    waiting: list[Candidate] = []
    for item in found:
        if isinstance(item, Candidate):
            key = (item.start, str(item.value), item.value.start, item.role, item.problem)
            if key in seen or (item.problem and item.spelled and item.start in known):
                continue
            seen.add(key)
            if item.problem and item.spelled and len(waiting) < _MOST_WAITING:
                waiting.append(item)
                continue
            if not item.problem:
                known.add(item.start)
        elif isinstance(item, Embedded):
            file = (item.text, item.name, item.formats)
            if file in files:
                continue
            files.add(file)
        yield item
    yield from (item for item in waiting if item.start not in known)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def _key(several: Alternatives | None) -> tuple[object, ...]:
    return () if several is None else several
