"""Playbooks and roles of Ansible: what their tasks name, and the variables they hand on."""

from collections.abc import Iterator

from planner.formats._ansible_dependencies import name_of, of_role
from planner.formats._ansible_files import beside, is_tasks, roles, templates_of
from planner.formats._ansible_tasks import BLOCKS, facts, tasks
from planner.formats._ansible_tasks import is_tasks as holds_tasks
from planner.formats._ansible_variables import READERS, Layer, Scope, handed_on, layer, scope_of, to_readers
from planner.formats._base import Binding, Given, Item
from planner.formats._ci import items, value
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_TASKS = ("pre_tasks", "tasks", "post_tasks", "handlers")
_INCLUDED_TASKS = frozenset({"include_tasks", "import_tasks", "include"})
_INCLUDED_ROLES = frozenset({"include_role", "import_role"})
_DEEPEST = 20


def read(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what the tasks of a playbook or a role name."""
    text = parse(source)
    scope = scope_of(given)
    for document in text.documents:
        if type(document) is Sequence:
            yield from _list(document, scope, source)
    if is_tasks(source.path):
        yield from problems(source, text, Role.WORKLOAD)


def _list(document: Sequence, scope: Scope, source: SourceFile) -> Iterator[Item]:
    """Yield what a playbook names, or a list of tasks that is recognised by its place or its modules."""
    plays = [item for item in document.items if type(item) is Mapping and item.get("hosts") is not None]
    for play in plays:
        yield from _play(play, scope, source)
    if not plays and (is_tasks(source.path) or holds_tasks(document)):
        known = facts(document)
        inner = scope.below(known)
        yield from tasks(document, inner, source)
        if known and (folder := templates_of(source.path)):
            yield handed_on(folder, "play", known, always=True, to=READERS[1])
        yield from _included(document, {}, source.path)


def _play(play: Mapping, scope: Scope, source: SourceFile) -> Iterator[Item]:
    own = layer(play.get("vars"))
    inner = scope.below(own)
    for key in _TASKS:
        inner = inner.below(facts(play.get(key)))
    for key in _TASKS:
        yield from tasks(play.get(key), inner, source)
        yield from _included(play.get(key), own, source.path)
    for role in items(play.get("roles")):
        given = {**own, **of_role(role)}
        for target in roles(source.path, name_of(role)):
            yield from to_readers(target, "play", given)


def _included(node: Node | None, given: Layer, path: str, depth: int = 0) -> Iterator[Binding]:
    """Yield the variables that roles and files of tasks are given where they are included."""
    for task in items(node) if depth < _DEEPEST else ():
        if type(task) is not Mapping:
            continue
        own = {**given, **layer(task.get("vars"))}
        for name in BLOCKS:
            yield from _included(task.get(name), own, path, depth + 1)
        for key, arguments in task.entries():
            module = key.value.rpartition(".")[2]
            if module in _INCLUDED_ROLES:
                for target in roles(path, value(arguments, "name")):
                    yield from to_readers(target, "play", own)
            elif module in _INCLUDED_TASKS and own:
                file = arguments.value if type(arguments) is Scalar else value(arguments, "file")
                if target := beside(path, file):
                    yield handed_on(target, "play", own)
