"""AppVeyor: what the phases of a build run; `image` names a virtual machine.

A command is for `cmd`, PowerShell or a shell; `%X%` and `$env:X` are filled in from `environment`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import entries, items, problems, scalars
from planner.formats._ci_environment import NO_EXPANSION, Assigned, Environment, assigned, distinct_items
from planner.formats._shell_words import Piece, expand
from planner.formats._yaml import Mapping, Node, Scalar, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_PHASES = (
    "init", "install", "before_build", "build_script", "after_build", "before_test", "test_script",
    "after_test", "before_deploy", "deploy_script", "after_deploy", "on_success", "on_failure", "on_finish",
    "before_package",
)  # fmt: skip
_EXPANSION = re.compile(r"(?P<mark>%)?(?(mark)|\$env:)(?P<name>[A-Za-z_]\w*+)(?(mark)%)", re.IGNORECASE)
_BRACED = re.compile(r"\$\{\w+\}")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images that the scripts of a build name."""
    parsed = parse(source)
    yield from problems(parsed, Role.SCRIPT)
    for document in parsed.documents:
        if type(document) is Mapping:
            scope = _within(document, Environment(source.path, NO_EXPANSION, place="under environment"))
            yield from distinct_items(_build(document, scope))


def _build(document: Mapping, scope: Environment) -> Iterator[Candidate | Binding]:
    yield from _phases(document, scope)
    for section in items(document.get("for")):
        if type(section) is Mapping:
            yield from _phases(section, _within(section, scope))


def _phases(section: Mapping, scope: Environment) -> Iterator[Candidate | Binding]:
    for phase in _PHASES:
        for command in _commands(section.get(phase)):
            yield from _run(command.text, scope)


def _run(command: Text, scope: Environment) -> Iterator[Candidate | Binding]:
    """Read a command with `%X%` and `$env:X` as `${X}`; what is found is told as it is written."""
    spelled: dict[str, str] = {}
    places: dict[int, int] = {}

    def piece(written: Text, match: re.Match[str]) -> Piece:
        lead = match.start("name") - match.start()
        name = written.cut(lead, lead + len(match["name"]))
        spelled[f"${{{name}}}"] = match[0]
        places[name.start] = written.start
        return Piece.literal(Text.join((Text.of("${"), name, Text.of("}"))))

    for item in scope.run(expand(command, _EXPANSION, piece).written):
        if isinstance(item, Candidate):
            shown = _BRACED.sub(lambda match: spelled.get(match[0], match[0]), item.spelled)
            yield replace(item, start=places.get(item.start, item.start), spelled=shown)
        else:
            yield item


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
    patterns=("{.,}appveyor.{yml,yaml}", "appveyor-*.{yml,yaml}", ".appveyor/**/*.{yml,yaml}"),
    words=((b"docker", b"podman", b"kubectl", b"kind", b"helm", b"skopeo", b"crane"),),
    extract=extract,
    specification="https://www.appveyor.com/docs/appveyor-yml/",
)
