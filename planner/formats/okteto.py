"""Okteto: the images of development containers and of what deploys and tests, and the images that are built.

`${OKTETO_BUILD_…}` stands for an image that this file builds.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Format, Given, Item
from planner.formats._ci import distinct, entries, items, scalars, value
from planner.formats._ci_environment import distinct_items
from planner.formats._command_fields import shell_line
from planner.formats._docker_commands import cache
from planner.formats._dockerfile_use import dockerfile_use
from planner.formats._scopes import DOLLAR, Scope
from planner.formats._select import scalars_at
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_MISSING = "{name} is set when okteto runs"
_OWN = re.compile(r"\$\{?OKTETO_BUILD_")
_IMAGES = (
    "image", "initContainer.image", "services[].image", "dev.*.image", "dev.*.initContainer.image",
    "dev.*.services[].image", "deploy.image", "destroy.image", "test.*.image",
)  # fmt: skip
_SCRIPTS = ("deploy", "deploy.commands", "destroy", "destroy.commands", "test.*.commands")
_SCOPE = Scope(DOLLAR, {}, _MISSING)


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of a manifest, and the values for the Dockerfiles it builds."""
    parsed = parse(source)
    for document in parsed.documents:
        if type(document) is Mapping and not document.get("apiVersion"):
            for path in _IMAGES:
                for scalar in scalars_at(document, path):
                    if not _OWN.match(scalar.value):
                        yield from _SCOPE.images(scalar, Role.WORKLOAD)
            yield from _builds(document, posixpath.dirname(source.path))
            for path in _SCRIPTS:
                yield from _scripts(document, path, source.path)
    yield from problems(source, parsed, Role.WORKLOAD)


def _builds(document: Mapping, root: str) -> Iterator[Item]:
    for _, build in entries(document.get("build")):
        if type(build) is not Mapping:
            continue
        for image in scalars_at(build, "image"):
            yield from _SCOPE.images(image, Role.OUTPUT)
        for key, role in (("cache_from", Role.CACHE), ("export_cache", Role.OUTPUT)):
            for scalar in scalars(build.get(key)):
                yield from distinct(cache(_SCOPE.word(scalar.text), role))
        arguments = {name: _SCOPE.word(text) for name, text in _arguments(build.get("args"))}
        context = value(build, "context") or "."
        yield from dockerfile_use(posixpath.join(root, context), ".", value(build, "dockerfile"), arguments)


def _arguments(section: Node | None) -> Iterator[tuple[str, Text]]:
    yield from ((name, node.text) for name, node in entries(section) if type(node) is Scalar)
    for scalar in scalars(section):
        name, equals, _ = scalar.value.partition("=")
        if equals:
            yield name, scalar.text.cut(len(name) + 1, len(scalar.text))


def _scripts(document: Mapping, path: str, file: str) -> Iterator[Item]:
    section = document.get(*path.split(".")) if "*" not in path else None
    nodes = [section] if section is not None else [each.get("commands") for each in _tests(document, path)]
    for command in (each for node in nodes for each in items(node)):
        line = command.get("command") if type(command) is Mapping else command
        if type(line) is Scalar:
            yield from distinct_items(shell_line(line.text, file, posixpath.dirname(file), {}))


def _tests(document: Mapping, path: str) -> Iterator[Mapping]:
    tests = entries(document.get("test")) if path.startswith("test") else ()
    yield from (node for _, node in tests if type(node) is Mapping)


FORMAT = Format(
    name="okteto",
    patterns=("okteto*.y{a,}ml", ".okteto/*.y{a,}ml"),
    words=((b"image", b"build", b"deploy"),),
    extract=extract,
    specification="https://www.okteto.com/docs/reference/okteto-manifest/",
)
