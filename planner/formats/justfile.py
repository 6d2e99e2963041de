"""just: what the recipes of a justfile pull and build, with its variables and parameters filled in."""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._justfile import Justfile, backticks, read
from planner.formats._scripts import WORDS, Finding, findings
from planner.formats._shell_words import Value
from planner.formats._sourced import plain, taken
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_IMPORT = re.compile(r"(?m)^(?:import\??|mod\??[ \t]+\w+)[ \t]+['\"]([^'\"\n]+)['\"]")

_TOO_MANY = "recipes are called with more arguments than anyone writes: not read from this call on"


def extract(source: SourceFile, given: Given) -> Iterator[Finding]:
    """Yield what the recipes of a justfile name."""
    found = read(source.path, source.text)
    folders = (posixpath.dirname(source.path), "")
    names = (posixpath.normpath(match[1].lstrip("./")) for match in _IMPORT.finditer(source.text))
    outside = taken(given, (*names, ".env"), source.path) | plain(given)
    outer = {name: (Value(value),) for name, value in outside.items()}
    for recipe in found.uses():
        inner = _environment(found, recipe.exported, recipe.parameters)
        yield from findings(found.script(recipe), source.path, outer | inner, folders)
    if found.unread is not None:
        yield Candidate(Text(), Role.SCRIPT, found.unread.start, str(found.unread), problem=_TOO_MANY)
    for command in backticks(found):
        yield from findings(command, source.path, outer, folders)


def _environment(
    found: Justfile, exported: frozenset[str], parameters: Given
) -> dict[str, tuple[Value, ...]]:
    """Return what is exported to the commands of a recipe."""
    every = "set export" in found.settings
    own = {name: found.assignments[name] for name in found.assignments if every or name in found.exported}
    own |= {name: value for name, value in parameters.items() if every or name in exported}
    return {name: tuple(found.word(value, {}).choices()) for name, value in own.items()}


FORMAT = Format(
    name="justfile",
    patterns=("{justfile,Justfile,.justfile,JUSTFILE}", "*.just"),
    words=WORDS,
    extract=extract,
    builds=True,
    specification="https://just.systems/man/en/",
)
