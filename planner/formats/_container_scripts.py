"""What a container is started with: a program and its arguments, or a shell and its script."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from planner.formats._base import Candidate, Embedded
from planner.formats._ci import distinct
from planner.formats._commands import found
from planner.formats._shell import everything
from planner.formats._shell_words import Value, Word
from planner.formats._yaml import Scalar

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh"})
_SCRIPT = re.compile(r"-[a-zA-Z]*c[a-zA-Z]*\Z")


def started(
    words: Sequence[Scalar], path: str, values: Mapping[str, tuple[Value, ...]]
) -> Iterator[Candidate | Embedded]:
    """Yield what a command line names, and files in its script; `values` are the variables that it sees."""
    for index, word in enumerate(words[:-1]):
        if posixpath.basename(word.value) in _SHELLS:
            for position in range(index + 1, len(words) - 1):
                if _SCRIPT.match(words[position].value):
                    named = list(everything(words[position + 1].text, path, values))
                    yield from distinct(item for item in named if not isinstance(item, Embedded))
                    yield from (item for item in named if isinstance(item, Embedded))
                    return
    if words:
        yield from distinct(found([Word.literal(word.text) for word in words]))
