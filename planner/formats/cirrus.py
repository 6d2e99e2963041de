"""Cirrus CI: the containers of tasks, what their scripts run, and values for the Dockerfiles they build.

`macos_instance`, `gce_instance` and the like name virtual machines. Every `matrix` multiplies what holds it.
"""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Binding, Candidate, Format, Given, Item
from planner.formats._ci import entries, items, problems, scalars, unread, value
from planner.formats._ci_environment import SHELL, Environment, distinct_items, joined
from planner.formats._cirrus_matrix import Chain, get, rows, variants
from planner.formats._yaml import Mapping, Node, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_CONTAINERS = (
    "container", "arm_container", "windows_container", "gke_container", "eks_container", "aks_container",
    "eks_instance", "oke_instance", "azure_container_instance",
)  # fmt: skip
_MACHINES = (
    "macos_instance", "osx_instance", "freebsd_instance", "compute_engine_instance", "gce_instance",
    "ec2_instance", "persistent_worker",
)  # fmt: skip
_NESTED = 3  # caches in conditions
_WHEN = ("on_failure", "on_success", "always")


def extract(source: SourceFile, _given: Given) -> Iterator[Item]:
    """Yield the images of tasks and of pipes, what scripts name, and values for Dockerfiles."""
    parsed = parse(source)
    yield from problems(parsed, Role.STEP)
    for document in parsed.documents:
        if type(document) is Mapping:
            yield from distinct_items(_document(source.path, document))
    yield from unread(source, parsed, ("image",), Role.STEP)


def _document(path: str, document: Mapping) -> Iterator[Item]:
    scope = Environment(path, SHELL, place="under env").times(rows(document.get("env")))
    tasks = [(key, node) for key, node in entries(document) if type(node) is Mapping]
    inherits = False
    for key, task in tasks:
        if key.endswith("task"):
            for chain in variants(task):
                inherits = inherits or not _is_placed(chain)
                yield from _task((*chain, document) if not _is_placed(chain) else chain, chain, scope)
        elif key.endswith("docker_builder"):
            for chain in variants(task):
                yield from _scripts(chain, _within(chain, scope))
        elif key.endswith("pipe"):
            yield from _pipe(task, scope.times(rows(task.get("env"))))
    if not inherits:
        yield from _containers((document,), scope)


def _is_placed(chain: Chain) -> bool:
    """Tell whether a task says itself where it runs."""
    return any(get(chain, key) is not None for key in (*_CONTAINERS, *_MACHINES))


def _within(chain: Chain, scope: Environment) -> Environment:
    for section in reversed(chain):
        scope = scope.times(rows(section.get("env"))).times(rows(section.get("environment")))
    return scope


def _task(places: Chain, chain: Chain, scope: Environment) -> Iterator[Item]:
    inner = _within(chain, scope)
    yield from _containers(places, inner)
    yield from _scripts(chain, inner)


def _containers(places: Chain, scope: Environment) -> Iterator[Item]:
    isolated = get(places, "persistent_worker")
    nodes = [get(places, key) for key in _CONTAINERS]
    nodes += [isolated.get("isolation", "container")] if type(isolated) is Mapping else []
    for node in nodes:
        for container in variants(node) if type(node) is Mapping else ():
            yield from _container(container, scope)


def _container(container: Chain, scope: Environment) -> Iterator[Item]:
    yield from _image(get(container, "image"), scope, Role.STEP)
    for more in items(get(container, "additional_containers")):
        if type(more) is Mapping:
            yield from _image(more.get("image"), scope, Role.SERVICE)
    if dockerfile := value(get(container, "dockerfile")):
        for row in scope.each(dockerfile + _spelled(get(container, "docker_arguments"))):
            yield from _binding(dockerfile, get(container, "docker_arguments"), row)


def _spelled(node: Node | None) -> str:
    return " ".join(scalar.value for _, each in entries(node) for scalar in scalars(each))


def _binding(dockerfile: str, arguments: Node | None, scope: Environment) -> Iterator[Binding]:
    choices = {
        name: next(scope.word(scalar.text).choices(), None)
        for name, node in entries(arguments)
        for scalar in scalars(node)
    }
    known = {name: found.text for name, found in choices.items() if found is not None and not found.problem}
    if known:
        yield Binding(posixpath.normpath(dockerfile), "dockerfile", known)


def _image(node: Node | None, scope: Environment, role: Role) -> Iterator[Candidate]:
    choices = items(node.get("matrix")) if type(node) is Mapping else [node]
    for choice in choices:
        yield from scope.image(choice, role)


def _scripts(chain: Chain, scope: Environment, depth: int = 0) -> Iterator[Item]:
    """Read every script by itself: each is a process of its own."""
    for section in chain:
        for key, node in entries(section):
            if key.endswith("script"):
                yield from scope.run(joined(*(scalar.text for scalar in scalars(node))))
            elif type(node) is Mapping and (key in _WHEN or key.endswith("cache")) and depth < _NESTED:
                yield from _scripts((node,), scope, depth + 1)


def _pipe(pipe: Mapping, scope: Environment) -> Iterator[Item]:
    for step in items(pipe.get("steps")):
        if type(step) is Mapping:
            yield from _image(step.get("image"), scope, Role.STEP)
            yield from _scripts((step,), scope)


FORMAT = Format(
    name="cirrus",
    patterns=(".cirrus.{yml,yaml}", ".cirrus/**/*.{yml,yaml}", "*cirrus*.{yml,yaml}"),
    words=((b"image", b"script", b"dockerfile"),),
    extract=extract,
    builds=True,
    specification="https://cirrus-ci.org/guide/writing-tasks/",
)
