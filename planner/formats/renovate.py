"""Renovate: the images that the rules of its configuration apply to.

A rule for a datasource or a manager of images is about images. One for every kind of dependency is about an
image where it names a registry, or where something in the tree is an image of that name.
"""

import re
from collections.abc import Iterator

from planner.formats import _jsonc
from planner.formats._base import Candidate, Format, Given
from planner.formats._ci import scalars
from planner.formats._rules import expressions, is_of_images, names, prefixes
from planner.formats._select import select
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.inventory import Confidence
from planner.model.source import SourceFile

_NAMES = ("matchPackageNames", "excludePackageNames", "matchDepNames", "excludeDepNames", "packageNames")
_PREFIXES = ("matchPackagePrefixes", "excludePackagePrefixes", "matchDepPrefixes", "excludeDepPrefixes")
_EXPRESSIONS = (
    "matchPackagePatterns", "excludePackagePatterns", "matchDepPatterns", "excludeDepPatterns",
    "packagePatterns",
)  # fmt: skip
_MANAGERS = frozenset(
    {"dockerfile", "docker-compose", "kubernetes", "helm-values", "kustomize", "gitlabci", "circleci",
     "droneci", "woodpecker", "devcontainer", "cloudbuild", "quadlet", "batect", "tekton", "vela",
     "bitbucket-pipelines"}
)  # fmt: skip
_OF_IMAGES = _MANAGERS | {"docker"}  # the datasource
_SCOPES = ("matchDatasources", "datasources", "matchManagers", "managers")
_REGEX = re.compile(r"(?s)!?/(?P<inner>.+)/[a-z]*\Z")
_EVERYTHING = frozenset({"*", "**", "*/*", "/.*/"})


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the names and patterns of the rules that are or may be about images."""
    for document in _jsonc.parse(source).documents:
        for section in (document, *select(document, "renovate")):
            yield from _rules(section, images=False, depth=5)


def _rules(section: Node, *, images: bool, depth: int) -> Iterator[Candidate]:
    """Yield what the rules of a section name; the sections of managers have rules of their own."""
    if type(section) is not Mapping:
        return
    for rule in select(section, "packageRules[]"):
        if type(rule) is Mapping:
            scope = {each.value for key in _SCOPES for each in scalars(rule.get(key))}
            if not scope or scope & _OF_IMAGES:
                yield from _named(rule, images=images or bool(scope))
    yield from _list(section.get("ignoreDeps"), images=images)
    for key, inner in section.entries() if depth else ():
        if key.value in ("docker", *_MANAGERS):
            yield from _rules(inner, images=True, depth=depth - 1)


def _named(rule: Mapping, *, images: bool) -> Iterator[Candidate]:
    for key in _NAMES:
        yield from _list(rule.get(key), images=images)
    for key in _PREFIXES:
        yield from prefixes(
            each.text for each in scalars(rule.get(key)) if images or is_of_images(each.value)
        )
    for key in _EXPRESSIONS:
        found = (each for each in scalars(rule.get(key)) if images or is_of_images(each.value))
        yield from expressions(each.text for each in found)


def _list(node: Node | None, *, images: bool) -> Iterator[Candidate]:
    for scalar in scalars(node):
        yield from _entry(scalar, images=images)


def _entry(scalar: Scalar, *, images: bool) -> Iterator[Candidate]:
    """Yield one entry: a name, a glob, or an expression between slashes; a `!` before it excludes."""
    if scalar.value in _EVERYTHING:
        return
    sure = images or is_of_images(scalar.value)
    if expression := _REGEX.match(scalar.value):
        if images or is_of_images(expression["inner"]):
            yield from expressions((scalar.text.cut(*expression.span("inner")),))
        return
    for candidate in names((scalar.text,), Confidence.CERTAIN if sure else Confidence.HEURISTIC):
        if sure or candidate.syntax is None:
            yield candidate


FORMAT = Format(
    name="renovate",
    patterns=(
        "renovate*.json{,5,c}",
        ".renovaterc{,.json,.json5}",
        "{renovate,.renovate,renovate-config,renovate-presets}/**/*.json{,5}",
        "package.json",
        "default.json{,5}",
    ),
    words=((b"packageRules", b"ignoreDeps"),),
    extract=extract,
    builds=True,
    specification="https://docs.renovatebot.com/configuration-options/#packagerules",
)
