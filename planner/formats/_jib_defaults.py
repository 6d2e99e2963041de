"""The base image that Jib takes where none is set, going by the Java version of a project.

https://github.com/GoogleContainerTools/jib/blob/master/docs/default_base_image.md
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate
from planner.formats._maven import Pom, configurations
from planner.formats._shell_words import Word
from planner.formats._xml import Element
from planner.model.inventory import Role
from planner.model.source import Text

CONFIGURED = "<jib>"  # a parent sets a base image
_SPRING = "org.springframework.boot:spring-boot-starter-parent:"
_VERSION = re.compile(r"(?:1\.)?(\d{1,9})(?:\.\d+)*\Z")
_PLUGIN_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})")
_MAVEN_DEFAULT = 6  # of the compiler plugin, as Jib supposes it
_TEMURIN = (8, 11, 17, 21, 25)
_ADOPTOPENJDK = (8, 11)
_KNOB = "set from.image of Jib to move it"


def java_version(text: str) -> int:
    """Return the number of a Java version: 8 of `1.8`; 0 of what is no version."""
    match = _VERSION.match(text.strip())
    return int(match[1]) if match else 0


def base(trigger: Text, java: int, *, web: bool, plugin: str = "") -> Iterator[Candidate]:
    """Yield the default for a Java version (0 is unknown); `plugin` is the version of Jib, if known."""
    version = _PLUGIN_VERSION.match(plugin)
    release = (int(version[1]), int(version[2])) if version else (9, 0)
    reference = ""
    if release >= (3, 0) and web:
        reference = "docker.io/library/jetty"
    elif release >= (3, 0) and java:
        name, known = ("eclipse-temurin", _TEMURIN) if release >= (3, 2) else ("adoptopenjdk", _ADOPTOPENJDK)
        fitting = next((each for each in known if java <= each), 0)
        suffix = "-jre"
        reference = f"docker.io/library/{name}:{fitting}{suffix}" if fitting else ""
    if reference:
        yield Candidate(
            Text.of(reference), Role.IMPLICIT, max(trigger.start, 0), str(trigger), trail=(_KNOB,)
        )


def of_maven(pom: Pom, plugin: Element) -> Iterator[Candidate]:
    """Yield the default for a POM in which no base image is set, nor in its parents."""
    outside = pom.ancestor
    if pom.marked(CONFIGURED) or (outside and not outside.startswith(_SPRING)):
        return
    name, version = plugin.first("artifactId"), plugin.first("version")
    if name is not None:
        known = _first(pom.word(version.text)) if version is not None else ""
        web = pom.root.value("packaging") == "war"
        yield from base(name.text, _compiled_for(pom, spring=bool(outside)), web=web, plugin=known)


def _compiled_for(pom: Pom, *, spring: bool) -> int:
    """Return the Java version in the order in which Jib asks: properties, then the compiler's settings."""
    names = ["maven.compiler.target", "maven.compiler.release", *(["java.version"] if spring else [])]
    for name in names:
        for text in pom.texts(name):
            return java_version(_first(pom.word(text)))
    for plugin in pom.plugins("maven-compiler-plugin"):
        for configuration in configurations(plugin):
            for key in ("target", "release"):
                for element in configuration.all(key):
                    return java_version(_first(pom.word(element.text)))
    return 0 if spring else _MAVEN_DEFAULT


def _first(word: Word) -> str:
    return str(word) if word.known else "?"
