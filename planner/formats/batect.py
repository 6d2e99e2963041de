"""Batect: the image of every container, and the arguments of those that are built from a Dockerfile."""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import entries, value
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._scopes import Scope
from planner.formats._select import scalars_at
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_EXPRESSION = re.compile(
    r"\\.|\$\{(?P<name>[^${}:]+)(?::-(?P<default>[^${}]*))?\}|<\{(?P<config>[^{}]+)\}|[$<](?P<bare>[A-Za-z_][\w.\-]*)"
)
_PROJECT = "batect.project_directory"


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of the containers, and the values for their Dockerfiles."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is not Mapping:
            continue
        scope = Scope(_EXPRESSION, _variables(document), "{name} is not set in this file")
        for _, container in entries(document.get("containers")):
            if type(container) is Mapping:
                for scalar in scalars_at(container, "image"):
                    yield Candidate.of(scalar.text, Role.SERVICE)
                yield from _build(container, scope, posixpath.dirname(source.path))
    yield from problems(source, parsed, Role.SERVICE)


def _variables(document: Mapping) -> dict[str, tuple[Value, ...]]:
    found: dict[str, tuple[Value, ...]] = {}
    for name, variable in entries(document.get("config_variables")):
        for default in scalars_at(variable, "default"):
            found[name] = (Value(default.text),)
    return found


def _build(container: Mapping, scope: Scope, root: str) -> Iterator[Binding]:
    directory = value(container, "build_directory").replace(f"<{{{_PROJECT}}}", ".")
    if not directory or "$" in directory or "<" in directory:
        return
    arguments = {
        name: scope.word(node.text)
        for name, node in entries(container.get("build_args"))
        if type(node) is Scalar
    }
    dockerfile = value(container, "dockerfile")
    yield from dockerfile_use(
        root, directory, dockerfile and posixpath.join(directory, dockerfile), arguments
    )


FORMAT = Format(
    name="batect",
    patterns=("*batect*.y{a,}ml", "batect/**/*.y{a,}ml", ".batect/**/*.y{a,}ml"),
    words=((b"containers",),),
    extract=extract,
    specification="https://batect.dev/docs/reference/config/containers",
)
