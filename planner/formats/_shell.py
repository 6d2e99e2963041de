"""Shell scripts: the images that their commands pull, build and push.

Read in the order of the text: an assignment counts for what follows it, and one in a branch is one more value
beside the others. Heredocs are data; what `sh -c` and `eval` are given is a script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.formats._base import NOTHING, Candidate
from planner.formats._command_line import program
from planner.formats._commands import found, unwrapped
from planner.formats._docker_commands import Found
from planner.formats._shell_syntax import Script, is_word
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word
from planner.model.inventory import Confidence, Role
from planner.model.source import Text

if TYPE_CHECKING:
    from tree_sitter import Node

_PROGRAMS = re.compile(
    r"(?<!\w)(?:docker|podman|nerdctl|buildah|skopeo|g?crane|kubectl|oc|kind|k3d|minikube|helm|gcloud|az|ctr|crictl"
    r"|singularity|apptainer|pack)(?![\w-])"
)
_LITERAL = re.compile(r"[\w\s./:,=@%+-]*+")  # a command that is what is written: no quotes, no expansions
_ARRAY = re.compile(r"\"?\$\{\w+\[[@*]\]\}\"?")  # all its items, a word each
_CONTINUED = re.compile(r"\\\r?\n")
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "su"})
_LONG_LINE = re.compile(r"[^\n]{20000}")  # the grammar's time may grow with the square of a line
_SHOWN = 80  # characters of it
_NESTED = 5  # scripts in scripts
_CONDITIONAL = frozenset({"if_statement", "elif_clause", "else_clause", "case_item", "while_statement"})

Variables = Mapping[str, tuple[Value, ...]]


def images(script: Text, path: str, given: Mapping[str, Text] = NOTHING) -> Iterator[Candidate]:
    """Yield the images a script names. Places are those of `script`.

    `given` are variables from outside; a template expression is looked up as it is spelled (`${{ env.X }}`),
    and so is any expansion (`$(X)` of a Makefile). `path` is the file, for messages.
    """
    values = {name: (Value(value),) for name, value in given.items()}
    for item in commands(script, path, values):
        if isinstance(item, Candidate):
            yield item


def commands(script: Text, path: str, given: Variables, depth: int = 0) -> Iterator[Found]:
    """Yield what the commands of a script name, and what they build."""
    if not mentions_programs(str(script), given):
        return
    long = _LONG_LINE.search(str(script))
    if long:
        reason = "a line of this script is too long to be read as shell; move it into several lines"
        start = max(script.cut(long.start(), long.start() + 1).start, script.start, 0)
        yield Candidate(Text(), Role.SCRIPT, start, long[0][:_SHOWN], problem=reason)
    else:
        yield from _Reader(script, path, given, depth).read()


def mentions_programs(script: str, given: Variables) -> bool:
    """Tell whether a script, or a variable of it, has the name of a program that takes images."""
    values = (
        str(value.text) for name, alternatives in given.items() if name in script for value in alternatives
    )
    return any(_PROGRAMS.search(text) for text in (script, *values))


@dataclass(frozen=True, slots=True)
class _Event:
    """A command, an assignment or a loop."""

    node: Node
    conditional: bool
    function: str  # that it stands in


def _events(root: Node) -> Iterator[_Event]:
    """Yield what matters, in the order of the text."""
    waiting = [_Event(root, False, "")]
    while waiting:
        event = waiting.pop()
        node, conditional, function = event.node, event.conditional, event.function
        if node.type in ("command", "for_statement") or _is_assignment(node):
            yield event
        if node.type == "function_definition" and (name := node.child_by_field_name("name")) is not None:
            function = str(name.text, "ascii") if name.text else ""
        conditional = conditional or node.type in _CONDITIONAL
        for index, child in reversed(list(enumerate(node.named_children))):
            if child.named_child_count:  # nothing that matters is a leaf
                waiting.append(_Event(child, conditional or (index > 0 and node.type == "list"), function))


def _is_assignment(node: Node) -> bool:
    return node.type == "variable_assignment" and node.parent is not None and node.parent.type != "command"


class _Reader:
    def __init__(self, script: Text, path: str, given: Variables, depth: int) -> None:
        self.script = Script(script, path)
        self.path = path
        self.given = given
        self.depth = depth
        self.known: dict[str, tuple[Value, ...]] = {}
        self.later: dict[str, tuple[Value, ...]] = {}  # set further down, which a function may use
        self.parameters: dict[tuple[str, str], tuple[Value, ...]] = {}  # of a function, over all its calls
        self.function = ""  # that is being read

    def read(self) -> Iterator[Found]:
        events = list(_events(self.script.root))
        functions = {event.function for event in events if event.function}
        self.known = dict(self.given)
        for event in events:
            self._assignment(event)
            if functions and event.node.type == "command":
                self._call(event.node, functions)
        self.later, self.known = self.known, dict(self.given)
        for event in events:
            self.function = event.function
            self._assignment(event)
            if event.node.type == "command" and self._may_matter(event.node):
                yield from self._command(event.node)

    def _may_matter(self, node: Node) -> bool:
        """Tell whether a command has the name of a program that takes images, or may come to have it."""
        spelled = self.script.spelled(node)
        return bool(_PROGRAMS.search(spelled) or not _LITERAL.fullmatch(spelled))

    def _lookup(self, name: str) -> tuple[Value, ...]:
        return self.parameters.get((self.function, name)) or self.known.get(name, ())

    def _lookup_anywhere(self, name: str) -> tuple[Value, ...]:
        return self._lookup(name) or self.later.get(name, ())

    def _assign(self, name: str, values: tuple[Value, ...]) -> None:
        self.known[name] = values

    def _call(self, node: Node, functions: set[str]) -> None:
        """Remember what a function of this script is called with."""
        name = node.child_by_field_name("name")
        if name is not None and self.script.spelled(name) in functions:
            function = self.script.spelled(name)
            for index, word in enumerate(list(self._words(node))[1:], start=1):
                before = self.parameters.get((function, str(index)), ())
                self.parameters[function, str(index)] = tuple(dict.fromkeys((*before, *word.choices())))

    def _assignment(self, event: _Event) -> None:
        node = event.node
        if node.type == "for_statement":
            variable = node.child_by_field_name("variable")
            words = [child for child in node.children_by_field_name("value") if is_word(child)]
            if variable is not None and words:
                self.known[self.script.spelled(variable)] = self._values(words)
        elif node.type == "variable_assignment" and (name := node.child_by_field_name("name")) is not None:
            self._set(node, self.script.spelled(name), event.conditional)

    def _set(self, node: Node, name: str, conditional: bool) -> None:
        base = name.partition("[")[0]
        value = node.child_by_field_name("value")
        appends = any(child.type == "+=" for child in node.children)
        is_array = value is not None and value.type == "array"
        before = self.known.get(base, ())
        if conditional and len(before) >= MOST_CHOICES:
            return
        if value is None:
            values: tuple[Value, ...] = (Value(Text()),)
        elif is_array:
            values = self._values([child for child in value.named_children if is_word(child)])
        else:
            values = tuple(self.script.word(value, self._lookup, self._assign).choices())
        if appends and not is_array and before:
            values = tuple(Word((Piece(Text(), before, base), Piece(Text(), values, f"{base}+"))).choices())
        elif appends or conditional or base != name:
            values = tuple(dict.fromkeys((*(known for known in before if not known.problem), *values)))
            values = values[:MOST_CHOICES]
        self.known[base] = values

    def _values(self, nodes: Sequence[Node]) -> tuple[Value, ...]:
        """Return what a list of words stands for: `a "$b" [key]=c`, variables split at white space."""
        values: dict[Value, None] = {}
        for node in nodes:
            word = self.script.word(node, self._lookup, self._assign)
            key = re.match(r"\[[^\]]*\]=", str(word))
            for part in _split(word.cut(key.end()) if key else word):
                values |= dict.fromkeys(part.choices())
        return tuple(values)

    def _command(self, node: Node) -> Iterator[Found]:
        for item in self._found(list(self._words(node))):
            if node.has_error and isinstance(item, Candidate):
                if item.problem:
                    continue
                item = replace(item, confidence=Confidence.HEURISTIC)
            yield item

    def _found(self, words: Sequence[Word]) -> Iterator[Found]:
        words = unwrapped(words)
        if (inner := _inner_script(words)) is None:
            yield from found(words)
        elif self.depth < _NESTED:
            yield from commands(inner, self.path, {**self.later, **self.known}, self.depth + 1)

    def _words(self, node: Node) -> Iterator[Word]:
        for group in self._joined(node):
            words = [self.script.word(child, self._lookup_anywhere, self._assign) for child in group]
            word = words[0]
            if len(words) > 1:
                yield Word(tuple(piece for word in words for piece in word.pieces), quoted=True)
            elif _ARRAY.fullmatch(self.script.spelled(group[0])):
                pieces = (replace(word.pieces[0], values=(value,)) for value in word.choices())
                yield from (replace(word, pieces=(piece,)) for piece in pieces)
            else:
                yield from _split(word)

    def _joined(self, node: Node) -> Iterator[list[Node]]:
        """Yield the nodes of each word; a line can end within a word, which the grammar does not know."""
        group: list[Node] = []
        for child in node.named_children:
            if is_word(child) or child.type == "command_name":
                between = self.script.string[group[-1].end_byte : child.start_byte] if group else " "
                if not _CONTINUED.fullmatch(between):
                    if group:
                        yield group
                    group = []
                group.append(child)
        if group:
            yield group


def _inner_script(words: Sequence[Word]) -> Text | None:
    """Return the script that `sh -c` or `eval` runs."""
    name = program(words)
    if name == "eval":
        return Text.join(piece for word in words[1:] for piece in (word.written, Text.of(" ")))
    if name in _SHELLS:
        for index, word in enumerate(words[1:-1], start=1):
            if re.fullmatch(r"-[a-zA-Z]*c|--command", str(word)):
                return words[index + 1].written
    return None


def _split(word: Word) -> list[Word]:
    """Split a word where an unquoted variable has white space; without any value it is no word."""
    if not any(piece.splits for piece in word.pieces):
        return [word] if str(word) or word.quoted or not word.known else []
    parts: list[Word] = []
    pieces: list[Piece] = []
    for piece in map(_longest, word.pieces) if len(word.pieces) == 1 else word.pieces:
        if not piece.splits or not str(piece) or len(piece.values) > 1 or piece.values[0].problem:
            pieces.append(piece)
            continue
        for match in re.finditer(r"\s+|\S+", str(piece)):
            if not match.group().isspace():
                pieces.append(piece.cut(*match.span()))
            elif pieces:
                parts.append(Word(tuple(pieces)))
                pieces = []
    parts.append(Word(tuple(pieces), word.quoted))
    return [part for part in parts if str(part) or part.quoted or not part.known]


def _longest(piece: Piece) -> Piece:
    """Settle a variable that may hold options, or nothing: `$OPTIONS` that is set in one branch."""
    texts = [str(value.text) for value in piece.values]
    if not piece.splits or len(texts) == 1 or not any(text == "" or text.startswith("-") for text in texts):
        return piece
    return replace(piece, values=(max(piece.values, key=lambda value: len(value.text)),))
