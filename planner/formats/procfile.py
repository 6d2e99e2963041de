"""Procfiles: what the processes that Foreman, Overmind and the like start in development pull."""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Format, Given
from planner.formats._scripts import WORDS, Finding, findings
from planner.formats._shell_words import Value
from planner.formats._sourced import plain, taken
from planner.model.source import SourceFile, Text

_PROCESS = re.compile(r"(?m)^[\w.-]+:[ \t]*([^\n]+)")


def extract(source: SourceFile, given: Given) -> Iterator[Finding]:
    """Yield what the commands of the processes name."""
    known = {
        name: (Value(value),) for name, value in (taken(given, (".env",), source.path) | plain(given)).items()
    }
    folders = (posixpath.dirname(source.path), "")
    for process in _PROCESS.finditer(source.text):
        yield from findings(Text.at(process.start(1), process[1]), source.path, known, folders)


FORMAT = Format(
    name="procfile",
    patterns=("Procfile", "Procfile.*", "*.procfile"),
    words=WORDS,
    extract=extract,
    specification="https://devcenter.heroku.com/articles/procfile",
)
