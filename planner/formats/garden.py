"""Garden: the images that deploys, runs and tests use, and the names that builds push.

The image of a container module is pulled where nothing says how it is built.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._ci import entries, value
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._helm_scoped import values as chart_values
from planner.formats._scopes import Scope
from planner.formats._select import scalars_at, select
from planner.formats._shell_words import Value
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_EXPRESSION = re.compile(
    r"\$\{\s*(?P<name>[\w.\-]+)\s*(?:\|\|\s*[\"'](?P<default>[^\"'{}]*)[\"']\s*)?[^${}]*\}"
)
_MISSING = "{name} is set in another file of the project, or when garden runs"
_OWN = re.compile(r"\$\{\s*(?:actions|modules|runtime)\.")
_PULLED = ("spec.image", "spec.podSpec.containers[].image", "spec.podSpec.initContainers[].image")
_MANIFESTS = ("spec.manifests[].**.containers[].image", "spec.manifests[].**.initContainers[].image")
_PUSHED = ("spec.localId", "spec.publishId", "publishId")
_BUILT = ("dockerfile", "buildArgs", "extraFlags", "targetImage")  # in a module: it has a Dockerfile


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate | Binding]:
    """Yield the images of every action and module in the file."""
    parsed = parse(source)
    known: dict[str, tuple[Value, ...]] = {}
    for document in parsed.documents:
        if type(document) is not Mapping:
            continue
        for name, node in entries(document.get("variables")):
            if type(node) is Scalar and "${" not in node.value:
                known |= dict.fromkeys((f"var.{name}", f"variables.{name}"), (Value(node.text),))
        yield from _action(document, source, Scope(_EXPRESSION, known, _MISSING))
    yield from problems(source, parsed, Role.WORKLOAD)


def _action(document: Mapping, source: SourceFile, scope: Scope) -> Iterator[Candidate | Binding]:
    builds = value(document, "kind") == "Build"
    for path in () if builds else (*_PULLED, *_MANIFESTS):
        yield from _images(document, path, scope, Role.WORKLOAD)
    for path in _PUSHED:
        yield from _images(document, path, scope, Role.OUTPUT)
    module = document.get("module") or (document if value(document, "kind") == "Module" else None)
    if type(module) is Mapping and value(module, "type") == "container":
        built = any(module.get(key) is not None for key in _BUILT) or module.get("build", "targetImage")
        yield from _images(module, "image", scope, Role.OUTPUT if built else Role.WORKLOAD)
    for section in ("values", "spec.values"):
        for node in select(document, section):
            yield from (each for each in chart_values(node, source, scope) if not _OWN.match(each.spelled))
    if builds or type(module) is Mapping:
        yield from _dockerfile(document, posixpath.dirname(source.path), scope)


def _images(node: Node, path: str, scope: Scope, role: Role) -> Iterator[Candidate]:
    for scalar in scalars_at(node, path):
        if not _OWN.match(scalar.value):
            yield from scope.images(scalar, role)


def _dockerfile(document: Mapping, root: str, scope: Scope) -> Iterator[Binding]:
    inside = document.get("spec")
    spec = inside if type(inside) is Mapping and value(document, "kind") == "Build" else document
    words = {
        name: scope.word(node.text) for name, node in entries(spec.get("buildArgs")) if type(node) is Scalar
    }
    place = posixpath.join(root, value(document, "source", "path"))
    yield from dockerfile_use(place, ".", value(spec, "dockerfile"), words)


FORMAT = Format(
    name="garden",
    patterns=("garden*.y{a,}ml", "*.garden.y{a,}ml"),
    words=((b"image", b"publishId", b"localId", b"buildArgs"),),
    extract=extract,
    specification="https://docs.garden.io/reference/action-types/deploy/container",
)
