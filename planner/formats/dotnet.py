""".NET projects: the base image of the container that `dotnet publish` makes, and the names it gets.

Properties are known where the same file sets them, or a `Directory.Build.props` above it. What the SDK takes
where no base is set is no image of Docker Hub.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._passed_settings import PATTERNS, passed, property_of_build
from planner.formats._scopes import Scope
from planner.formats._shell_words import LONGEST, Piece, Value, Word
from planner.formats._xml import Element, parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_PROJECT = re.compile(r"(?i)\.(?:\w+proj|props|targets|pubxml|proj)\Z")
_INHERITED = re.compile(r"(?:\A|/)Directory\.(?:Build|Packages)\.props\Z")
_PROPERTY = re.compile(r"\$\((?P<name>[A-Za-z_][\w.-]*+)\)")
_MISSING = "{name} is set neither in this file nor in a Directory.Build.props above it"
_BASE = "ContainerBaseImage"
_NAMES = ("ContainerRepository", "ContainerImageName")  # the second is the old name of the first
_ROUNDS = 4  # of properties in properties
_MOST = 8  # values of a property, and names that are pushed
_PASSED = property_of_build(_BASE)


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the base images and the names of a project, or what a command line sets."""
    if not _PROJECT.search(source.path):
        yield from passed(source, _PASSED, Role.BASE)
        return
    parsed = parse(source)
    if _BASE in source.text:
        yield from problems(parsed, Role.BASE)
    if parsed.root is None:
        return
    properties = [
        element
        for group in parsed.root.walk()
        if group.name == "PropertyGroup"
        for element in group.children
    ]
    scope = _scope(properties, given)
    for element in properties:
        if element.name == _BASE:
            yield from scope.word(element.text).candidates(Role.BASE)
    yield from _outputs(properties, scope)
    if _INHERITED.search(source.path):
        folder = posixpath.dirname(source.path)
        yield Binding(f"{folder}/**".lstrip("/"), "dotnet", _inherited(properties, scope), always=True)
