"""Task: what the commands of a Taskfile pull and build, with its variables filled in."""

import posixpath
import re
from collections.abc import Iterator, Mapping

from planner.formats._base import Binding, Format, Given
from planner.formats._ci import entries, items, problems, scalars, value
from planner.formats._scripts import WORDS, Finding, findings
from planner.formats._select import select
from planner.formats._shell_words import Piece, Value, Word, expand, named
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
_DEPTH = 6  # of variables in variables
_LISTS = ("cmds", "deps", "preconditions", "status", "requires")

Variables = Mapping[str, tuple[Value, ...]]
_Nodes = dict[str, Node]


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
        called = _calls(document)
        for name, task in entries(document.get("tasks")):
            yield from _task(task, {**outer, **called.get(name, {})}, dotenv, source.path)
        for node in outer.values():
            yield from _dynamic(node, outer, dotenv, source.path)
        yield from _included(document, outer, source.path)


def _task(task: Node, outer: _Nodes, dotenv: Variables, path: str) -> Iterator[Finding]:
    own, folder = dict(outer), ""
    commands: list[Node] = items(task)
    if type(task) is YamlMapping:
        own |= dict(entries(task.get("vars"))) | dict(entries(task.get("env")))
        commands = [node for key in (*_LISTS, "cmd") for node in items(task.get(key))]
        folder = next((scalar.value for scalar in scalars(task.get("dir"))), "")
        for node in (node for key in ("vars", "env") for _, node in entries(task.get(key))):
            yield from _dynamic(node, own, dotenv, path)
    place = posixpath.join(posixpath.dirname(path), folder if "{{" not in folder else "")
    for command in commands:
        inner = own
        if type(command) is YamlMapping and command.get("for") is not None:
            inner = {**own, "ITEM": command.get("for") or command}
        for scalar in _scripts(command):
            scope = _Scope(inner, dotenv, path)
            yield from findings(scope.word(scalar.text), path, {**dotenv, **scope.environment()}, (place,))


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


def _dynamic(node: Node, nodes: _Nodes, dotenv: Variables, path: str) -> Iterator[Finding]:
    """Yield what the command of `sh:` names, whose output is a value."""
    if type(node) is YamlMapping:
        for scalar in scalars(node.get("sh")):
            yield from findings(_Scope(nodes, dotenv, path).word(scalar.text), path, dotenv)


class _Scope:
    """The variables of a task."""

    def __init__(self, nodes: _Nodes, outside: Variables, path: str) -> None:
        self.nodes = nodes
        self.outside = outside
        self.path = path

    def word(self, text: Text, depth: int = 0) -> Word:
        """Return a text with its actions filled in."""

        def piece(written: Text, match: "re.Match[str]") -> Piece:
            return self._piece(written, match, depth)

        return expand(text, _ACTION, piece)

    def environment(self) -> dict[str, tuple[Value, ...]]:
        """Return what commands find in their environment."""
        return {name: values for name in self.nodes if (values := self._values(name, 0))}

    def _piece(self, written: Text, match: "re.Match[str]", depth: int) -> Piece:
        action, spelled = match["action"], match[0]
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
            return Piece.unknown(written, name, f"{name} is not set in {self.path}")
        return Piece.unknown(written, spelled, f"{spelled} is computed when task runs")

    def _values(self, name: str, depth: int) -> tuple[Value, ...]:
        node = self.nodes.get(name)
        if node is None or depth > _DEPTH:
            return self.outside.get(name, ())
        if type(node) is YamlMapping:
            written = Text.of(f"{{{{.{name}}}}}")
            return (Value(written, (), f"{name} is computed when task runs"),)
        found = [value for each in scalars(node) for value in self.word(each.text, depth + 1).choices()]
        return tuple(found)


def _included(document: YamlMapping, outer: _Nodes, path: str) -> Iterator[Binding]:
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
