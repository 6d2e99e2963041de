"""Maven: the images that commands of a build name, and settings that are named after an image.

The settings of plugins that build images are read by the formats of those plugins. A POM that others inherit
from tells them its properties.
"""

import posixpath
import re
from collections.abc import Iterator

from planner.formats import _maven as maven
from planner.formats._base import Candidate, Format, Given, Item
from planner.formats._command_fields import shell_lines, words_of
from planner.formats._image_fields import plausible, versioned
from planner.formats._jib_defaults import CONFIGURED
from planner.formats._maven import Pom
from planner.formats._shell_words import Piece, Word
from planner.formats._xml import Element, attribute
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_READ_BY = ("jib", "spring_boot", "jkube", "maven")
_USED = re.compile(r"\$\{([^${}]*)\}")
_IMAGE = re.compile(r"(?:^|[._-])image(?:[._-](?!name\b|version\b|tag\b|prefix\b)[\w.-]+)?\Z|Image\Z|IMAGE\Z")
_SETTINGS = frozenset({"systemPropertyVariables", "systemProperties", "environmentVariables", "properties"})
_EXEC = "exec-maven-plugin"


def extract(source: SourceFile, given: Given) -> Iterator[Item]:
    """Yield what commands and settings name, and the properties for other POMs."""
    pom = Pom.read(source, given)
    folder = posixpath.dirname(source.path)
    for plugin in pom.plugins(_EXEC):
        for configuration in maven.configurations(plugin):
            yield from _command(pom, configuration, folder)
    for element in pom.root.walk():
        if element.name == "exec" and "executable" in element.attributes:
            yield from _task(pom, source, element, folder)
        elif element.name in _SETTINGS:
            yield from _settings(pom, element, source.text)
    marks = [CONFIGURED] if _sets_base(pom) else []
    for name in _READ_BY:
        yield from pom.bindings(name, marks)


def _sets_base(pom: Pom) -> bool:
    """Whether this file sets the base image of Jib for those that inherit from it."""
    found = (each for plugin in pom.plugins("jib-maven-plugin") for each in maven.configurations(plugin))
    return any(each.first("from", "image") for each in found) or bool(pom.setting("jib.from.image"))


def _command(pom: Pom, found: Element, folder: str) -> Iterator[Item]:
    program = found.first("executable")
    if program is None or not program.pieces:
        return
    words = [pom.word(program.text), *(pom.word(each.text) for each in found.all("arguments", "argument"))]
    line = found.first("commandlineArgs")
    if line is not None and line.pieces:
        blank = Piece.literal(Text.of(" "))
        script = Word((*words[0].pieces, blank, *pom.word(line.text).pieces))
        yield from shell_lines((script,), pom.path, folder)
    else:
        yield from words_of(words, pom.path, folder)


def _task(pom: Pom, source: SourceFile, task: Element, folder: str) -> Iterator[Item]:
    """Read `<exec executable="docker"><arg value="pull"/><arg line="…"/></exec>` of Ant."""
    words = [pom.word(attribute(source, task, "executable"))]
    for each in task.all("arg"):
        if value := attribute(source, each, "value"):
            words.append(pom.word(value))
        elif line := attribute(source, each, "line"):
            words += [pom.word(line.cut(*match.span())) for match in re.finditer(r"\S+", str(line))]
    yield from words_of(words, pom.path, folder)


def _settings(pom: Pom, section: Element, text: str) -> Iterator[Candidate]:
    """Yield what is named after an image and looks like one; a property that the file uses is read there."""
    role = Role.WORKLOAD if section.name == "properties" else Role.TEST
    used = frozenset(_USED.findall(text)) if section.name == "properties" else frozenset()
    for each in section.children:
        if each.children or not each.pieces or each.name in used or not _IMAGE.search(each.name):
            continue
        for candidate in pom.word(each.text).candidates(role, Confidence.HEURISTIC):
            value = str(candidate.value)
            if not candidate.problem and versioned(value) and plausible(value, bare=True):
                yield candidate


FORMAT = Format(
    name="maven",
    patterns=maven.PATTERNS,
    words=((*maven.AGGREGATORS, b"mage>", b"IMAGE>", b"exec", b"image."),),
    extract=extract,
    specification=maven.SPECIFICATION,
    general=True,
)
