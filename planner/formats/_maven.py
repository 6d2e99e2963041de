"""Maven's project files: the plugins of a project, and its properties as they are filled in.

https://maven.apache.org/pom.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planner.formats._base import Candidate, Given
from planner.formats._ci_environment import Environment
from planner.formats._docker_commands import image
from planner.formats._shell_words import Word
from planner.formats._xml import Element, Xml, parse
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

PATTERNS = ("pom.xml", "pom.*.xml", "*.pom", "*-pom.xml", "pom-*.xml", ".flattened-pom.xml")

_PROPERTY = re.compile(r"\$\{(?P<name>[^${}\s]++)\}")
_OWN = ("version", "artifactId", "groupId", "name", "packaging")
_INHERITED = ("version", "groupId")
_HERE = ("project.basedir", "basedir", "pom.basedir")


@dataclass(frozen=True, slots=True)
class Pom:
    """A project file."""

    source: SourceFile
    xml: Xml
    project: Element
    environment: Environment

    @classmethod
    def read(cls, source: SourceFile, given: Given) -> "Pom":
        """Read a file; `given` are the properties of its parents, which its own override."""
        xml = parse(source)
        project = xml.root.first("project") or Element("project", 0)
        inherited = given if project.first("parent") else {}
        known: dict[str, tuple[Text, ...]] = {name: (value,) for name, value in inherited.items()}
        known |= {name: (value,) for name, value in _built_in(project).items()}
        known |= properties(project)
        return cls(source, xml, project, Environment(source.path, _PROPERTY, known, place="in <properties>"))

    def configurations(self, *artifacts: str) -> Iterator[tuple[str, Element]]:
        """Yield how plugins are configured, with their names: for all their executions, or for one."""
        for plugin in self.plugins(*artifacts):
            name = plugin.says("artifactId")
            for path in (("configuration",), ("executions", "execution", "configuration")):
                for configuration in plugin.all(*path):
                    yield name, configuration

    def plugins(self, *artifacts: str) -> Iterator[Element]:
        """Yield plugins by their names, of profiles and of the management of plugins as well."""
        for plugin in self.project.below("plugin"):
            if plugin.says("artifactId") in artifacts:
                yield plugin

    def word(self, element: Element) -> Word:
        """Return what an element says, with properties filled in."""
        return self.environment.word(element.text)

    def images(self, elements: Iterator[Element], role: Role) -> Iterator[Candidate]:
        """Yield the images that elements name."""
        for element in elements:
            yield from image(self.word(element), role)

    def set_to(self, pattern: re.Pattern[str]) -> Iterator[Element]:
        """Yield the properties whose whole name matches: they configure a plugin from outside."""
        for element in _set(self.project):
            if pattern.fullmatch(element.name):
                yield element

    def problems(self, role: Role) -> Iterator[Candidate]:
        """Yield why the file could not be read to its end."""
        if self.xml.problem:
            line = self.source.text[self.xml.offset : self.xml.offset + 200].partition("\n")[0].strip()
            yield Candidate(Text(), role, self.xml.offset, line or "<", problem=self.xml.problem)


def properties(project: Element) -> Mapping[str, tuple[Text, ...]]:
    """Return the properties that a file sets; profiles give them more values."""
    found: dict[str, tuple[Text, ...]] = {}
    for element in _set(project):
        found[element.name] = (*found.get(element.name, ()), element.text)
    return found


def _set(project: Element) -> Iterator[Element]:
    yield from project.all("properties", "*")
    yield from project.all("profiles", "profile", "properties", "*")


def _built_in(project: Element) -> Mapping[str, Text]:
    found = dict.fromkeys(_HERE, Text.of("."))
    for name in _OWN:
        own = project.first(name) or (project.first("parent", name) if name in _INHERITED else None)
        if own is not None:
            found |= {f"project.{name}": own.text, f"pom.{name}": own.text}
    for name in _INHERITED:
        if parent := project.first("parent", name):
            found |= {f"project.parent.{name}": parent.text, f"parent.{name}": parent.text}
    return found
