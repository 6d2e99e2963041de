"""Batch files of Windows as command lines: words, with the variables that the file sets.

https://learn.microsoft.com/windows-server/administration/windows-commands/set_1
"""

import re
from collections.abc import Iterator

from msgspec import Struct, field

from planner.formats._commands import PROGRAMS
from planner.formats._shell_parted import parted
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, expand, named
from planner.model.source import Text

LONGEST = 8191  # characters of a line that cmd runs, joined with those that it goes on in:
# https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation
_MATTERS = re.compile(rf"(?i)[%!^]|\b(?:set|for)\b|{PROGRAMS.pattern}")  # all others run nothing that pulls
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
_SIGN = re.compile(r"[%!^\"]")  # one is in everything that the next matches
_GOES_ON = ("^", " ", "\t")
_VARIABLE = re.compile(
    r"%%(?P<loop>\w)|%~?\w*(?P<argument>[0-9*])|%(?P<name>[A-Za-z_][\w.()-]*)(?P<cut>:[^%]*)?%|!(?P<late>[A-Za-z_]\w*)!|\^(?P<escaped>.)|(?P<quote>\")"
)


class Batch(Struct):
    """Reads a file once, from its beginning to its end."""

    path: str
    values: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    depth: int = 0  # of open brackets: what is set in them is set in a branch
    unread: list[Text] = field(default_factory=list)  # lines that are too long

    def commands(self, text: str) -> Iterator[list[Word]]:
        """Yield the words of each command."""
        for line in _lines(text):
            string = str(line)
            if _COMMENT.match(string):
                continue
            if len(string) > LONGEST:
                self.unread.append(line)
                continue
            if loop := _LOOP.match(string):
                items = [part for word in _words(line.cut(*loop.span("items"))) for part in self._parts(word)]
                self.values[loop["variable"].lstrip("%")] = tuple(v for word in items for v in word.choices())
                line = line.cut(loop.end(), len(line))
                string = str(line)
            if _MATTERS.search(string):
                cut = line.cutter()
                for command in _SEPARATOR.finditer(string):
                    yield from self._command(cut(*command.span()))
            self.depth = max(self.depth + string.count("(") - string.count(")"), 0)

    def _command(self, line: Text) -> Iterator[list[Word]]:
        condition = _CONDITION.match(str(line))
        branch = condition is not None or self.depth > 0
        if condition:
            line = line.cut(condition.end(), len(line))
        if found := _SET.match(str(line)):
            value = self._word(line.cut(*found.span("value")), quotes=False)
            name = found["name"].lower()
            before = tuple(each for each in self.values.get(name, ()) if branch and not each.problem)
            self.values[name] = tuple(dict.fromkeys((*before, *value.choices())))[:MOST_CHOICES]
            return
        lead = _LEAD.match(str(line))
        line = line.cut(lead.end(), len(line)) if lead and lead.end() else line
        words = [part for word in _words(line) for part in self._parts(word)]
        if words:
            yield words

    def _parts(self, text: Text) -> list[Word]:
        return parted(self._word(text, quotes=True))

    def _word(self, text: Text, *, quotes: bool) -> Word:
        if not _SIGN.search(str(text)):
            return Word((Piece.literal(text),), quoted=True)

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
    for whole in text.split("\n"):
        line = whole.rstrip("\r")
        goes_on = line.endswith(_GOES_ON) and line.rstrip().endswith("^") and not line.rstrip().endswith("^^")
        if goes_on or pieces:
            content = line.rstrip()[:-1] if goes_on else line
            lead = len(content) - len(content.lstrip()) if pieces else 0
            pieces += Text.at(position + lead, content[lead:]), Text.of(" ") if goes_on else Text()
        if not goes_on:
            yield Text.join(pieces) if pieces else Text.at(position, line)
            pieces = []
        position += len(whole) + 1
    if pieces:
        yield Text.join(pieces)


def _words(line: Text) -> Iterator[Text]:
    cut = line.cutter()
    for match in _WORD.finditer(str(line)):
        yield cut(*match.span())
