""".NET projects: the base image of the container that `dotnet publish` makes, and the names it gets.

Properties are known where the same file sets them, or a `Directory.Build.props` above it. What the SDK takes
where no base is set is no image of Docker Hub.
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from planner.formats._base import Binding, Candidate, Format, Given
from planner.formats._msbuild import Properties
from planner.formats._passed_settings import PATTERNS, passed, property_of_build
from planner.formats._shell_words import LONGEST
from planner.formats._xml import parse, problems
from planner.model.inventory import Role
from planner.model.source import SourceFile

_PROJECT = re.compile(r"(?i)\.(?:\w*proj|props|targets|pubxml)\Z")
_INHERITED = re.compile(r"(?:\A|/)Directory\.Build\.props\Z")
_BASE = "ContainerBaseImage"
_NAMES = ("ContainerRepository", "ContainerImageName")  # the second is the old name of the first
_MOST = 16  # tags of an image
_PASSED = property_of_build(_BASE)


def extract(source: SourceFile, given: Given) -> Iterator[Candidate | Binding]:
    """Yield the base images and the names of a project, or the base image that a command line sets."""
    if not _PROJECT.search(source.path):
        yield from passed(source, _PASSED, Role.BASE)
        return
    parsed = parse(source)
    if _BASE in source.text:
        yield from problems(parsed, Role.BASE)
    if parsed.root is None or parsed.root.name != "Project":
        return
    properties = Properties(parsed.root, given)
    for base in properties.named(_BASE):
        yield from base.word.candidates(Role.BASE)
    yield from _outputs(properties)
    if _INHERITED.search(source.path):
        known = {each.name: value for each in properties.found if (value := properties.value(each.name))}
        yield Binding(posixpath.join(posixpath.dirname(source.path), "**"), "dotnet", known, always=True)


def _outputs(properties: Properties) -> Iterator[Candidate]:
    """Yield the names that are pushed: `ContainerRegistry/ContainerRepository:ContainerImageTag`."""
    registry = next((each.word for each in properties.named("ContainerRegistry")), None)
    tags = [each.word for each in properties.named("ContainerImageTag")]
    for each in islice(properties.named("ContainerImageTags"), _MOST):
        tags += each.word.cut(0, LONGEST).split(";")[:_MOST]
    del tags[_MOST:]
    for name in properties.named(*_NAMES):
        full = name.word if registry is None or not str(registry) else registry.joined("/", name.word)
        for word in [full.joined(":", tag) for tag in tags if str(tag)] or [full]:
            for built in word.candidates(Role.OUTPUT):
                yield replace(built, start=max(name.element.text.start, name.element.start))


FORMAT = Format(
    name="dotnet",
    patterns=("*.{*proj,props,targets,pubxml}", *PATTERNS),
    words=(
        (
            b"ContainerBaseImage",
            b"ContainerRepository",
            b"ContainerImageName",
            b"<Project>",
            b"<Project xmlns",
        ),
    ),
    extract=extract,
    specification="https://learn.microsoft.com/en-us/dotnet/core/containers/publish-configuration",
)
