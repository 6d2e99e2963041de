"""Batch files of Windows: what docker, podman, kubectl and their like pull."""

import posixpath
from collections.abc import Iterator

from planner.formats._base import Format, Given
from planner.formats._batch import Batch
from planner.formats._commands import found
from planner.formats._scripts import WORDS, Finding, settled
from planner.model.source import SourceFile


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield what the commands of a batch file name."""
    folders = (posixpath.dirname(source.path), "")
    for words in Batch(source.path).commands(source.text):
        yield from settled(found(words), source.path, folders)


FORMAT = Format(
    name="batch",
    patterns=("*.{bat,cmd,BAT,CMD}",),
    words=WORDS,
    extract=extract,
    builds=True,
    specification="https://learn.microsoft.com/windows-server/administration/windows-commands/cmd",
)
