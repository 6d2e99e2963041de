"""PowerShell: what docker, podman, kubectl and the like pull in scripts and modules."""

import posixpath
import re
from collections.abc import Iterator

from planner.formats._base import Format, Given
from planner.formats._commands import found
from planner.formats._distinct import distinct
from planner.formats._powershell import Powershell
from planner.formats._scripts import WORDS, Finding, settled
from planner.formats._shell_words import Word
from planner.model.source import SourceFile, Text

_PRINTS = ("write-", "throw", "out-", "add-content", "set-content")
_DEPTH = 3  # of scripts in scripts
_RUNS_TEXT = frozenset({"invoke-expression", "iex"})


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield what the commands of a script name."""
    yield from distinct(_commands(Text.at(0, source.text), source.path, _DEPTH))


def _commands(script: Text, path: str, depth: int) -> Iterator[Finding]:
    for words in Powershell(path, script).commands():
        name = str(words[0]).lower()
        if name in _RUNS_TEXT and len(words) > 1 and depth:
            yield from _commands(words[-1].written, path, depth - 1)
        elif name == "start-process":
            yield from _found(_started(words), path)
        elif len(words) > 1 and not name.startswith(_PRINTS):  # a name alone pulls nothing
            yield from _found(words, path)


def _found(words: list[Word], path: str) -> Iterator[Finding]:
    yield from settled(found(words), path, (posixpath.dirname(path), ""))


def _started(words: list[Word]) -> list[Word]:
    """Return the command line that `Start-Process docker -ArgumentList "run", "x"` starts."""
    rest = [
        word
        for word in words[1:]
        if not re.match(r"(?i)-(?:argumentlist|args|filepath|nonewwindow|wait)", str(word))
    ]
    return [part for word in rest for part in word.split(" ")]


FORMAT = Format(
    name="powershell",
    patterns=("*.{ps1,psm1,psd1}", "*.ps1.{tmpl,tpl,tftpl,j2,in,template}"),
    words=WORDS,
    extract=extract,
    builds=True,
    specification="https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing",
)
