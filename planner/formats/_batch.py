"""Batch files of Windows as command lines: words, with the variables that the file sets.

https://learn.microsoft.com/windows-server/administration/windows-commands/set_1
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from planner.formats._shell_variables import parted
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, expand, named
from planner.model.source import Text

_CONTINUED = re.compile(r"\^[ \t]*\r?\n[ \t]*")
_COMMENT = re.compile(r"(?i)[ \t@(]*(?:rem(?=\s|\Z)|::)")
_LEAD = re.compile(
    r"(?i)[ \t@()]*(?:(?:else|do|call|start(?:[ \t]+\"[^\"]*\")?(?:[ \t]+/\w+)*|cmd(?:\.exe)?(?:[ \t]+/\w+)+)"
    r"(?=[ \t(])[ \t(]*)*"
)
_CONDITION = re.compile(
    r"(?i)[ \t@()]*(?:else[ \t]+)?if[ \t]+(?:/i[ \t]+)?(?:not[ \t]+)?"
    r"(?:(?:exist|errorlevel|defined)[ \t]+(?:\"[^\"]*\"|\S+)"
    r"|(?:\"[^\"]*\"|[^\s=\"]+)[ \t]*==[ \t]*(?:\"[^\"]*\"|[^\s\"]+)"
    r"|\S+[ \t]+(?:equ|neq|lss|leq|gtr|geq)[ \t]+\S+)[ \t]*"
)
_LOOP = re.compile(r"(?i)[ \t@()]*for[ \t]+(?P<variable>%%?\w)[ \t]+in[ \t]*\((?P<items>[^()]*)\)[ \t]*do\b")
_SET = re.compile(
    r"(?i)[ \t@()]*set[ \t]+(?P<quote>\")?(?P<name>[A-Za-z_][^=\"\s/]*)=(?P<value>[^\n]*?)"
    r"(?(quote)\"[^\"\n]*|)[ \t\r]*\Z"
)
_SEPARATOR = re.compile(r"(?:\"[^\"\n]*\"|\^.|[^&|\"^\n]|\"|\^)++")
_WORD = re.compile(r"(?:\"[^\"]*\"|\^.|[^\s\"])+")
_VARIABLE = re.compile(
    r"%%(?P<loop>\w)|%~?\w*(?P<argument>[0-9*])|%(?P<name>[A-Za-z_][\w.()-]*)(?P<cut>:[^%]*)?%|!(?P<late>[A-Za-z_]\w*)!|\^(?P<escaped>.)|(?P<quote>\")"
)


@dataclass(slots=True)
class Batch:
    """Reads a file once, from its beginning to its end."""

    path: str
    values: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    depth: int = 0  # of open brackets: what is set in them is set in a branch

    def commands(self, text: str) -> Iterator[list[Word]]:
        """Yield the words of each command."""
        for line in _lines(text):
            if _COMMENT.match(str(line)):
                continue
            loop = _LOOP.match(str(line))
            if loop:
                items = [part for word in _words(line.cut(*loop.span("items"))) for part in self._parts(word)]
                self.values[loop["variable"].lstrip("%")] = tuple(v for word in items for v in word.choices())
                line = line.cut(loop.end(), len(line))
            for command in _SEPARATOR.finditer(str(line)):
                yield from self._command(line.cut(*command.span()))
            self.depth = max(self.depth + str(line).count("(") - str(line).count(")"), 0)

    def _command(self, line: Text) -> Iterator[list[Word]]:
        condition = _CONDITION.match(str(line))
        branch = condition is not None or self.depth > 0
        line = line.cut(condition.end() if condition else 0, len(line))
        if found := _SET.match(str(line)):
            value = self._word(line.cut(*found.span("value")), quotes=False)
            name = found["name"].lower()
            before = tuple(each for each in self.values.get(name, ()) if branch and not each.problem)
            self.values[name] = tuple(dict.fromkeys((*before, *value.choices())))[:MOST_CHOICES]
            return
        lead = _LEAD.match(str(line))
        line = line.cut(lead.end() if lead else 0, len(line))
        words = [part for word in _words(line) for part in self._parts(word)]
        if words:
            yield words

    def _parts(self, text: Text) -> list[Word]:
        return parted(self._word(text, quotes=True))

    def _word(self, text: Text, *, quotes: bool) -> Word:
        def piece(written: Text, match: "re.Match[str]") -> Piece:
            return self._piece(written, match, quotes)

        return expand(text, _VARIABLE, piece)

    def _piece(self, written: Text, match: "re.Match[str]", quotes: bool) -> Piece:
        if match["quote"]:
            return Piece.literal(Text() if quotes else written)
        if match["escaped"]:
            return Piece.literal(written.cut(1, 2))
        name = match["loop"] or match["name"] or match["late"] or ""
        known = self.values.get(name if match["loop"] else name.lower())
        if known and not match["cut"]:
            return Piece(written, tuple(named(name, value) for value in known), name, splits=True)
        if match["argument"] or match["loop"] or match["cut"]:
            return Piece.unknown(written, match[0], f"{match[0]} is known only when the file runs")
        return Piece.unknown(written, name, f"{name} is not set in {self.path}")


def _lines(text: str) -> Iterator[Text]:
    """Yield lines; one that ends in `^` goes on in the next."""
    pieces: list[Text] = []
    position = 0
    for match in re.finditer(r"[^\n]*(?:\n|\Z)", text):
        line = match[0].rstrip("\r\n")
        goes_on = line.rstrip().endswith("^") and not line.rstrip().endswith("^^")
        content = line.rstrip()[:-1] if goes_on else line
        lead = len(content) - len(content.lstrip()) if pieces else 0
        pieces += Text.at(match.start() + lead, content[lead:]), Text.of(" ") if goes_on else Text()
        if not goes_on:
            yield Text.join(pieces)
            pieces = []
        position = match.end()
    if pieces and position:
        yield Text.join(pieces)


def _words(line: Text) -> Iterator[Text]:
    for match in _WORD.finditer(str(line)):
        yield line.cut(*match.span())
