"""Commands in the fields of a file: a line for a shell, or a list of words.

What they build gives values to Dockerfiles.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from planner.formats._base import Binding, Candidate
from planner.formats._build_arguments import binding, dockerfile
from planner.formats._command_line import program
from planner.formats._commands import found, unwrapped
from planner.formats._docker_commands import Build, Found
from planner.formats._shell import commands
from planner.formats._shell_words import Value, Word
from planner.model.source import Text

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})
_COMMAND_FLAG = re.compile(r"-[a-zA-Z]*c")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|/|~|\$", re.IGNORECASE)

Variables = Mapping[str, tuple[Value, ...]]
NO_VARIABLES: Variables = {}


def shell_line(
    script: Text, path: str, folder: str, variables: Variables = NO_VARIABLES
) -> Iterator[Candidate | Binding]:
    """Yield what a script names; `folder` is where it runs, relative to the tree's root."""
    yield from bound(commands(script, path, variables), folder)


def words_of(
    words: Sequence[Word], path: str, folder: str, variables: Variables = NO_VARIABLES
) -> Iterator[Candidate | Binding]:
    """Yield what a command names that is started without a shell, or through `sh -c`."""
    script = _script(unwrapped(words))
    yield from bound(found(words) if script is None else commands(script, path, variables), folder)


def bound(items: Iterable[Found], folder: str) -> Iterator[Candidate | Binding]:
    """Yield candidates as they are, and builds as values for their Dockerfiles."""
    for item in items:
        if isinstance(item, Build):
            yield from _binding(item, posixpath.join(folder, item.folder))
        else:
            yield item


def known_text(word: Word) -> Text:
    """Return a word with what is known filled in and the rest as it is written, for a shell to read."""
    return Text.join(piece.values[0].text for piece in word.pieces)


def _script(words: Sequence[Word]) -> Text | None:
    """Return what `sh -c` is given, or None."""
    if program(words) in _SHELLS:
        for index, word in enumerate(words[1:-1], start=1):
            if _COMMAND_FLAG.fullmatch(str(word)):
                return known_text(words[index + 1])
    return None


def _binding(build: Build, folder: str) -> Iterator[Binding]:
    context, file = build.context, build.file
    if (context and not context.known) or (file and not file.known):
        return
    place, name = str(context or "."), str(file) if file else ""
    if not _ABSOLUTE.match(place):
        name = name or posixpath.join(place, "Dockerfile")
    if name and not _ABSOLUTE.match(name):
        yield from binding(dockerfile(folder, name), build.arguments)
