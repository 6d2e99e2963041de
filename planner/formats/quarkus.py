"""Quarkus, Micronaut and Spring settings: base and builder images, services for tests, names that are built.

Names of distributions such as `mandrel` stand for images that Quarkus knows. A profile (`%dev.`) may give a
setting one more value.
"""

import re
from collections.abc import Iterator
from itertools import chain

from planner.formats import _maven as maven
from planner.formats._base import Format, Given, Item
from planner.formats._ci import is_set
from planner.formats._ci_environment import Environment, distinct_items
from planner.formats._properties import properties
from planner.formats._shell_words import Word
from planner.formats._yaml import Scalar, parse, problems, walk
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_BASES = (
    *(
        f"quarkus.{tool}.base-{kind}-image"
        for tool in ("jib", "openshift", "s2i")
        for kind in ("jvm", "native")
    ),
    *(f"quarkus.buildpack.{kind}-image" for kind in ("jvm-builder", "native-builder", "run")),
    "quarkus.native.builder-image",
    "quarkus.native.builder-image.image",
)
_BUILT = "quarkus.container-image.image"
_ROLES = (
    (Role.BASE, re.compile("|".join(map(re.escape, _BASES)))),
    (Role.OUTPUT, re.compile(re.escape(_BUILT))),
    (
        Role.WORKLOAD,
        re.compile(
            r"quarkus\.(?:kubernetes|openshift|knative)\."
            r"(?:(?:init-containers|sidecars|containers|init-tasks)\.[^=]+|init-task-defaults)\.image"
        ),
    ),
    (
        Role.TEST,
        re.compile(
            r"quarkus\.(?:.+\.)?devservices\.(?:[\w-]+\.)?image-name"
            r"|quarkus\.observability\.[\w-]+\.image-name"
            r"|(?:micronaut\.)?test-resources\.containers\..+\.image-name"
            r"|embedded\.[\w-]+\.docker-?[iI]mage"
        ),
    ),
)
_PROFILE = re.compile(r'"?%[\w,-]++"?\.')
_EXPRESSION = re.compile(r"\$\{(?P<name>[^${}:]++)(?::(?P<default>[^${}]*+))?\}")
_DISTRIBUTIONS = frozenset({"mandrel", "graalvm", "mandrel-native-image", "none"})
_LOCAL = ("docker:", "tar:")
_OWN_NAME = "quarkus.container-image."
_POM = (".xml", ".pom")


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images that an application is built on, tested with and deployed beside."""
    if source.path.endswith(_POM):
        pom = maven.Pom.read(source, given)
        for name in (*_BASES, _BUILT):
            for word in pom.setting(name):
                yield from _image(name, word)
        yield from pom.bindings("quarkus")
        return
    settings = list(_settings(source))
    known: dict[str, tuple[Text, ...]] = {}
    for key, value in settings:
        plain = _PROFILE.sub("", key, count=1)
        known[plain] = (*known.get(plain, ()), value)
    scope = Environment(source.path, _EXPRESSION, known)
    for key, value in settings:
        yield from distinct_items(_image(_PROFILE.sub("", key, count=1), scope.word(value)))
    yield from _name(dict(settings), scope)
    if source.path.endswith((".yaml", ".yml")):
        yield from problems(source, parse(source), Role.TEST)


def _settings(source: SourceFile) -> Iterator[tuple[str, Text]]:
    """Yield keys, dotted, and values."""
    if not source.path.endswith((".yaml", ".yml")):
        yield from properties(source.text)
        return
    for path, node in chain.from_iterable(map(walk, parse(source).documents)):
        if type(node) is Scalar and is_set(node):
            yield ".".join(step for step in path if step != "~"), node.text.strip()


def _image(key: str, word: Word) -> Iterator[Item]:
    text = str(word)
    role = next((role for role, pattern in _ROLES if pattern.fullmatch(key)), None)
    if role is None or text.lower() in _DISTRIBUTIONS or text.startswith(_LOCAL):
        return
    yield from word.candidates(role)


def _name(settings: dict[str, Text], scope: Environment) -> Iterator[Item]:
    """Yield what is built where its parts are set: a missing group is the name of who builds."""
    parts = {name: settings.get(_OWN_NAME + name) for name in ("registry", "group", "name", "tag")}
    if parts["group"] and parts["name"]:
        pieces = [parts["registry"], Text.of("/"), parts["group"], Text.of("/"), parts["name"]]
        pieces = pieces if parts["registry"] else pieces[2:]
        pieces += [Text.of(":"), parts["tag"]] if parts["tag"] else []
        yield from scope.word(Text.join(piece for piece in pieces if piece)).candidates(Role.OUTPUT)


FORMAT = Format(
    name="quarkus",
    patterns=(
        "{application,bootstrap,microprofile-config}*.{properties,yaml,yml}",
        "gradle.properties",
        *maven.PATTERNS,
    ),
    words=(
        (b"mage", *maven.AGGREGATORS),
        (b"quarkus", b"test-resources", b"embedded", *maven.AGGREGATORS),
    ),
    extract=extract,
    specification="https://quarkus.io/guides/container-image",
)
