"""Batch files of Windows: what docker, podman, kubectl and the like pull."""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._batch import LONGEST, Batch
from planner.formats._commands import found
from planner.formats._scripts import WORDS, Finding, settled
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield what the commands of a batch file name."""
    folders = (posixpath.dirname(source.path), "")
    script = Batch(source.path)
    for words in script.commands(source.text):
        yield from settled(found(words), source.path, folders)
    for line in script.unread:
        reason = f"line of {len(line)} characters is not read: cmd runs none longer than {LONGEST}"
        yield Candidate(Text(), Role.SCRIPT, max(line.start, 0), str(line)[:80], problem=reason)


FORMAT = Format(
    name="batch",
    patterns=("*.{bat,cmd,BAT,CMD}",),
    words=WORDS,
    extract=extract,
    builds=True,
    specification="https://learn.microsoft.com/windows-server/administration/windows-commands/cmd",
)
