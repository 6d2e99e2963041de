"""POM files of Maven: plugins with their configurations, and properties, also those of parents.

A parent tells its properties to the files below it, by its path: each file follows its own chain of parents.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from planner.formats._base import Binding, Given
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, expand, named
from planner.formats._xml import Element, Xml, parse
from planner.model.source import SourceFile, Text

PATTERNS = ("pom.xml", "*.pom", "pom*.xml", "*-pom.xml", "*.pom.xml")
AGGREGATORS = (b"<modules>", b"<packaging>pom")  # what a file holds that others inherit from
SPECIFICATION = "https://maven.apache.org/pom.html"

_EXPRESSION = re.compile(r"\$\{(?P<name>[^${}]*)\}")
_DEPTH = 20  # of properties in properties; each is read once, wherever it stands
_MOST_PARENTS = 12
_MOST_BOUND = 3000  # properties of a file that others inherit
_LONGEST_BOUND = 300  # characters of one
_PARENT = ""  # the name under which a file tells where its own parent is


@dataclass(frozen=True, slots=True)
class Pom:
    """A POM and what it inherits."""

    path: str
    xml: Xml
    root: Element
    given: Given
    own: dict[str, tuple[Text, ...]]  # its properties; a profile may give one more value
    _read: dict[str, tuple[Value, ...]] = field(default_factory=dict, init=False, compare=False)

    @classmethod
    def read(cls, source: SourceFile, given: Given) -> "Pom":
        """Read a file as far as it can be read."""
        xml = parse(source)
        root = xml.root or Element("project", 0, {})
        own: dict[str, list[Text]] = {}
        for section in _sections(root):
            for each in section.all("properties", "*"):
                if not each.children and each.pieces:
                    own.setdefault(each.name, []).append(each.text)
        return cls(source.path, xml, root, given, {name: tuple(texts) for name, texts in own.items()})

    def word(self, text: Text, depth: int = 0) -> Word:
        """Return a text with its properties filled in."""

        def piece(written: Text, match: re.Match[str]) -> Piece:
            name = match["name"].strip()
            return Piece(
                written, tuple(named(name, each) for each in self.values(name, written, depth)), name
            )

        return expand(text, _EXPRESSION, piece)

    def values(self, name: str, written: Text, depth: int = 0) -> tuple[Value, ...]:
        """Return what a property can be, or why that is not known."""
        if name not in self._read and depth < _DEPTH:
            found = (value for text in self.texts(name) for value in self.word(text, depth + 1).choices())
            self._read[name] = tuple(islice(found, MOST_CHOICES))
        missing = f"{name} is not set in this file or its parents: set it under <properties>"
        return self._read.get(name, ()) or (Value(written, (), missing),)

    def texts(self, name: str) -> tuple[Text, ...]:
        """Return what a property is set to, here or in the nearest parent."""
        if name in self.own:
            return self.own[name]
        for path in self.parents:
            if (text := self.given.get(f"{path}\n{name}")) is not None:
                return (text,)
        if name.startswith(("project.", "pom.")):
            return self._of_project(name.partition(".")[2])
        return ()

    def setting(self, name: str) -> tuple[Word, ...]:
        """Return what this file sets a property to that a plugin heeds."""
        return tuple(self.word(text) for text in self.own.get(name, ()))

    def _of_project(self, name: str) -> tuple[Text, ...]:
        path = name.split(".")
        for place in (path, ["parent", *path]) if name in ("version", "groupId") else (path,):
            found = self.root.first(*place)
            if found is not None and not found.children and found.pieces:
                return (found.text,)
        return ()

    @property
    def parent(self) -> str:
        """The path of the parent, as this file tells it; empty where it has none in the tree."""
        parent = self.root.first("parent")
        if parent is None:
            return ""
        place = parent.first("relativePath")
        relative = "../pom.xml" if place is None else str(place.text)
        if not relative or "$" in relative:
            return ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), relative))
        path = path if path.endswith(".xml") or path.endswith(".pom") else posixpath.join(path, "pom.xml")
        return "" if path.startswith(("../", "/")) else path

    @property
    def parents(self) -> tuple[str, ...]:
        """The parents that have told their properties, the nearest first."""
        found: list[str] = []
        path = self.parent
        while path and len(found) < _MOST_PARENTS and (above := self.given.get(f"{path}\n{_PARENT}")):
            found.append(path)
            path = str(above).rstrip("\n")
        return tuple(found)

    @property
    def ancestor(self) -> str:
        """`group:artifact:version` of the first parent outside the tree; empty where there is none."""
        return str(self.given.get(f"{self.parents[-1]}\n<parent>", "")) if self.parents else coordinates(self)

    def plugins(self, *artifacts: str) -> Iterator[Element]:
        """Yield the plugins of these names, wherever they are set up."""
        for element in self.root.walk():
            if element.name == "plugin" and element.value("artifactId") in artifacts:
                yield element

    def bindings(self, name: str, marks: Iterable[str] = ()) -> Iterator[Binding]:
        """Yield what the files below inherit; `marks` are facts of this file that they ask for."""
        has_modules = any(True for section in _sections(self.root) for _ in section.all("modules", "module"))
        if not has_modules and self.root.value("packaging") != "pom":
            return
        folder = posixpath.dirname(self.path)
        folder = folder if has_modules else posixpath.dirname(folder)
        variables = {f"{self.path}\n{_PARENT}": Text.of(f"{self.parent}\n")}
        variables |= {f"{self.path}\n{mark}": Text.of("true") for mark in marks}
        if outside := coordinates(self):
            variables[f"{self.path}\n<parent>"] = Text.of(outside)
        for key, texts in islice(self.own.items(), _MOST_BOUND):
            if len(texts[0]) <= _LONGEST_BOUND:
                variables[f"{self.path}\n{key}"] = texts[0]
        yield Binding(f"{folder}/**" if folder else "**", name, variables, always=True)

    def marked(self, mark: str) -> bool:
        """Whether a parent has told a fact."""
        return any(f"{path}\n{mark}" in self.given for path in self.parents)


def coordinates(pom: Pom) -> str:
    """Return `group:artifact:version` of the parent that a file names."""
    parent = pom.root.first("parent")
    if parent is None:
        return ""
    return ":".join(parent.value(part) for part in ("groupId", "artifactId", "version"))


def configurations(plugin: Element) -> Iterator[Element]:
    """Yield the configuration of a plugin and those of its executions."""
    yield from plugin.all("configuration")
    yield from plugin.all("executions", "execution", "configuration")


def _sections(root: Element) -> Iterator[Element]:
    yield root
    yield from root.all("profiles", "profile")
