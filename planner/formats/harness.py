"""Harness: the image of every step and service, artifacts of services, and what build steps push.

A name without a registry is one of the connector's registry, which is Docker Hub unless it is another.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._ci import entries, scalars, value
from planner.formats._ci_environment import distinct_items
from planner.formats._command_fields import shell_line
from planner.formats._docker_commands import image
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._scopes import Scope
from planner.formats._select import scalars_at
from planner.formats._shell_words import Piece, Value, Word
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_EXPRESSION = re.compile(
    r"<\+(?P<name>[^<>]*)>(?:\.default\([\"']?(?P<default>[^()\"']*)[\"']?\))?(?:\.\w+\([^()]*\))*"
)
_MISSING = "<+{name}> is known only when the pipeline runs"
_BUILDS = "BuildAndPush"
_PARTS = ("host", "projectID", "repoName", "imageName")  # of a name in a registry of Google
_SERVICES = frozenset({"Service", "Background"})


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of a pipeline, a template or a service."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping and not document.get("apiVersion"):
            scope = Scope(_EXPRESSION, _variables(document), _MISSING)
            for _, node in walk(document):
                if type(node) is Mapping:
                    yield from _step(node, scope, source.path)
            yield from problems(source, parsed, Role.STEP)


def _variables(document: Mapping) -> dict[str, tuple[Value, ...]]:
    """Return the variables of pipelines and stages, and the axes of matrices."""
    values: dict[str, tuple[Value, ...]] = {}
    for path, node in walk(document):
        if type(node) is Mapping and path[-2:] == ("variables", "[]") and (name := value(node, "name")):
            known = tuple(Value(each.text) for each in scalars(node.get("value")) if "<+" not in each.value)
            if known:
                for prefix in ("pipeline.variables.", "stage.variables.", "variables."):
                    values[prefix + name] = known
        elif type(node) is Mapping and path[-2:] == ("strategy", "matrix"):
            for name, listed in entries(node):
                if known := tuple(Value(each.text) for each in scalars(listed)):
                    values[f"matrix.{name}"] = known
    return values


def _step(step: Mapping, scope: Scope, path: str) -> Iterator[Item]:
    kind, spec = value(step, "type"), step.get("spec")
    if kind.startswith(_BUILDS) and type(spec) is Mapping:
        yield from _built(spec, scope)
    elif type(spec) is Mapping:
        role = Role.SERVICE if kind in _SERVICES else Role.STEP
        yield from scope.images(_scalar(spec.get("image")), role)
        yield from _artifact(spec, scope)
        values = {
            name: (Value(node.text),)
            for name, node in entries(spec.get("envVariables"))
            if type(node) is Scalar and "<+" not in node.value
        }
        for script in scalars_at(spec, "command"):
            yield from distinct_items(shell_line(script.text, path, "", values))
    container = step.get("container")
    yield from scope.images(
        _scalar(container.get("image") if type(container) is Mapping else container), Role.STEP
    )


def _scalar(node: Node | None) -> Scalar | None:
    return node if type(node) is Scalar else None


def _artifact(spec: Mapping, scope: Scope) -> Iterator[Candidate]:
    """Yield what a service deploys: `imagePath` and `tag` of a Docker registry."""
    host = "registryHostname" in spec.own
    for name in scalars_at(spec, "imagePath") if not host else ():
        pieces = [*scope.word(name.text).pieces]
        for tag in scalars_at(spec, "tag"):
            pieces += Piece.literal(Text.of(":")), *scope.word(tag.text).pieces
        yield from image(Word(tuple(pieces)), Role.WORKLOAD)


def _built(spec: Mapping, scope: Scope) -> Iterator[Item]:
    yield from scope.images(_scalar(spec.get("repo")), Role.OUTPUT)
    parts = [part for key in _PARTS for part in scalars_at(spec, key)]
    if parts and spec.get("repo") is None:
        pieces = [
            piece for part in parts for piece in (Piece.literal(Text.of("/")), *scope.word(part.text).pieces)
        ]
        yield from image(Word(tuple(pieces[1:])), Role.OUTPUT)
    arguments = {
        name: scope.word(node.text) for name, node in entries(spec.get("buildArgs")) if type(node) is Scalar
    }
    context = value(spec, "context") or "."
    yield from dockerfile_use("", context, value(spec, "dockerfile"), arguments)


FORMAT = Format(
    name="harness",
    patterns=("*.y{a,}ml",),
    words=((b"connectorRef",), (b"image", b"repo")),
    extract=extract,
    specification="https://developer.harness.io/docs/continuous-integration/",
)
