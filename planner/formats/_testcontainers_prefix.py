"""The prefix that Testcontainers puts before names of Docker Hub: a property, or a variable.

It is put before a name that has no registry, as it stands; `library/` is not added. On the JVM it has to end
with a slash itself, all others put one between. The property is read from the class path by the JVM, the
variable by all but the Rust and Ruby versions; that for Python reads it since 4.15, and is taken not to.
https://java.testcontainers.org/features/image_name_substitution/#automatically-modifying-docker-hub-image-names
"""

import posixpath
import re
from collections.abc import Iterator

from msgspec.structs import replace

from planner.formats._base import Addition, Binding, Candidate, Given
from planner.formats._messages import decode, encode
from planner.model.inventory import Confidence, Role
from planner.model.source import Part, SourceFile, Text

KEY = "hub.image.name.prefix"
VARIABLE = "TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX"
_FILE = "testcontainers.properties"
_SET = re.compile(rf"(?m)^[ \t\f]*+{re.escape(KEY)}[ \t]*+[=:][ \t]*+(?P<prefix>[^\s\\]*+)")
_PLACE = f"place of {KEY}"
_NAMES = frozenset({KEY, VARIABLE, _PLACE})  # with dots or capitals alone: no constant of a class
_NO_VARIABLE = (".py", ".rs", ".rb")
_NO_PROPERTY = (".go", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".cs", *_NO_VARIABLE)
_HOST = re.compile(r"[^/]*[.:][^/]*/|localhost/")
_STARTED = (Role.TEST, Role.IMPLICIT)
_ASIDE = frozenset({"src", "ci", "script", "scripts", "hack", "tools", "build", "test", "tests", "docker"})


def project(path: str) -> str:
    """Return the folder that a setting is for: `web` of `web/src/test/testcontainers.properties`."""
    folders = path.split("/")[:-1]
    aside = [index for index, name in enumerate(folders) if name in _ASIDE or name.startswith(".")]
    return "/".join(folders[: aside[0]] if aside else folders)


def below(folder: str) -> str:
    """Return all that is below a folder, as a binding aims at it."""
    return f"{folder}/**" if folder else "**"


def bindings(source: SourceFile) -> Iterator[Binding]:
    """Yield, of a file of properties, the prefix or where it would stand, for the tests of its project."""
    if posixpath.basename(source.path) != _FILE or not source.text:
        return
    target = below(project(source.path))
    if found := list(_SET.finditer(source.text)):
        text = Text.at(found[-1].start("prefix"), found[-1]["prefix"])
        yield Binding(target, "testcontainers", {KEY: text}, always=True)
        return
    end = len(source.text.rstrip("\r\n"))
    feed = "\r\n" if "\r\n" in source.text else "\n"
    place = Text.of(encode((end, f"{feed}{KEY}=")))
    yield Binding(target, "testcontainers", {_PLACE: place}, always=True)


def others(given: Given) -> Given:
    """Return what is given besides."""
    return {name: text for name, text in given.items() if name not in _NAMES}


def prefixed(candidate: Candidate, given: Given, path: str) -> Candidate:
    """Return an image of a test as it is called with the prefix, or with where that would be set."""
    value = str(candidate.value)
    if candidate.role not in _STARTED or candidate.problem or not value or _HOST.match(value):
        return candidate
    name, prefix = next(((each, given[each]) for each in _read(path) if given.get(each)), ("", Text()))
    if prefix:
        trail = f"{name}={prefix} ({prefix.runs[0].path})"
        slash = path.endswith(_NO_PROPERTY) and not str(prefix).endswith("/")
        return replace(
            candidate,
            value=Text.join((prefix, Text.of("/" if slash else ""), candidate.value)),
            confidence=Confidence.RESOLVED,
            trail=(*candidate.trail, trail),
            additions=(),
        )
    place = given.get(_PLACE)
    if place is None or path.endswith(_NO_PROPERTY):
        return candidate
    start, lead = decode(str(place), tuple[int, str])
    more = Addition(Part.PREFIX, start, lead=lead, path=place.runs[0].path)
    return replace(candidate, additions=(*candidate.additions, more))


def _read(path: str) -> Iterator[str]:
    """Yield the settings that tests of a file's language read, the first one wins."""
    if not path.endswith(_NO_VARIABLE):
        yield VARIABLE
    if not path.endswith(_NO_PROPERTY):
        yield KEY
