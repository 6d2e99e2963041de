"""gradle.properties: values that the build scripts below its folder use; it names no image itself."""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Binding, Format, Given
from planner.formats._properties import properties
from planner.model.source import SourceFile

_READERS = ("jib", "spring_boot", "jkube", "gradle")


def extract(source: SourceFile, _given: Given) -> Iterator[Binding]:
    """Yield the properties for the build scripts."""
    folder = posixpath.dirname(source.path)
    known = {str(name): value for name, value in properties(source.text) if value}
    for reader in _READERS if known else ():
        yield Binding(f"{folder}/**" if folder else "**", reader, known, always=True)


FORMAT = Format(
    name="gradle_properties",
    patterns=("gradle.properties",),
    words=((b"=", b":"),),
    extract=extract,
    specification="https://docs.gradle.org/current/userguide/build_environment.html#sec:gradle_configuration_properties",
)
