"""Maven: the properties that a parent gives to the projects below its folder; it names no image itself.

A project's own properties override those of its parents.
"""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Binding, Format, Given
from planner.formats._maven import PATTERNS, Pom, properties
from planner.model.source import SourceFile

_READERS = ("jib", "spring_boot", "jkube")
_LONGEST = 600  # characters; no reference is as long


def extract(source: SourceFile, given: Given) -> Iterator[Binding]:
    """Yield the properties for the modules of a project."""
    pom = Pom.read(source, given)
    if not any(True for _ in pom.project.below("module")):
        return
    known = {}
    for name in properties(pom.project):
        choices = list(pom.environment.values(name, pom.project.text))
        if len(choices) == 1 and not choices[0].problem and len(choices[0].text) <= _LONGEST:
            known[name] = choices[0].text
    folder = posixpath.dirname(source.path)
    for reader in _READERS if known else ():
        yield Binding(f"{folder}/**" if folder else "**", reader, known, always=True)


FORMAT = Format(
    name="maven",
    patterns=PATTERNS,
    words=((b"<module>",), (b"<properties>",)),
    extract=extract,
    specification="https://maven.apache.org/pom.html#properties",
)
