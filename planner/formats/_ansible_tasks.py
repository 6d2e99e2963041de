"""Tasks of Ansible: blocks, loops, and the arguments of modules however they are written."""

import re
from collections.abc import Iterator

from planner.formats._ansible_files import KEYWORDS
from planner.formats._ansible_modules import CONTAINERS, MODULES, Call, Perhaps, decided, in_other
from planner.formats._ansible_variables import Layer, Scope, layer
from planner.formats._base import Item
from planner.formats._ci import items
from planner.formats._yaml import Mapping, Node, Scalar, Sequence
from planner.model.source import SourceFile, Text

BLOCKS = ("block", "rescue", "always")
_LOOPS = ("loop", "with_items", "with_list", "with_flattened")
_NO_MODULES = frozenset({"vars", "args", "environment", "module_defaults"})
_FREE = frozenset({"shell", "command", "raw"})  # modules whose arguments are a command line
_NO_SHELL = frozenset({"command"})  # an end of a line is a space to it
_PAIR = re.compile(r"(?P<key>\w++)=(?P<value>(?:\"[^\"]*+\"|'[^']*+'|\{\{[^{}]*+\}\}|[^\s\"'])*+)")
_LIST = re.compile(
    r"\{\{\s*+(?P<name>[A-Za-z_][\w.]*+)(?P<pairs>\s*\|\s*dict2items)?"
    r"(?:\s*\|\s*(?:default\(\[\]\)|list|flatten|unique))*+\s*\}\}\Z"
)
_DEEPEST = 20  # blocks in blocks
_MOST_ITEMS = 64  # of a loop


def is_tasks(node: Node) -> bool:
    """Whether a list is one of tasks by what it holds, in it or in a block.

    That is a module for containers, or a command with what only tasks have beside it.
    """
    waiting = [(node, 0)]
    while waiting:
        node, depth = waiting.pop()
        for task in node.items if type(node) is Sequence and depth < _DEEPEST else ():
            if type(task) is not Mapping:
                continue
            names = {_module(key.value) for key, _ in task.entries()}
            if names & CONTAINERS.keys() or (names & _FREE and not names.isdisjoint(KEYWORDS)):
                return True
            waiting.extend((inner, depth + 1) for name in BLOCKS if (inner := task.get(name)))
    return False


def facts(node: Node | None, depth: int = 0) -> dict[str, tuple[Text, ...]]:
    """Return what `set_fact` sets anywhere in a list of tasks; a name may be set more than once."""
    found: dict[str, tuple[Text, ...]] = {}
    for task in items(node) if depth < _DEEPEST else ():
        if type(task) is Mapping:
            own = [value for key, value in task.entries() if _module(key.value) == "set_fact"]
            inner = [facts(task.get(name), depth + 1) for name in BLOCKS]
            for each in (*map(layer, own), *inner):
                for name, texts in each.items():
                    found[name] = tuple(dict.fromkeys((*found.get(name, ()), *texts)))
    return found


def tasks(node: Node | None, scope: Scope, source: SourceFile) -> Iterator[Item]:
    """Yield what a list of tasks names."""
    yield from decided(_tasks(node, scope, source, conditional=False))


def _tasks(
    node: Node | None, scope: Scope, source: SourceFile, depth: int = 0, *, conditional: bool
) -> Iterator[Item | Perhaps]:
    for task in items(node) if depth < _DEEPEST else ():
        if type(task) is Mapping:
            inner = scope.below(layer(task.get("vars")))
            chosen = conditional or task.get("when") is not None
            for name in BLOCKS:
                yield from _tasks(task.get(name), inner, source, depth + 1, conditional=chosen)
            for key, value in task.entries():
                name = _module(key.value)
                module = MODULES.get(name) or (in_other if _has_image(value, key.value) else None)
                if module:
                    arguments = _arguments(name, value, task)
                    folder, lines = source.path.rpartition("/")[0], name not in _NO_SHELL
                    for each in _loops(task, inner):
                        yield from module(Call(arguments, each, source, folder, chosen, lines))


def _has_image(arguments: Node, key: str) -> bool:
    """Whether these are arguments of some module, with an image among them."""
    return type(arguments) is Mapping and "image" in arguments.own and key not in _NO_MODULES


def _module(key: str) -> str:
    """Return the name of a module without its collection."""
    return key.rpartition(".")[2]


def _arguments(module: str, value: Node, task: Mapping) -> dict[str, Node]:
    """Return arguments by name: those of a mapping, of `key=value` in a text, and of `args`."""
    found: dict[str, Node] = {}
    args = task.get("args")
    if type(args) is Mapping:
        found.update((key.value, each) for key, each in args.entries())
    if type(value) is Mapping:
        found.update((key.value, each) for key, each in value.entries())
    elif type(value) is Scalar and module in _FREE:
        found["_raw_params"] = value
    elif type(value) is Scalar:
        found.update(_pairs(value))
    return found


def _pairs(value: Scalar) -> Iterator[tuple[str, Scalar]]:
    text = value.text
    for match in _PAIR.finditer(value.value):
        start, end = match.span("value")
        if match["value"][:1] in "\"'" and match["value"][-1:] == match["value"][:1] and end - start > 1:
            start, end = start + 1, end - 1
        piece = text.cut(start, end)
        yield match["key"], Scalar(str(piece), value.start, value.end, '"', "", piece)


def _loops(task: Mapping, scope: Scope) -> Iterator[Scope]:
    """Yield the scope of each round of a loop; without one, that of the task."""
    rounds = list(_rounds(task, scope))[:_MOST_ITEMS]
    variable = task.get("loop_control", "loop_var") if type(task.get("loop_control")) is Mapping else None
    name = variable.value if type(variable) is Scalar else "item"
    for each in rounds:
        yield scope.below({f"{name}.{member}".rstrip("."): texts for member, texts in each.items()})
    if not rounds:
        yield scope


def _rounds(task: Mapping, scope: Scope) -> Iterator[Layer]:
    for key in _LOOPS:
        for item in items(task.get(key)):
            for each in items(item):
                yield from _expanded(each, scope)
    yield from (_pair(name, value) for name, value in _dictionary(task, scope))


def _pair(name: str, value: Layer) -> Layer:
    """Return an item of a mapping as a loop sees it."""
    return {"key": (Text.of(name),), **{f"value.{key}".rstrip("."): texts for key, texts in value.items()}}


def _expanded(item: Node, scope: Scope) -> Iterator[Layer]:
    """Yield an item, or the items of the list that it names."""
    name = _LIST.match(item.value) if type(item) is Scalar else None
    members = scope.members(name["name"]) if name else []
    for key, value in members:
        yield _pair(key, value) if name and name["pairs"] else value
    if not members:
        yield layer(item)


def _dictionary(task: Mapping, scope: Scope) -> Iterator[tuple[str, Layer]]:
    """Yield the pairs of `with_dict`."""
    node = task.get("with_dict")
    if type(node) is Mapping:
        yield from ((key.value, layer(value)) for key, value in node.entries())
    elif type(node) is Scalar and (name := _LIST.match(node.value)):
        yield from scope.members(name["name"])
