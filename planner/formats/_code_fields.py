"""Which values of a program belong to a whole file or to a class; what a function names may be anything."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from planner.formats._code_file import CodeFile
from planner.model.source import SourceFile

_FIELD = re.compile(r"\A\s*@|\b(?:static|final|private|public|protected|internal|readonly|pub)\b")


def blocks(file: CodeFile) -> Iterator[tuple[int, int]]:
    """Yield where `const (` and `var (` of Go begin and end that are in no function, in their order."""
    for group in file.groups:
        if group.name in ("const", "var") and group.parent < 0 and group.closed < len(file.tokens):
            yield group.start, file.tokens[group.closed].start


def is_field(source: SourceFile, start: int, found: Sequence[tuple[int, int]]) -> bool:
    """Whether a value is that of a whole file or of a class; `found` are the blocks of the file."""
    place = max(start, 0)
    _, column = source.position(place)
    before = source.text[place - column + 1 : place]
    if not before[:1].isspace() or _FIELD.search(before):
        return True
    last = bisect_right(found, (start, 0)) - 1
    return last >= 0 and start < found[last][1]
