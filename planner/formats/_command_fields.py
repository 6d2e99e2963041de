"""Commands in the fields of a file: lines for a shell, or a list of words.

What the file fills in before the shell reads a line (`${var.x}`, `{{user `x`}}`) is no syntax of the shell:
it is covered while the line is read, and has its values. What is built gives values to Dockerfiles.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from planner.formats._base import Candidate, Embedded, Item
from planner.formats._command_line import program
from planner.formats._commands import found, unwrapped
from planner.formats._docker_commands import Found, Passed
from planner.formats._dockerfile_use import commanded
from planner.formats._shell import everything
from planner.formats._shell_words import Piece, Value, Word
from planner.model.source import Run, Text

_SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})
_COMMAND_FLAG = re.compile(r"-[a-zA-Z]*c")
NO_VARIABLES: Mapping[str, tuple[Value, ...]] = {}
_COVER = re.compile(r"\{\{cover\d+\}\}")


def shell_lines(lines: Iterable[Word], path: str, folder: str) -> Iterator[Item]:
    """Yield what the lines of one script name; `folder` is where it runs, relative to the tree's root."""
    script, variables, written = _covered(lines)
    for item in shell_line(script, path, folder, variables):
        if isinstance(item, Candidate):
            spelled = _COVER.sub(lambda match: written.get(match[0], match[0]), item.spelled)
            yield replace(item, spelled=spelled)
        else:
            yield item


def shell_line(
    script: Text, path: str, folder: str, variables: Mapping[str, tuple[Value, ...]] = NO_VARIABLES
) -> Iterator[Item]:
    """Yield what a script names in which nothing is filled in before a shell reads it, and files inside."""
    yield from bound(everything(script, path, variables), folder)


def bound(items: Iterable[Found | Embedded], folder: str) -> Iterator[Item]:
    """Yield candidates and files as they are, and what is passed on as values for other files."""
    passed: list[Passed] = []
    for item in items:
        if isinstance(item, Passed):
            passed.append(item)
        else:
            yield item
    if passed:
        yield from commanded(passed, (folder,))


def words_of(words: Sequence[Word], path: str, folder: str) -> Iterator[Item]:
    """Yield what a command names that is started without a shell, or through `sh -c`."""
    script = _script(unwrapped(words))
    yield from bound(found(words), folder) if script is None else shell_lines((script,), path, folder)


def known_text(word: Word) -> Text:
    """Return a word with what is known filled in and the rest as it is written."""
    return Text.join(piece.values[0].text for piece in word.pieces)


def _covered(lines: Iterable[Word]) -> tuple[Text, Mapping[str, tuple[Value, ...]], Mapping[str, str]]:
    """Return lines as one text in which variables have stand-ins, their values, and how they are written."""
    pieces: list[Text] = []
    variables: dict[str, tuple[Value, ...]] = {}
    written: dict[str, str] = {}
    for piece in (each for line in lines for each in (*line.pieces, Piece.literal(Text.of("\n")))):
        if not piece.name:
            pieces.append(piece.values[0].text)
            continue
        cover = f"{{{{cover{len(variables)}}}}}"
        variables[cover] = piece.values
        written[cover] = str(piece.written)
        pieces.append(Text((Run(cover, piece.written.start),)))
    return Text(tuple(run for piece in pieces for run in piece.runs)), variables, written


def _script(words: Sequence[Word]) -> Word | None:
    """Return what `sh -c` is given, or None."""
    if program(words) in _SHELLS:
        for index, word in enumerate(words[1:-1], start=1):
            if _COMMAND_FLAG.fullmatch(str(word)):
                return words[index + 1]
    return None
