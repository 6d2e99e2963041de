"""Crossplane: the packages of providers, functions and configurations, and the images that these run.

A package without a registry comes from the registry that the installed Crossplane was started with, which
differs from version to version: such a name is reported, not guessed.
"""

import re
from collections.abc import Iterator

from planner.formats import _manifest
from planner.formats._base import Candidate, Format, Given
from planner.formats._image_fields import filled, written
from planner.formats._kubernetes_kinds import CROSSPLANE
from planner.formats._kubernetes_objects import images, kind_of, of_kind
from planner.formats._placeholders import settled
from planner.formats._select import scalars_at, select
from planner.formats._yaml import Mapping, Scalar, parse
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_KINDS = re.compile(CROSSPLANE)
_DEPENDS_ON = ("provider", "configuration", "function", "package")
_HOST = re.compile(r"(?:[^/\s]*[.:][^/\s]*|localhost)/")
_EXACT = re.compile(r"v?\d+(?:\.\d+){0,3}(?:[-+][\w.+-]+)?\Z", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
_NO_HOST = (
    "no registry is named: the --registry of the installed Crossplane gives it; write it in front of the name"
)


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield the packages that are installed or depended on, and images that runtimes are given."""
    for each in of_kind(parse(source), _KINDS):
        for candidate in _object(each, source):
            yield settled(candidate, given)


def _object(node: Mapping, source: SourceFile) -> Iterator[Candidate]:
    yield from images(node, source)
    for package in scalars_at(node, "spec.package"):
        yield _package(package.text)
    for dependency in select(node, "spec.dependsOn[]"):
        yield from _dependency(dependency, _DEPENDS_ON) if type(dependency) is Mapping else ()
    if kind_of(node).endswith(" Lock"):  # what the package manager has installed
        for each in select(node, "packages[]"):
            yield from _dependency(each, ("source",)) if type(each) is Mapping else ()
    for repository in scalars_at(node, "spec.repository"):
        yield written(repository, Role.OUTPUT, Confidence.CERTAIN)


def _package(name: Text, problem: str = "") -> Candidate:
    problem = problem if _HOST.match(str(name)) or str(name).startswith(("$", "{{")) else _NO_HOST
    return Candidate(name, Role.CHART, max(name.start, 0), str(name), problem=problem)


def _dependency(node: Mapping, keys: tuple[str, ...]) -> Iterator[Candidate]:
    version = filled(node.get("version"))
    for name in filter(None, (filled(node.get(key)) for key in keys)):
        yield _versioned(name, version)


def _versioned(name: Scalar, version: Scalar | None) -> Candidate:
    if version is None:
        return _package(name.text)
    if _DIGEST.match(version.value):
        return _package(Text.join((name.text, Text.of("@"), version.text)))
    if _EXACT.match(version.value):
        return _package(Text.join((name.text, Text.of(":"), version.text)))
    return _package(name.text, f"version {version.value!r} is a range: installing settles it")


FORMAT = Format(
    name="crossplane",
    patterns=_manifest.PATTERNS,
    words=((b"pkg.crossplane.io/", b"meta.dev.upbound.io/"),),
    extract=extract,
    specification="https://docs.crossplane.io/latest/packages/providers/",
    by_content=True,
)
