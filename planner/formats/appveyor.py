"""AppVeyor: what the phases of a build run; `image` names a virtual machine.

A command is for `cmd`, PowerShell or a shell; `%X%` and `$env:X` are filled in from `environment`.
"""

from collections.abc import Iterator

from planner.formats._base import Format, Given, Item
from planner.formats._ci import entries, items, problems, scalars
from planner.formats._ci_environment import NO_EXPANSION, Assigned, Environment, assigned, distinct_items
from planner.formats._ci_foreign import run_foreign
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_PHASES = (
    "init", "install", "before_build", "build_script", "after_build", "before_test", "test_script",
    "after_test", "before_deploy", "deploy_script", "after_deploy", "on_success", "on_failure", "on_finish",
    "before_package",
)  # fmt: skip


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images that the scripts of a build name."""
    parsed = parse(source)
    yield from problems(parsed, Role.SCRIPT)
    for document in parsed.documents:
        if type(document) is Mapping:
            scope = _within(document, Environment(source.path, NO_EXPANSION, place="under environment"))
            yield from distinct_items(_build(document, scope))


def _build(document: Mapping, scope: Environment) -> Iterator[Item]:
    yield from _phases(document, scope)
    for section in items(document.get("for")):
        if type(section) is Mapping:
            yield from _phases(section, _within(section, scope))


def _phases(section: Mapping, scope: Environment) -> Iterator[Item]:
    for phase in _PHASES:
        for command in _commands(section.get(phase)):
            yield from run_foreign(scope, command.text)


def _commands(phase: Node | None) -> Iterator[Scalar]:
    """Yield `- command`, `- ps: command`, `- sh: command`."""
    for item in items(phase):
        nodes = [node for _, node in entries(item)] if type(item) is Mapping else [item]
        for node in nodes:
            yield from scalars(node)


def _within(section: Mapping, scope: Environment) -> Environment:
    """Return a scope with the environment of a section; each item of its matrix is a job."""
    environment = section.get("environment")
    own = {**assigned(environment), **_global(environment)}
    matrix = environment.get("matrix") if type(environment) is Mapping else None
    rows = tuple(row for item in items(matrix) if (row := assigned(item)))
    return scope.having(own).times(rows)


def _global(environment: Node | None) -> Assigned:
    return assigned(environment.get("global")) if type(environment) is Mapping else {}


FORMAT = Format(
    name="appveyor",
    patterns=("{.,}appveyor.{yml,yaml}", "*appveyor*.{yml,yaml}", ".appveyor/**/*.{yml,yaml}"),
    words=((b"docker", b"podman", b"kubectl", b"kind", b"helm", b"skopeo", b"crane"),),
    extract=extract,
    builds=True,
    specification="https://www.appveyor.com/docs/appveyor-yml/",
)
