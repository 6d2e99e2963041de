"""Compose files that belong together: those that one includes or extends, and the override beside it.

An override is joined with the file beside it without being asked for: what one of them builds is built in
the other (https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/). What is included or
extended sees the variables of who does that.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator

from planner.formats._base import Binding, Given
from planner.formats._compose_values import Use, is_set, scalars, text_of
from planner.formats._env_files import goes
from planner.formats._yaml import Mapping, Node, Scalar, Sequence
from planner.model.inventory import Role
from planner.model.source import Text

_JOINED = re.compile(r"(?:docker-)?compose(?P<override>\.override)?\.ya?ml")
_NAMES = tuple(f"{stem}{{}}.{end}" for stem in ("compose", "docker-compose") for end in ("yaml", "yml"))
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git@|github\.com/|~|/", re.IGNORECASE)
_ARTIFACT = "oci://"
_BUILT = "services."  # with a dot, which no variable of the environment has


def built_elsewhere(service: str, given: Given) -> bool:
    """Tell whether the file that this one is joined with builds a service."""
    return f"{_BUILT}{service}" in given


def artifacts(node: Node | None) -> Iterator[Use]:
    """Yield the Compose files that are pulled from a registry (`include: [oci://docker.io/acme/app:1]`)."""
    yield from (Use(scalar, Role.CHART, _artifact) for scalar in _files(node))


def extended(services: Iterable[Mapping]) -> Node:
    """Return the `extends` of services that name a file, as a list of what has a path."""
    found = Sequence(0, "")
    for service in services:
        extends = service.get("extends")
        file = extends.get("file") if type(extends) is Mapping else None
        if file is not None:
            found.items.append(file)
    return found


def builds(services: Iterable[tuple[str, Mapping]]) -> Iterator[str]:
    """Yield the names of the services that have a `build`."""
    yield from (name for name, service in services if is_set(service.get("build")))


def joined(path: str, services: Iterable[str]) -> Iterator[Binding]:
    """Yield for the files that this one is joined with which services are built here."""
    match = _JOINED.fullmatch(posixpath.basename(path))
    built = {f"{_BUILT}{name}": Text.of("build") for name in services}
    if match and built:
        other = "" if match["override"] else ".override"
        for name in _NAMES:
            yield Binding(_beside(path, name.format(other)), "compose", built, always=True)


def handed_on(path: str, nodes: Iterable[Node | None], given: Given) -> Iterator[Binding]:
    """Yield the variables of this file for those it names."""
    variables = {name: text for name, text in given.items() if not name.startswith(_BUILT)}
    if not variables:
        return
    for scalar in (scalar for node in nodes for scalar in _files(node)):
        name = text_of(scalar, given)
        if name and not name.problem and not _REMOTE.match(str(name.value)):
            target = _beside(path, str(name.value))
            if target != path and not target.startswith("../"):
                yield Binding(target, "compose", variables)


def with_variables(path: str, node: Node | None) -> Iterator[Binding]:
    """Yield, for the files of variables that an `include` names, which Compose files they are for."""
    for item in node.items if type(node) is Sequence else (node,):
        if type(item) is Mapping:
            files = [scalar.value for scalar in scalars(item.get("path"))]
            goes_to = [_beside(path, each) for each in files if not _REMOTE.match(each)]
            for scalar in scalars(item.get("env_file")):
                if not _REMOTE.match(scalar.value):
                    yield from goes(_beside(path, scalar.value), goes_to)


def _files(node: Node | None) -> Iterator[Scalar]:
    """Yield paths: one, a list, or what stands under `path` in either."""
    for item in node.items if type(node) is Sequence else (node,):
        yield from scalars(item.get("path") if type(item) is Mapping else item)


def _artifact(value: str) -> slice | None:
    return slice(len(_ARTIFACT), len(value)) if value.startswith(_ARTIFACT) else None


def _beside(path: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
