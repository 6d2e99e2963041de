"""Lefthook: what the commands of Git hooks pull."""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Format, Given
from planner.formats._ci import problems
from planner.formats._scripts import WORDS, Finding, findings
from planner.formats._select import scalars_at
from planner.formats._yaml import parse
from planner.model.inventory import Role
from planner.model.source import SourceFile

_COMMANDS = ("*.commands.*.run", "*.jobs[].run", "*.jobs[].group.jobs[].run", "*.scripts.*.runner")


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield what the commands of the hooks name."""
    parsed = parse(source)
    yield from problems(parsed, Role.SCRIPT)
    for document in parsed.documents:
        for path in _COMMANDS:
            found = {id(scalar): scalar for scalar in scalars_at(document, path)}  # an alias says nothing new
            for scalar in found.values():
                yield from findings(scalar.text, source.path, {}, (posixpath.dirname(source.path), ""))


FORMAT = Format(
    name="lefthook",
    patterns=("{lefthook,.lefthook,lefthook-local,.lefthook-local}.{yml,yaml,json}",),
    words=((b"run", b"runner"), *WORDS),
    extract=extract,
    builds=True,
    specification="https://lefthook.dev/configuration/",
)
