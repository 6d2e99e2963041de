"""Shell scripts: the images that their commands pull, build and push.

Read in the order of the text: an assignment counts for what follows it, and one in a branch or a loop is one more
value beside the others. Heredocs are data; what `sh -c` and `eval` are given is a script.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from tree_sitter import Node

from planner.formats._base import NOTHING, Candidate
from planner.formats._command_line import program
from planner.formats._commands import found, unwrapped
from planner.formats._docker_commands import Found
from planner.formats._shell_syntax import Script, is_word
from planner.formats._shell_words import Piece, Value, Word
from planner.model.source import Text

_PROGRAMS = re.compile(
    r"(?<![\w-])(?:docker|podman|nerdctl|buildah|skopeo|g?crane|kubectl|oc|kind|k3d|minikube|helm|gcloud|az|ctr|crictl"
    r"|singularity|apptainer|pack)(?![\w-])"
)
_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh", "su"})
_NESTED = 5  # scripts in scripts
_CONDITIONAL = frozenset(
    {"if_statement", "elif_clause", "else_clause", "case_item", "while_statement", "for_statement"}
)

Variables = Mapping[str, tuple[Value, ...]]


def images(script: Text, path: str, given: Mapping[str, Text] = NOTHING) -> Iterator[Candidate]:
    """Yield the images a script names. Places are those of `script`.

    `given` are variables from outside; a template expression is looked up as it is spelled (`${{ env.X }}`), and
    so is any expansion (`$(X)` of a Makefile). `path` is the file, for messages.
    """
    values = {name: (Value(value),) for name, value in given.items()}
    for item in commands(script, path, values):
        if isinstance(item, Candidate):
            yield item


def commands(script: Text, path: str, given: Variables, depth: int = 0) -> Iterator[Found]:
    """Yield what the commands of a script name, and what they build."""
    if mentions_programs(str(script), given):
        yield from _Reader(script, path, given, depth).read()


def mentions_programs(script: str, given: Variables) -> bool:
    """Tell whether a script, or a variable of it, has the name of a program that takes images."""
    values = (str(value.text) for name, alternatives in given.items() if name in script for value in alternatives)
    return any(_PROGRAMS.search(text) for text in (script, *values))


class _Reader:
    def __init__(self, script: Text, path: str, given: Variables, depth: int) -> None:
        self.script = Script(script)
        self.path = path
        self.given = given
        self.depth = depth
        self.known: dict[str, tuple[Value, ...]] = dict(given)
        self.later: dict[str, tuple[Value, ...]] = {}  # set further down, which a function may use

    def read(self) -> Iterator[Found]:
        events = list(_events(self.script.root))
        for node, conditional in events:
            self._assignment(node, conditional)
        self.later, self.known = self.known, dict(self.given)
        for node, conditional in events:
            self._assignment(node, conditional)
            if node.type == "command":
                yield from self._command(node)

    def _lookup(self, name: str) -> tuple[Value, ...]:
        return self.known.get(name, ())

    def _lookup_anywhere(self, name: str) -> tuple[Value, ...]:
        return self.known.get(name) or self.later.get(name, ())

    def _assign(self, name: str, values: tuple[Value, ...]) -> None:
        self.known[name] = values

    def _word(self, node: Node) -> Word:
        return self.script.word(node, self._lookup, self._assign)

    def _assignment(self, node: Node, conditional: bool) -> None:
        if node.type == "for_statement":
            variable = node.child_by_field_name("variable")
            words = [child for child in node.children_by_field_name("value") if is_word(child)]
            if variable is not None and words:
                self.known[self.script.spelled(variable)] = self._values(words)
        elif node.type == "variable_assignment" and (name := node.child_by_field_name("name")) is not None:
            self._set(node, self.script.spelled(name), conditional)

    def _set(self, node: Node, name: str, conditional: bool) -> None:
        base = name.partition("[")[0]
        value = node.child_by_field_name("value")
        appended = any(child.type == "+=" for child in node.children)
        is_array = value is not None and value.type == "array"
        words = value.named_children if value is not None and is_array else [value] if value is not None else []
        values = self._values([word for word in words if is_word(word)]) if words else (Value(Text()),)
        before = self.known.get(base, ())
        if appended and not is_array and before:
            joined = Word((Piece(Text(), before, base), Piece(Text(), values)))
            values = tuple(joined.choices())
        elif appended or conditional or base != name:
            values = tuple(dict.fromkeys((*(v for v in before if not v.problem), *values)))
        self.known[base] = values

    def _values(self, nodes: Sequence[Node]) -> tuple[Value, ...]:
        """Return what a list of words stands for: `a "$b" [key]=c`, variables split at white space."""
        values: dict[Value, None] = {}
        for node in nodes:
            word = self._word(node)
            key = re.match(r"\[[^\]]*\]=", str(word))
            for part in _split(word.cut(key.end()) if key else word):
                values |= dict.fromkeys(part.choices())
        return tuple(values)

    def _command(self, node: Node) -> Iterator[Found]:
        words = list(self._words(node))
        for item in self._found(words):
            if isinstance(item, Candidate) and item.problem:
                item = _placed(item, self.path)
            yield item

    def _words(self, node: Node) -> Iterator[Word]:
        name = node.child_by_field_name("name")
        nodes = ([name] if name is not None else []) + [child for child in node.children if is_word(child)]
        for child in nodes:
            word = self.script.word(child, self._lookup_anywhere, self._assign)
            yield from _split(word)
