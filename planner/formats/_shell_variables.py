"""The variables of a shell script: what is assigned, looped over, read, what functions are called with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from planner.formats._shell_events import Event, loop_of
from planner.formats._shell_parted import parted
from planner.formats._shell_syntax import IN_COMMANDS, Script, is_word
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word
from planner.model.source import Text

if TYPE_CHECKING:
    from tree_sitter import Node

_LINE_END = re.compile(r"(?<![\\\r])\n|(?<!\\)\r\n")  # that no backslash takes away
_ARRAY = re.compile(r"\"?\$\{\w+\[[@*]\]\}\"?")  # all its items, a word each
_CONTINUED = re.compile(r"\\\r?\n")
_NAME = re.compile(r"\w+")
_MENTIONED = re.compile(r"\$\{?[!#]?(\w+)")
_FEW, _SHORT = 8, 300  # values, and characters of one, that are examined
_MOST_VALUES = 10_000  # that variables of several values may be asked for in any script
_ASKED = 20  # characters of a script that allow one value more
_TOO_MANY_VALUES = "lists of this script have more values in all than anyone writes: not all are read"
LONGEST_LIST = 20_000  # characters of a list that `read` and `xargs` take apart

Values = tuple[Value, ...]
Variables = Mapping[str, Values]


class Scope:
    """What is known at a place of a script; it grows as the script is read."""

    script: Script  # that is being read

    def __init__(self, given: Variables, length: int) -> None:
        self.length = length  # characters of the script
        self.room = self._room  # values of lists that may still be asked for
        self.known: dict[str, Values] = dict(given)
        self.later: dict[str, Values] = {}  # set further down, which a function may use
        self.has_expressions = not all(map(_NAME.fullmatch, given))  # that are looked up as they are spelled
        self.parameters: dict[tuple[str, str], Values] = {}  # of a function, over all its calls
        self.function = ""  # that is being read

    def start_again(self, given: Variables) -> None:
        """Go back to the beginning of the script; what was learnt counts for functions."""
        self.later, self.known = self.known, dict(given)
        self.room = self._room

    @property
    def _room(self) -> int:
        return _MOST_VALUES + self.length // _ASKED

    def lookup(self, name: str) -> Values:
        return self._within_room(name, self.parameters.get((self.function, name)) or self.known.get(name, ()))

    def lookup_anywhere(self, name: str) -> Values:
        return self.lookup(name) or self._within_room(name, self.later.get(name, ()))

    def _within_room(self, name: str, values: Values) -> Values:
        """Return what a variable stands for; once lists were asked for too often, its first value only."""
        if len(values) > 1:
            self.room -= len(values)
            if self.room < 0:
                return values[0], Value(Text.of(f"${name}"), (), _TOO_MANY_VALUES)
        return values

    def mentions(self, spelled: str, told: re.Pattern[str]) -> bool:
        """Tell whether a variable in a text may stand for something that a pattern tells."""
        if self.has_expressions:
            return True
        for name in _MENTIONED.findall(spelled):
            for values in (
                self.parameters.get((self.function, name)),
                self.known.get(name),
                self.later.get(name),
            ):
                if values and (len(values) > _FEW or any(_may_say(value, told) for value in values)):
                    return True
        return False

    def assign(self, name: str, values: Values) -> None:
        self.known[name] = values

    def word(self, node: Node) -> Word:
        return self.script.word(node, self.lookup_anywhere, self.assign)

    def call(self, node: Node, functions: set[str]) -> None:
        """Remember what a function of this script is called with."""
        name = node.child_by_field_name("name")
        if name is not None and self.script.spelled(name) in functions:
            function = self.script.spelled(name)
            for index, word in enumerate(list(self.words(node))[1:], start=1):
                before = self.parameters.get((function, str(index)), ())
                self.parameters[function, str(index)] = tuple(dict.fromkeys((*before, *word.choices())))

    def learn(self, event: Event) -> None:
        """Take in an assignment or the variable of a loop."""
        if event.kind == "command":  # nearly always
            return
        node = event.node
        if event.kind == "for_statement":
            variable = node.child_by_field_name("variable")
            words = [child for child in node.children_by_field_name("value") if is_word(child)]
            if variable is not None and words:
                self.known[self.script.spelled(variable)] = self._values(words)
        elif (name := node.child_by_field_name("name")) is not None:
            self._set(node, self.script.spelled(name), event.conditional)

    def read(self, node: Node, text: Word) -> None:
        """Give the variables of `read` in a loop the words of each line, those of `mapfile` the lines."""
        if len(str(text)) > LONGEST_LIST:
            return
        names = [str(word) for word in self.words(node)]
        lines = [line for part in text.split("\n") for line in words_of(part)[:1]]
        if names[0] in ("mapfile", "readarray"):
            self.assign(names[-1], tuple(value for line in lines for value in line.choices()))
        elif loop_of(node) is not None and len(variables := _read_names(names)) >= 1:
            parts = [part for line in text.split("\n") if (part := words_of(line))]
            mark = " ".join(variables) if len(variables) > 1 else ""
            for index, name in enumerate(variables):
                fields = [_field(part, index, index == len(variables) - 1) for part in parts]
                self.assign(name, tuple(replace(value, together=mark) for value in fields))

    def _set(self, node: Node, name: str, conditional: bool) -> None:
        base = name.partition("[")[0]
        value = node.child_by_field_name("value")
        appends = any(child.type == "+=" for child in node.children)
        is_array = value is not None and value.type == "array"
        before = self.known.get(base, ())
        if conditional and len(before) >= MOST_CHOICES:
            return
        if value is None:
            values: Values = (Value(Text()),)
        elif is_array:
            values = self._values([child for child in value.named_children if is_word(child)])
        else:
            values = tuple(self.script.word(value, self.lookup, self.assign).choices())
        if appends and not is_array and before:
            values = tuple(Word((Piece(Text(), before, base), Piece(Text(), values, f"{base}+"))).choices())
        elif appends and is_array:
            values = (*before, *values)[:MOST_CHOICES]  # `-e A -e B`: the same word may stand there twice
        elif appends or conditional or base != name:
            values = tuple(dict.fromkeys((*(known for known in before if not known.problem), *values)))
            values = values[:MOST_CHOICES]
        self.known[base] = values

    def _values(self, nodes: Sequence[Node]) -> Values:
        """Return what a list of words stands for: `a "$b" [key]=c`, variables split at white space."""
        words: list[Word] = []
        for node in nodes:
            word = self.script.word(node, self.lookup, self.assign)
            key = re.match(r"\[[^\]]*\]=", str(word))
            words += parted(word.cut(key.end()) if key else word)
        most = 1 if any(str(word).startswith("-") for word in words) else MOST_CHOICES  # options are a list
        return tuple(value for word in words for value in islice(word.choices(), most))

    def before(self, node: Node) -> Iterator[tuple[str, Values]]:
        """Yield the variables that are set for one command only, before it: `A=1 docker compose up`."""
        for child in node.named_children:
            name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            if child.type == "variable_assignment" and name is not None and value is not None:
                word = self.script.word(value, self.lookup, self.assign)
                yield self.script.spelled(name), tuple(word.choices())

    def words(self, node: Node) -> Iterator[Word]:
        """Yield the words of a command."""
        yield from self._words(self._joined(node.named_children))

    def lines(self, node: Node) -> Iterator[list[Word]]:
        """Yield the words of a command, and those of each line that a mistake has joined to it."""
        children = node.named_children
        if self.script.string.find("\n", node.start_byte, node.end_byte) < 0:
            yield [*self._words(self._joined(children))]
            return
        begin = 0
        for number in range(1, len(children) + 1):
            if number == len(children) or self._ends_between(children[number - 1], children[number]):
                yield [*self._words(self._joined(children[begin:number]))]
                begin = number

    def _words(self, groups: Iterable[list[Node]]) -> Iterator[Word]:
        for group in groups:
            if len(group) == 1 and (plain := self.script.plain(group[0])) is not None:
                yield plain
                continue
            words = [self.word(child) for child in group]
            word = words[0]
            if len(words) > 1:
                yield Word(tuple(piece for word in words for piece in word.pieces), quoted=True)
            elif self.script.has_arrays and _ARRAY.fullmatch(self.script.spelled(group[0])):
                pieces = (replace(word.pieces[0], values=(value,)) for value in word.choices())
                yield from (replace(word, pieces=(piece,)) for piece in pieces)
            else:
                yield from parted(word)

    def _joined(self, children: Sequence[Node]) -> Iterator[list[Node]]:
        """Yield the nodes of each word; a line can end within a word, which the grammar does not know."""
        if not self.script.has_continued:
            yield from ([child] for child in children if child.type in IN_COMMANDS)
            return
        group: list[Node] = []
        for child in children:
            if child.type in IN_COMMANDS:
                if group and self._goes_on(group[-1], child):
                    group.append(child)
                else:
                    if group:
                        yield group
                    group = [child]
        if group:
            yield group

    def _ends_between(self, before: Node, node: Node) -> bool:
        """Tell whether a line ends between two words: what is below is another command."""
        return bool(_LINE_END.search(self.script.string, before.end_byte, node.start_byte))

    def _goes_on(self, before: Node, node: Node) -> bool:
        between = self.script.string[before.end_byte : node.start_byte]
        return _CONTINUED.fullmatch(between) is not None


def _may_say(value: Value, told: re.Pattern[str]) -> bool:
    return len(value.text) > _SHORT or told.search(str(value.text)) is not None


def _read_names(words: list[str]) -> list[str]:
    """Return the variables of `read -r -d '' a b`."""
    names: list[str] = []
    skipped = False
    for word in words[1:]:
        takes_value = re.fullmatch(r"-[a-zA-Z]*[adinNptu]", word) is not None
        if not skipped and re.fullmatch(r"[A-Za-z_]\w*", word):
            names.append(word)
        skipped = takes_value and not word.endswith("a")
    return names


def _field(words: list[Word], index: int, last: bool) -> Value:
    """Return what the variable at `index` reads of a line; the last one reads all that is left."""
    space = Piece.literal(Text.of(" "))
    rest = words[index:] if last else words[index : index + 1]
    pieces = [piece for word in rest for piece in (space, *word.pieces)][1:]
    return next(Word(tuple(pieces), quoted=True).choices())


def words_of(text: Word) -> list[Word]:
    """Return the words of a text, as white space parts them."""
    return text.cuts(match.span() for match in re.finditer(r"\S+", str(text)))
