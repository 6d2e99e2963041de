"""Quarkus, Micronaut and Spring settings: base and builder images, services for tests, names that are built.

Names of distributions such as `mandrel` stand for images that Quarkus knows. A profile (`%dev.`) may give a
setting one more value.
"""

import re
from collections.abc import Iterator
from itertools import chain

from planner.formats import _maven as maven
from planner.formats._base import Candidate, Format, Given, Item
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
_PROFILE = re.compile(r'\A"?%[\w,-]++"?\.')
_EXPRESSION = re.compile(r"\$\{(?P<name>[^${}:]++)(?::(?P<default>[^${}]*+))?\}")
_DISTRIBUTIONS = frozenset({"mandrel", "graalvm", "mandrel-native-image", "none"})
_MOST_VALUES = 16  # of one setting, in different profiles
_LOCAL = ("docker:", "tar:")
_OWN_NAME = "quarkus.container-image."
_POM = (".xml", ".pom")


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield the images that an application is built on, tested with and deployed beside."""
    if source.path.endswith(_POM):
        pom = maven.Pom.read(source, given)
        for name in (*_BASES, _BUILT):
            for word in pom.setting(name)[:_MOST_VALUES]:
                yield from _image(Role.OUTPUT if name == _BUILT else Role.BASE, word)
        yield from pom.bindings("quarkus")
        return
    settings = list(_settings(source))
    known: dict[str, list[Text]] = {}
    for key, value in settings:
        values = known.setdefault(_plain(key), [])
        if len(values) < _MOST_VALUES:
            values.append(value)
    scope = Environment(source.path, _EXPRESSION, {key: tuple(values) for key, values in known.items()})
    for key, value in settings:
        if role := _role(_plain(key)):
            yield from distinct_items(_image(role, scope.word(value)))
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


def _plain(key: str) -> str:
    """Return a key without its profile."""
    return _PROFILE.sub("", key, count=1) if "%" in key[:2] else key


def _role(key: str) -> Role | None:
    return next((role for role, pattern in _ROLES if pattern.fullmatch(key)), None)


def _image(role: Role, word: Word) -> Iterator[Candidate]:
    text = str(word)
    if text.lower() not in _DISTRIBUTIONS and not text.startswith(_LOCAL):
        yield from word.candidates(role)


def _name(settings: dict[str, Text], scope: Environment) -> Iterator[Candidate]:
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
