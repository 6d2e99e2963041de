"""PowerShell as command lines: statements as words, with the variables that the script sets.

https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parsing
"""

import re
from collections.abc import Iterator

from msgspec import Struct, field

from planner.formats._shell_parted import parted
from planner.formats._shell_words import MOST_CHOICES, Piece, Value, Word, expand, named
from planner.model.source import Text

_TOKEN = re.compile(
    r"""(?xsi)
      (?P<comment> <\#(?:[^#]|\#(?!>))*+(?:\#>|\Z) | (?<![\w:/.-])\#[^\n]*+ )
    | (?P<space> (?:[ \t]|`\r?\n)++ )
    | (?P<text> @"[ \t]*\r?\n(?P<here>(?:[^\n]|\n(?!"@))*+)(?:\n"@|\Z) )
    | (?P<raw> @'[ \t]*\r?\n(?P<raw_here>(?:[^\n]|\n(?!'@))*+)(?:\n'@|\Z) )
    | (?P<double> "(?:[^"`]|`.|"")*+(?:"|\Z) )
    | (?P<single> '(?:[^']|'')*+(?:'|\Z) )
    | (?P<splat> (?<![\w"'])@(?:\w+) )
    | (?P<variable> \$(?:\{[\w:]+\}|(?:(?:env|script|global|local|private):)?\w+) )
    | (?P<end> \r?\n | ;  | \|\|? | && | [{}()] )
    | (?P<comma> , )
    | (?P<word> [^\ \t\r\n;|{}()"'$`,@\#&]++ | @+(?=@) | . )
    """
)
_ASSIGNED = re.compile(
    r"(?i)(?:\[[\w.\[\] \t]*+)?\$\{?(?:(?:env|script|global|local|private):)?(?P<name>\w++)\}?[ \t]*+"
    r"(?P<sign>\+?=)(?!=)"
)
_INSIDE = {"here": "text", "raw_here": "raw"}  # groups in groups
_LEVEL = {"{": 1, "(": 1, "}": -1, ")": -1}
_LEADING = "[$"  # of an assignment
_LOOP = re.compile(r"\$(?P<name>\w+)[ \t]+in\b")
_IN_STRING = re.compile(
    r"(?si)`(?P<escaped>.)|(?P<quote>\"\")|\$(?:\{(?P<braced>[\w:]+)\}|\((?:\$(?P<inner>[\w:]+))?[^()]*\)"
    r"|(?P<bare>(?:(?:env|script|global|local):)?\w+))"
)
_EXPANDED = re.compile(r"[`$]|\"\"")  # one is in everything that the last matches
COMMAND = re.compile(r"(?:docker|podman|nerdctl|crane|skopeo|kubectl|helm)(?:\.exe)?")
_BARE = re.compile(r"[ \t]*+(?P<name>[A-Za-z_.&][\w.\\/-]*+)")  # text that is a value has quotes
_SCOPE = re.compile(r"(?i)(?:script|global|local|private):")


class Powershell(Struct):
    """Reads a script once, from its beginning to its end."""

    path: str
    script: Text
    values: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    arrays: dict[str, list[Word]] = field(default_factory=dict)

    def commands(self) -> Iterator[list[Word]]:
        """Yield the words of each command."""
        depth, before, string = 0, list[Word](), self._string
        for start, words, sign in self._statements():
            if string[start] in _LEADING and (assigned := _ASSIGNED.match(string, start)):
                values = _after_sign(words)
                if values and COMMAND.fullmatch(str(values[0])):
                    yield values
                if command := self._command(assigned.end()):
                    values = [command]
                scope = "env:" if str(words[0]).lower().startswith("$env:") else ""
                self._set(scope + assigned["name"], values, add=depth > 0 or assigned["sign"] == "+=")
            elif string[start] == "$" and (loop := _LOOP.match(string, start)):
                self._set(loop["name"], words[2:], add=False)
            elif words:
                if str(words[0]).lower() in ("foreach-object", "%", "foreach") and before:
                    self._set("_", before, add=False)
                else:
                    yield words
            before = words if sign == "|" else []
            depth = max(depth + _LEVEL[sign], 0) if sign in ("{", "}") else depth

    @property
    def _string(self) -> str:
        return str(self.script)

    def _command(self, start: int) -> Word | None:
        """Return what a command puts out that is assigned: what begins with neither a quote nor a sign."""
        match = _BARE.match(self._string, start)
        if match is None:
            return None
        text = f"what {match['name']} puts out is known only when the script runs"
        return Word((Piece.unknown(self.script.cut(*match.span("name")), match["name"], text),))

    def _statements(self) -> Iterator[tuple[int, list[Word], str]]:
        """Yield where statements start, their words, and what ends them."""
        string = self._string
        words: list[Word] = []
        pieces: list[Piece] = []
        start, target, opened, inside = -1, -1, False, 0
        for token in _TOKEN.finditer(string):
            kind = token.lastgroup or ""
            kind = _INSIDE.get(kind, kind)
            if start < 0 and kind not in ("comment", "space", "end"):
                start = token.start()
                assigned = _ASSIGNED.match(string, start) if string[start] in _LEADING else None
                target = assigned.start("name") if assigned else -1
            if kind in ("space", "comment", "end", "comma"):
                words += parted(Word(tuple(pieces))) if pieces else ()
                pieces = []
            if kind == "splat":
                words += self.arrays.get(token[0][1:].lower(), ())
            elif kind == "end":
                if token[0] == "(" and string[token.start() - 1 : token.start()] == "@" and not opened:
                    opened = True
                    words = words[:-1] if words and str(words[-1]) == "@" else words
                    continue
                if opened and token[0] != ")":
                    continue
                opened = False
                if start >= 0 or token[0] in ("{", "}"):
                    yield (start if start >= 0 else token.start()), words, token[0]
                inside = max(inside + _LEVEL[token[0]], 0) if token[0] in ("(", ")") else inside
                words, start = [], -1
            elif kind == "comma" and inside and not opened and _ASSIGNED.match(string, start):
                yield start, words, ","  # a parameter with its default
                words, start = [], -1
            elif kind == "variable" and token.start() < target < token.end():
                pieces.append(Piece.literal(self.script.cut(*token.span())))  # what it was counts no more
            elif kind == "word":
                if token[0] not in ("&", "`"):
                    pieces.append(Piece.literal(self.script.cut(*token.span())))
            elif kind not in ("space", "comment", "comma"):
                pieces += self._pieces(token, kind)
        if pieces or words:
            yield start, [*words, *(parted(Word(tuple(pieces))) if pieces else ())], ""

    def _pieces(self, token: "re.Match[str]", kind: str) -> Iterator[Piece]:
        match kind:
            case "double":
                end = token.end() - (1 if len(token[0]) > 1 and token[0].endswith('"') else 0)
                yield from self._expanded(token.start() + 1, end)
            case "text":
                yield from self._expanded(*token.span("here"))
            case "raw":
                yield Piece.literal(self.script.cut(*token.span("raw_here")))
            case "single":
                yield Piece.literal(
                    self.script.cut(token.start() + 1, max(token.end() - 1, token.start() + 1))
                )
            case "variable":
                written = self.script.cut(*token.span())
                yield self._variable(written, token[0].strip("${}"), splits=True)

    def _expanded(self, start: int, stop: int) -> tuple[Piece, ...]:
        if not _EXPANDED.search(self._string, start, stop):
            return (Piece.literal(self.script.cut(start, stop)),)
        found = expand(self.script.cut(start, stop), _IN_STRING, self._in_string).pieces
        return found or (Piece.literal(Text()),)

    def _in_string(self, written: Text, match: "re.Match[str]") -> Piece:
        if match["escaped"] or match["quote"]:
            return Piece.literal(written.cut(1, 2))
        name = match["braced"] or match["bare"] or match["inner"]
        if not name or (match["inner"] and len(match[0]) != len(name) + 4):
            return Piece.unknown(written, match[0], f"{match[0]} is computed when the script runs")
        return self._variable(written, name)

    def _variable(self, written: Text, name: str, *, splits: bool = False) -> Piece:
        key = _SCOPE.sub("", name).lower()
        if found := self.values.get(key):
            return Piece(written, tuple(named(name, value) for value in found), key, splits)
        return Piece.unknown(written, name, f"{name} is not set in {self.path}")

    def _set(self, name: str, words: list[Word], *, add: bool) -> None:
        before = self.values.get(name.lower(), ()) if add else ()
        known = tuple(value for value in before if not value.problem)
        found = tuple(value for word in words for value in word.choices())
        self.values[name.lower()] = tuple(dict.fromkeys((*known, *found)))[:MOST_CHOICES]
        self.arrays[name.lower()] = [*(self.arrays.get(name.lower(), []) if add else []), *words][
            :MOST_CHOICES
        ]


def _after_sign(words: list[Word]) -> list[Word]:
    """Return what stands after the sign of an assignment."""
    for index, word in enumerate(words):
        before, sign, _ = str(word).partition("=")
        if sign and before in ("", "+"):
            rest = word.cut(len(before) + 1)
            return [*([rest] if str(rest) else []), *words[index + 1 :]]
    return words[1:]
