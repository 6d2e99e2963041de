"""Bitbucket Pipelines: the images of steps and services, `docker://` pipes, and what scripts run.

A pipe such as `atlassian/aws-s3-deploy:1.6.0` names a repository, no image.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._ci import entries, items, problems, scalars, unread, value
from planner.formats._ci_environment import SHELL, Assigned, Environment, distinct_items, joined
from planner.formats._yaml import Mapping, Node, Scalar, Sequence, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile

_DEPTH = 12  # of lists and maps around a step
_NAMED = re.compile(r"(?:\A|/)bitbucket-pipelines[^/]*\Z")
_SCHEME = "docker://"
_IMAGE = re.compile(r"(?:[A-Z0-9]+_)*IMAGE(?:_NAME|_URI|_REF)?\Z")
_BUILDS = re.compile(r"push|build|ecr|publish")
_SCRIPTS = ("script", "after-script")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images that steps run in and beside, and what their scripts and pipes name."""
    parsed = parse(source)
    named = bool(_NAMED.search(source.path))
    documents = [document for document in parsed.documents if _is_configuration(document, named)]
    if documents or named:
        yield from problems(parsed, Role.STEP)
    for document in documents:
        yield from distinct_items(_configuration(source.path, document))
    if named:
        yield from unread(source, parsed, ("image",), Role.STEP)


def _is_configuration(document: Node, named: bool) -> bool:
    return type(document) is Mapping and (named or type(document.get("pipelines")) is Mapping)


def _configuration(path: str, document: Node) -> Iterator[Item]:
    scope = Environment(path, SHELL, place="as a repository variable, or with a default under variables")
    if type(document) is Mapping:
        yield from _image(document.get("image"), scope, Role.STEP)
        for _, service in entries(document.get("definitions", "services")):
            if type(service) is Mapping:
                yield from _image(service.get("image"), scope, Role.SERVICE)
        for step, inner in _Steps().within(document, scope):
            yield from _step(step, inner)


def _image(node: Node | None, scope: Environment, role: Role) -> Iterator[Candidate]:
    yield from scope.image(node.get("name") if type(node) is Mapping else node, role)


class _Steps:
    """Finds the steps of all pipelines and definitions, each once for the variables it has."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int], Environment] = {}

    def within(self, node: Node, scope: Environment, depth: int = 0) -> Iterator[tuple[Mapping, Environment]]:
        """Yield the steps at and below a node; a list of a custom pipeline may begin with variables."""
        if type(node) is Scalar or depth > _DEPTH or (id(node), id(scope)) in self._seen:
            return
        self._seen[id(node), id(scope)] = scope
        if type(node) is Sequence:
            scope = scope.having(_variables(node))
            for item in node.items:
                yield from self.within(item, scope, depth + 1)
        for key, inner in entries(node):
            if key == "step" and type(inner) is Mapping:
                yield inner, scope
            elif key not in ("script", "after-script", "variables", "services"):
                yield from self.within(inner, scope, depth + 1)


def _variables(pipeline: Sequence) -> Assigned:
    """Return what whoever starts a pipeline can choose: `{name: …, default: …, allowed-values: […]}`."""
    found = {}
    for item in pipeline.items:
        for variable in items(item.get("variables")) if type(item) is Mapping else ():
            if type(variable) is Mapping:
                nodes = [*scalars(variable.get("default")), *scalars(variable.get("allowed-values"))]
                if texts := {node.value: node.text for node in nodes}:
                    found[value(variable, "name")] = tuple(texts.values())
    return found


def _step(step: Mapping, scope: Environment) -> Iterator[Item]:
    yield from _image(step.get("image"), scope, Role.STEP)
    for key in _SCRIPTS:
        yield from scope.run(joined(*(scalar.text for scalar in scalars(step.get(key)))))
        for item in items(step.get(key)):
            if type(item) is Mapping:
                yield from _pipe(item, scope)


def _pipe(pipe: Mapping, scope: Environment) -> Iterator[Candidate]:
    name = value(pipe, "pipe")
    if name.startswith(_SCHEME):
        yield from scope.image(pipe.get("pipe"), Role.STEP)
    for variable, node in entries(pipe.get("variables")):
        if _IMAGE.match(variable) and type(node) is Scalar and (":" in node.value or "/" in node.value):
            role = Role.OUTPUT if _BUILDS.search(name) else Role.SCRIPT
            for candidate in scope.image(node, role, Confidence.HEURISTIC):
                if not candidate.problem or role is Role.OUTPUT:
                    yield candidate


FORMAT = Format(
    name="bitbucket_pipelines",
    patterns=("bitbucket-pipelines*.{yml,yaml}", "*-pipelines.{yml,yaml}"),
    words=((b"pipelines", b"definitions"),),
    extract=extract,
    builds=True,
    specification="https://support.atlassian.com/bitbucket-cloud/docs/docker-image-options/",
)
