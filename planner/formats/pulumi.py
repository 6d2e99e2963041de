"""Pulumi: the images of containers that a program in TypeScript, Python, Go, C# or Java describes.

An image that the program builds (`new docker.Image`) is an output, and where it is used is skipped.
"""

from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._code import Group
from planner.formats._code_file import CodeFile
from planner.formats._container_fields import images, literal
from planner.model.inventory import Role
from planner.model.source import SourceFile

_REMOTE = frozenset(
    {"RemoteImage", "NewRemoteImage", "RemoteImageArgs", "RegistryImage", "RegistryImageArgs"}
)
_NAMES = ("name", "Name")
_BUILT = frozenset({"Image", "NewImage", "ImageArgs"})
_BUILT_NAMES = ("imageName", "image_name", "ImageName")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images of containers, those that are pulled by themselves, and those that are built."""
    file = CodeFile.read(source)
    yield from images(file)
    for group in file.groups:
        yield from _provider(file, group)


def _provider(file: CodeFile, group: Group) -> Iterator[Candidate]:
    """Read `docker.RemoteImage` and `docker.Image`, whose arguments stand in an object or in the call."""
    above = next(file.above(group), None)
    owner = group.method or (above.method if above is not None and group.bracket == "{" else "")
    if owner in _REMOTE and not owner.startswith("RegistryImage"):
        argument = group.keyword(*_NAMES)
        if argument is not None:
            yield from literal(file, argument)
    elif owner in _BUILT and (argument := group.keyword(*_BUILT_NAMES)) is not None:
        yield from literal(file, argument, Role.OUTPUT)


FORMAT = Format(
    name="pulumi",
    patterns=("*.{ts,tsx,mts,js,mjs,py,go,cs,java}",),
    words=((b"mage",), (b"pulumi", b"Pulumi")),
    extract=extract,
    own_code=True,
    specification="https://www.pulumi.com/registry/packages/docker/api-docs/remoteimage/",
)
