"""Task: what the commands of a Taskfile pull and build, with its variables filled in."""

import posixpath
import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from planner.formats._base import Binding, Format, Given
from planner.formats._ci import entries, items, problems, scalars, value
from planner.formats._scripts import WORDS, Finding, findings
from planner.formats._select import select
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, expand, named
from planner.formats._sourced import plain, taken
from planner.formats._yaml import Mapping as YamlMapping
from planner.formats._yaml import Node, Scalar, Sequence, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_ACTION = re.compile(r"\{\{-?[ \t]*(?P<action>[^{}]*?)[ \t]*-?\}\}")
_VARIABLE = re.compile(r"\.(?P<name>\w+)\Z")
_DEFAULT = re.compile(
    r"(?:\.(?P<name>\w+)[ \t]*\|[ \t]*default[ \t]+|default[ \t]+)"
    r"(?P<value>\"[^\"]*\"|'[^']*'|`[^`]*`|[^\s\"'`]+)"
    r"(?:[ \t]+\.(?P<after>\w+))?\Z"
)
_CONTROL = re.compile(r"(?:if|else|end|range|with|/\*)(?!\w)|\Z")
_NAME = re.compile(r"\w+")
_LEAST_FILLED = 1_000  # actions and variables of a file, each as often as it is read
_WRITTEN = 16  # characters of a file for each further one
_LONGEST = 2_000  # characters of a value that are searched for the names of others
_SPENT = "more is filled in here than anyone writes: not read"
_DEPTH = 6  # of variables in variables
_LISTS = ("cmds", "deps", "preconditions", "status", "requires")

Variables = Mapping[str, tuple[Value, ...]]
_Nodes = Mapping[str, Node]


@dataclass
class _File:
    """What all tasks of a file share."""

    path: str
    outer: dict[str, Node]
    outside: Variables
    room: int  # actions and variables that may still be filled in

    @cached_property
    def plain(self) -> "_Scope":
        """The scope of tasks that set nothing themselves."""
        return _Scope({}, self)


def extract(source: SourceFile, given: Given) -> Iterator[Finding]:
    """Yield what the tasks of a Taskfile name, and the variables it hands to those it includes."""
    parsed = parse(source)
    yield from problems(parsed, Role.SCRIPT)
    dotenv = {
        name: (Value(value),) for name, value in (taken(given, (".env",), source.path) | plain(given)).items()
    }
    for document in parsed.documents:
        if type(document) is not YamlMapping or document.get("tasks") is None:
            continue
        outer = dict(entries(document.get("vars"))) | dict(entries(document.get("env")))
        room = _LEAST_FILLED + len(source.text) // _WRITTEN
        file, called = _File(source.path, outer, dotenv, room), _calls(document)
        for name, task in entries(document.get("tasks")):
            yield from _task(task, called.get(name, {}), file)
        for node in outer.values():
            yield from _dynamic(node, file.plain)
        yield from _included(document, outer, source.path)


def _task(task: Node, called: _Nodes, file: _File) -> Iterator[Finding]:
    own, folder = dict(called), ""
    commands: list[Node] = items(task)
    if type(task) is YamlMapping:
        own |= dict(entries(task.get("vars"))) | dict(entries(task.get("env")))
        commands = [node for key in (*_LISTS, "cmd") for node in items(task.get(key))]
        folder = next((scalar.value for scalar in scalars(task.get("dir"))), "")
    scope = _Scope(own, file) if own else file.plain
    if type(task) is YamlMapping:
        for node in (node for key in ("vars", "env") for _, node in entries(task.get(key))):
            yield from _dynamic(node, scope)
    place = posixpath.join(posixpath.dirname(file.path), folder if "{{" not in folder else "")
    for command in commands:
        inner = scope
        if type(command) is YamlMapping and command.get("for") is not None:
            inner = _Scope({**own, "ITEM": command.get("for") or command}, file)
        for scalar in _scripts(command):
            script = inner.word(scalar.text)
            yield from findings(script, file.path, inner.environment(str(script)), (place,))


def _calls(document: YamlMapping) -> dict[str, _Nodes]:
    """Return what tasks are called with by others, by the task's name."""
    found: dict[str, dict[str, list[Node]]] = {}
    for path in ("tasks.*[]", "tasks.*.cmds[]", "tasks.*.deps[]"):
        for command in select(document, path):
            variables = found.setdefault(value(command, "task"), {})
            for name, node in entries(command.get("vars")) if type(command) is YamlMapping else ():
                variables.setdefault(name, []).append(node)
    return {
        task: {name: Sequence(0, "", nodes) for name, nodes in variables.items()}
        for task, variables in found.items()
        if task
    }


def _scripts(command: Node) -> Iterator[Scalar]:
    """Yield the commands of an entry: a text, or what stands under `cmd`, `sh` or `defer`."""
    if type(command) is Scalar:
        yield command
    elif type(command) is YamlMapping:
        for key in ("cmd", "sh", "defer"):
            yield from (node for node in items(command.get(key)) if type(node) is Scalar)


def _dynamic(node: Node, scope: "_Scope") -> Iterator[Finding]:
    """Yield what the command of `sh:` names, whose output is a value."""
    if type(node) is YamlMapping:
        for scalar in scalars(node.get("sh")):
            yield from findings(scope.word(scalar.text), scope.file.path, scope.file.outside)


class _Scope:
    """The variables of a task: its own, and those of the file."""

    def __init__(self, own: _Nodes, file: _File) -> None:
        self.nodes = ChainMap(dict(own), file.outer) if own else file.outer
        self.file = file
        self.known: dict[tuple[str, int], tuple[Value, ...]] = {}

    def word(self, text: Text, depth: int = 0) -> Word:
        """Return a text with its actions filled in."""

        def piece(written: Text, match: "re.Match[str]") -> Piece:
            return self._piece(written, match, depth)

        return expand(text, _ACTION, piece)

    def environment(self, script: str) -> dict[str, tuple[Value, ...]]:
        """Return what a script finds in its environment of what it may ask for."""
        found: dict[str, tuple[Value, ...]] = {}
        waiting = [script]
        while waiting and self.file.room >= 0:
            for name in _NAME.findall(waiting.pop()):
                if name not in found and (values := self._values(name, 0)):
                    found[name] = values
                    self.file.room -= len(values)
                    waiting += (str(value.text)[:_LONGEST] for value in values)
        return found

    def _piece(self, written: Text, match: "re.Match[str]", depth: int) -> Piece:
        action, spelled = match["action"], match[0]
        self.file.room -= 1
        if self.file.room < 0:
            return Piece.unknown(written, spelled, _SPENT)
        if _CONTROL.match(action):
            return Piece.literal(Text())
        variable, default = _VARIABLE.match(action), _DEFAULT.match(action)
        name = (
            variable["name"] if variable else (default["name"] or default["after"] or "") if default else ""
        )
        if name and (values := self._values(name, depth)):
            return Piece(written, tuple(named(name, value) for value in values), name)
        if default:
            start = match.start("action") - match.start() + default.start("value")
            value = written.cut(start, start + len(default["value"]))
            bare = value.cut(1, len(value) - 1) if str(value)[0] in "\"'`" else value
            return Piece(written, (named(name or spelled, Value(bare), "default"),), name or spelled)
        if variable:
            return Piece.unknown(written, name, f"{name} is not set in {self.file.path}")
        return Piece.unknown(written, spelled, f"{spelled} is computed when task runs")

    def _values(self, name: str, depth: int) -> tuple[Value, ...]:
        if (name, depth) not in self.known:
            self.known[name, depth] = tuple(islice(self._read(name, depth), MOST_CHOICES))
        return self.known[name, depth]

    def _read(self, name: str, depth: int) -> Iterator[Value]:
        node = self.nodes.get(name)
        if node is None or depth > _DEPTH:
            yield from self.file.outside.get(name, ())
        elif type(node) is YamlMapping:
            written = Text.of(f"{{{{.{name}}}}}")
            yield Value(written, (), f"{name} is computed when task runs")
        else:
            for each in scalars(node):
                yield from self.word(each.text, depth + 1).choices()


def _included(document: YamlMapping, outer: dict[str, Node], path: str) -> Iterator[Binding]:
    """Yield the variables that are handed to other Taskfiles."""
    folder = posixpath.dirname(path)
    for _, node in entries(document.get("includes")):
        place = node if type(node) is Scalar else node.get("taskfile") if type(node) is YamlMapping else None
        handed = dict(entries(node.get("vars"))) if type(node) is YamlMapping else {}
        known = {name: each.text for name, each in (outer | handed).items() if type(each) is Scalar}
        known = {name: text for name, text in known.items() if text and "{{" not in str(text)}
        if type(place) is not Scalar or "://" in place.value or not known:
            continue
        target = posixpath.normpath(posixpath.join(folder, place.value))
        names = (
            (target,) if target.endswith((".yml", ".yaml")) else tuple(f"{target}/{name}" for name in _FILES)
        )
        yield from (Binding(name, "taskfile", known) for name in names if not name.startswith(("../", "/")))


_FILES = ("Taskfile.yml", "Taskfile.yaml", "taskfile.yml")

FORMAT = Format(
    name="taskfile",
    patterns=(
        "{Taskfile,taskfile}*.{yml,yaml}",
        "*.{Taskfile,taskfile}.{yml,yaml}",
        "{taskfiles,.taskfiles}/**/*.{yml,yaml}",
    ),
    words=((b"tasks",), *WORDS),
    extract=extract,
    builds=True,
    specification="https://taskfile.dev/docs/reference/schema",
)
