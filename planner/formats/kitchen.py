"""Test Kitchen: the images that platforms and suites are tested in with Docker, Podman or Dokken.

Without an image kitchen-docker makes one of the platform's name. Dokken takes Chef from an image.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import Candidate, Format, Given
from planner.formats._ci import items, value
from planner.formats._docker_commands import image
from planner.formats._image_fields import filled
from planner.formats._scopes import Scope, texts
from planner.formats._shell_words import Word
from planner.formats._yaml import Mapping, Node, Scalar, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_DRIVERS = frozenset({"docker", "podman", "dokken", "docker_cli"})
_NAMES_ITS_PLATFORM = frozenset({"docker", "docker_cli"})  # drivers that make an image of a platform's name
_SETTINGS = ("driver", "driver_config")
_RUBY = re.compile(
    r"<%=\s*ENV(?:\[|\.fetch\(\s*)['\"](?P<name>\w++)['\"]\s*\]?\s*"
    r"(?:(?:\|\||,)\s*['\"](?P<default>[^'\"]*)['\"]\s*)?\)?\s*-?%>|<%=(?P<bare>[^%]*+)%>"
)
_MISSING = "{name} is known only when kitchen reads the file"
_PLATFORM = re.compile(r"(?P<system>[a-z]+)-(?P<release>[\w.]+)\Z")


def extract(source: SourceFile, given: Given) -> Iterator[Candidate]:
    """Yield the images of platforms, suites and of the driver."""
    text = parse(source)
    scope = Scope(_RUBY, texts(given), _MISSING)
    for document in text.documents:
        if type(document) is Mapping:
            yield from _kitchen(document, scope)
    yield from problems(source, text, Role.TEST)


def _kitchen(document: Mapping, scope: Scope) -> Iterator[Candidate]:
    common = _driver(document)
    default = _image(document)
    if common in _DRIVERS and default is not None:
        yield from _named(default, scope)
    for key in ("platforms", "suites"):
        for each in items(document.get(key)):
            driver = _driver(each) or common
            if type(each) is Mapping and driver in _DRIVERS:
                own = _image(each)
                if own is not None:
                    yield from _named(own, scope)
                elif key == "platforms" and default is None and driver in _NAMES_ITS_PLATFORM:
                    yield from _of_platform(each)
    if common == "dokken":
        yield from _chef(document, scope)


def _driver(node: Node) -> str:
    """Return the name of the driver that a platform, or the whole file, is run with."""
    plugin = value(node, "driver_plugin") or value(node, "driver", "name") or value(node, "driver")
    return plugin.rpartition("/")[2]


def _image(node: Node) -> Scalar | None:
    settings = (node.get(key, "image") for key in _SETTINGS) if type(node) is Mapping else ()
    return next((found for each in settings if (found := filled(each))), None)


def _named(name: Scalar, scope: Scope) -> Iterator[Candidate]:
    yield from image(scope.word(name.text.strip()), Role.TEST)


def _of_platform(platform: Mapping) -> Iterator[Candidate]:
    """Yield what kitchen-docker takes for a platform without an image: `ubuntu-22.04` is `ubuntu:22.04`."""
    name = filled(platform.get("name"))
    match = _PLATFORM.match(name.value) if name else None
    if name is None or match is None:
        return
    system, release = (name.text.cut(*match.span(group)) for group in ("system", "release"))
    if str(system) == "centos":
        release = Text.of(f"centos{str(release).partition('.')[0]}")
    value = Text.of(f"docker.io/library/{system}:{release}")
    trail = ("set driver.image of the platform to move it",)
    yield Candidate(value, Role.IMPLICIT, max(name.text.start, 0), name.value, trail=trail)


def _chef(document: Mapping, scope: Scope) -> Iterator[Candidate]:
    """Yield the image that Dokken takes Chef from."""
    driver = document.get("driver")
    if type(driver) is not Mapping:
        return
    version, name = filled(driver.get("chef_version")), filled(driver.get("chef_image"))
    tag = scope.word(version.text) if version else Word.literal(Text.of("latest"))
    if str(tag) == "stable":
        tag = Word.literal(Text.of("latest"))
    if name:
        yield from _named(name, scope) if ":" in name.value else _joined(scope.word(name.text), tag)
        return
    start = filled(driver.get("name"))
    trail = ("set driver.chef_image to move it",)
    for candidate in _joined(Word.literal(Text.of("docker.io/chef/chef")), tag):
        place = start.text.start if start else driver.start
        yield replace(candidate, role=Role.IMPLICIT, start=max(place, 0), spelled="dokken", trail=trail)


def _joined(name: Word, tag: Word) -> Iterator[Candidate]:
    yield from image(Word((*name.pieces, *Word.literal(Text.of(":")).pieces, *tag.pieces)), Role.TEST)


FORMAT = Format(
    name="kitchen",
    patterns=("{.,}kitchen{,.*}.y{a,}ml",),
    words=((b"docker", b"podman", b"dokken"),),
    extract=extract,
    specification="https://kitchen.ci/docs/drivers/dokken/",
)
