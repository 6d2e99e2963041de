"""Shell scripts as tree-sitter sees them: what must be covered before parsing, and nodes as words.

Every character that is not ASCII is covered by one that is, so that the byte offsets of the tree are offsets
of the script; so are template expressions, which a shell never sees.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from msgspec.structs import replace

from planner.formats._shell_layout import covered, laid_out, readable, without_tabs
from planner.formats._shell_transforms import transform
from planner.formats._shell_words import Piece, Value, Word, named
from planner.model.source import Text

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

DEPTH = 40  # of expansions in expansions

_CARRIAGE_RETURN = re.compile(r"\r(?<!\\\r)(?=\n)")  # after a backslash the grammar knows it
_OTHERS = re.compile(r"[^\t\n\r -~]")  # that the grammar need not see
_BARE = re.compile(r"\$\w+\Z")
_WHERE = re.compile(r"\$\([ \t]*(?:which|command -v|type -[pP])[ \t]+(?P<program>[\w.-]+)")
_PARAMETER = re.compile(r"\$\{(!?[A-Za-z_]\w*|[0-9]+|[@*#?!$-])(\[[^\]]*\])?(:?[-=?+])?")
_EXPANSIONS = frozenset(
    {"simple_expansion", "expansion", "command_substitution", "process_substitution", "arithmetic_expansion"}
)
_WORDS = frozenset(
    {"word", "number", "string", "raw_string", "ansi_c_string", "translated_string", "concatenation",
     "brace_expression", *_EXPANSIONS}
)  # fmt: skip
IN_COMMANDS = _WORDS | {"command_name"}  # the words of a command
_SIMPLE = frozenset({"word", "number", "command_name"})
_LITERAL = frozenset(
    {"string_content", "variable_name", "special_variable_name", "word", "number"}
)  # in words
_PLAIN = re.compile(r"[\w./:,=@%+-]++")  # nearly every word: nothing to take away, nothing to look up

Lookup = Callable[[str], tuple[Value, ...]]  # the values of a variable or of an expression, () if it has none
Assign = Callable[[str, tuple[Value, ...]], None]


@cache
def _parser() -> Parser:
    # imported here: most scans meet no script that mentions containers
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


def is_word(node: Node) -> bool:
    """Tell whether a child of a command is one of its words."""
    return node.type in _WORDS


class Script:
    """A script and its tree.

    It may be given as a word: its variables are those of the program that fills them in before a shell reads
    the script, as make does.
    """

    def __init__(self, script: Text | Word, path: str) -> None:
        self.path = path
        self.text, self._macros = (script, {}) if isinstance(script, Text) else laid_out(script)
        self.string = str(self.text)
        shown = _CARRIAGE_RETURN.sub("\n", covered(self.string, self._macros))
        spans = [(start, stop) for start, (stop, _) in self._macros.items()]
        shown, filled = readable(shown)
        self.expressions = sorted((*spans, *filled))
        self.root = _parser().parse(_OTHERS.sub("_", shown).encode()).root_node
        self.is_filled = bool(self._macros)  # whether something stands for more than is written
        self.has_continued = "\\\n" in self.string or "\\\r\n" in self.string
        self.has_arrays = "[@]}" in self.string or "[*]}" in self.string
        self.has_inputs = "<<" in self.string or "|" in self.string
        self._starts = [start for start, _ in self.expressions]
        self._runs = [0, *accumulate(len(run.text) for run in self.text.runs)]  # where each begins

    def cut(self, start: int, stop: int) -> Text:
        """Return a part of the script; a script in YAML is a run for each line, so the first is looked up."""
        if start >= stop:
            return Text()
        if len(self.text.runs) == 1:  # of a file
            return self.text.cut(start, stop)
        low = bisect_right(self._runs, start) - 1
        high = bisect_left(self._runs, stop)
        return Text(self.text.runs[low:high]).cut(start - self._runs[low], stop - self._runs[low])

    def spelled(self, node: Node) -> str:
        """Return a node's own text."""
        return self.string[node.start_byte : node.end_byte]

    def word(self, node: Node, lookup: Lookup, assign: Assign) -> Word:
        """Return a node as a word, its variables looked up."""
        if (plain := self.plain(node)) is not None:
            return plain
        pieces = tuple(self._pieces(node, lookup, assign, False, 0))
        return Word(pieces, quoted="string" in node.type or node.type == "concatenation")

    def plain(self, node: Node) -> Word | None:
        """Return a node that says what is written, as nearly every word does."""
        if node.type not in _SIMPLE:
            return None
        start, stop = node.start_byte, node.end_byte
        if not _PLAIN.fullmatch(self.string, start, stop) or (self._starts and self._fills(start, stop)):
            return None
        return Word.literal(self.cut(start, stop))

    def _fills(self, start: int, stop: int) -> bool:
        """Tell whether something is filled in between two offsets."""
        return bisect_left(self._starts, start) < bisect_left(self._starts, stop)

    def heredoc(self, node: Node, lookup: Lookup, assign: Assign) -> Word:
        """Return what a heredoc holds; with a quoted delimiter, as it is written."""
        delimiter = next((child for child in node.children if child.type == "heredoc_start"), None)
        body = next((child for child in node.children if child.type == "heredoc_body"), None)
        if delimiter is None or body is None:
            return Word()
        if self.string[delimiter.start_byte] in "'\"\\":
            pieces = [Piece.literal(self.cut(body.start_byte, body.end_byte))]
        else:
            pieces = list(self._heredoc_pieces(body, lookup, assign))
        if any(child.type == "<<-" for child in node.children):
            pieces = [piece if piece.name else Piece.literal(without_tabs(piece.written)) for piece in pieces]
        return Word(tuple(pieces), quoted=True)

    def _heredoc_pieces(self, body: Node, lookup: Lookup, assign: Assign) -> Iterator[Piece]:
        start = body.start_byte
        for child in body.named_children:
            if child.type in _EXPANSIONS:
                yield from self._literal(start, child.start_byte, _HEREDOC_ESCAPE, lookup)
                yield from self._pieces(child, lookup, assign, True, 1)
                start = child.end_byte
        yield from self._literal(start, body.end_byte, _HEREDOC_ESCAPE, lookup)

    def _pieces(
        self, node: Node, lookup: Lookup, assign: Assign, quoted: bool, depth: int
    ) -> Iterator[Piece]:
        start, stop = node.start_byte, node.end_byte
        if node.type == "string" and (stop - start < 2 or self.string[stop - 1] != '"'):
            stop += 1  # the closing quote is missing
        if depth > DEPTH:
            yield self._unknown(node, "is nested too deep to be read")
            return
        match node.type:
            case "raw_string":
                yield from self._literal(start + 1, stop - 1, None, lookup)
            case "ansi_c_string":
                yield from self._literal(start + 2, stop - 1, _ANY_ESCAPE, lookup)
            case "string":
                yield from self._between(node, start + 1, stop - 1, lookup, assign, True, depth)
            case "translated_string":
                yield from self._between(node, start + 1, stop, lookup, assign, True, depth)
            case "concatenation" | "command_name":
                yield from self._between(node, start, stop, lookup, assign, quoted, depth)
            case "simple_expansion":
                yield self._variable(node, self.spelled(node)[1:], lookup, quoted)
            case "expansion":
                yield self._expansion(node, lookup, assign, quoted, depth)
            case kind if kind in _EXPANSIONS:
                yield self._computed(node, lookup)
            case _:
                yield from self._literal(start, stop, _QUOTED_ESCAPE if quoted else _ANY_ESCAPE, lookup)

    def _between(
        self, node: Node, start: int, stop: int, lookup: Lookup, assign: Assign, quoted: bool, depth: int
    ) -> Iterator[Piece]:
        """Read the children from `start` on; what stands between them is literal."""
        escape = _QUOTED_ESCAPE if quoted else _ANY_ESCAPE
        for child in node.named_children:
            if child.start_byte < start or child.type in _LITERAL:
                continue
            yield from self._literal(start, child.start_byte, escape, lookup)
            yield from self._pieces(child, lookup, assign, quoted, depth + 1)
            start = child.end_byte
        yield from self._literal(start, stop, escape, lookup)

    def _literal(
        self, start: int, stop: int, escape: re.Pattern[str] | None, lookup: Lookup
    ) -> Iterator[Piece]:
        """Read literal text: backslashes go, template expressions are variables."""
        for index in range(bisect_left(self._starts, start), len(self._starts)):
            low, high = self.expressions[index]
            if high > stop:
                break
            bare = low not in self._macros and _BARE.match(self.string, low, high)
            if bare and (escape is None or self.string[low - 1] == "\\"):
                continue  # as it is written
            yield from self._unescaped(start, low, escape)
            splits = escape is _ANY_ESCAPE
            if bare:
                yield self._known(self.cut(low, high), self.string[low + 1 : high], lookup, not splits)
            else:
                yield self._template(low, high, lookup, splits=splits)
            start = high
        yield from self._unescaped(start, stop, escape)

    def _unescaped(self, start: int, stop: int, escape: re.Pattern[str] | None) -> Iterator[Piece]:
        if start >= stop:
            return
        texts, position = [], start
        escapes = escape is not None and self.string.find("\\", start, stop) >= 0
        for match in escape.finditer(self.string, start, stop) if escape and escapes else ():
            texts.append(self.cut(position, match.start()))
            position = match.start() + 1 if match["kept"] is not None else match.end()
        last = self.cut(position, stop)
        yield Piece.literal(Text.join((*texts, last)) if texts else last)

    def _template(self, start: int, stop: int, lookup: Lookup, *, splits: bool) -> Piece:
        if start in self._macros:
            return replace(self._macros[start][1], splits=splits)
        written = self.cut(start, stop)
        spelled = str(written)
        name = spelled.strip("${}[]<> ")
        if values := lookup(spelled):
            return Piece(written, tuple(named(name, value) for value in values), name, splits)
        return Piece.unknown(written, name, f"{spelled} is filled in before the script runs")

    def _computed(self, node: Node, lookup: Lookup) -> Piece:
        """Return an expansion that only a shell can make, unless it is known as it is spelled."""
        spelled = self.spelled(node)
        if values := lookup(spelled):
            return Piece(self.cut(node.start_byte, node.end_byte), values, spelled)
        if where := _WHERE.match(spelled):  # where a program is, under its own name
            start, stop = (node.start_byte + place for place in where.span("program"))
            return Piece(self.cut(node.start_byte, node.end_byte), (Value(self.cut(start, stop)),), spelled)
        return self._unknown(node, "is computed when the script runs")

    def _unknown(self, node: Node, why: str) -> Piece:
        written = self.cut(node.start_byte, node.end_byte)
        return Piece.unknown(written, str(written), f"{written} {why}")

    def _variable(self, node: Node, name: str, lookup: Lookup, quoted: bool, note: str = "") -> Piece:
        return self._known(self.cut(node.start_byte, node.end_byte), name, lookup, quoted, note)

    def _known(self, written: Text, name: str, lookup: Lookup, quoted: bool, note: str = "") -> Piece:
        if values := lookup(str(written)) or lookup(name):
            return Piece(
                written, tuple(named(name, value, note) for value in values), name, splits=not quoted
            )
        if re.fullmatch(r"[0-9]+|[^\w]", name):
            return Piece.unknown(written, name, f"{written} is known only when the script runs")
        return Piece.unknown(written, name, f"{name} is not set in {self.path}")

    def _expansion(self, node: Node, lookup: Lookup, assign: Assign, quoted: bool, depth: int) -> Piece:
        """Read `${…}` with its default."""
        spelled = self.spelled(node)
        match = _PARAMETER.match(spelled)
        if not match or match[1].startswith("!"):
            return self._computed(node, lookup)
        name, index, operator = match.groups()
        if not operator:
            if match.end() == len(spelled) - 1:
                return self._variable(node, name, lookup, quoted)
            return self._transformed(node, name, spelled[match.end() : -1], lookup, quoted)
        written = self.cut(node.start_byte, node.end_byte)
        known = tuple(
            value for value in lookup(name) if not value.problem and (value.text or ":" not in operator)
        )
        if index and not known and not lookup(name):  # an array may be set elsewhere, as a whole
            return self._unknown(node, f"is of {name}, which is not set in {self.path}")
        if operator[-1] == "?" or (known and operator[-1] != "+"):
            return self._variable(node, name, lookup, quoted)
        if not known and operator[-1] == "+":
            return Piece(written, (Value(Text()),), name)
        start, stop = node.start_byte + match.end(), node.end_byte - 1
        word = Word(tuple(self._between(node, start, stop, lookup, assign, quoted, depth)))
        values = tuple(word.choices())
        if operator[-1] == "=":
            assign(name, values)
        note = "" if operator[-1] == "+" else "default"
        return Piece(written, tuple(named(name, value, note) for value in values), name, splits=not quoted)

    def _transformed(self, node: Node, name: str, operation: str, lookup: Lookup, quoted: bool) -> Piece:
        """Read `${V%.*}` and its like where V is known."""
        change, known = transform(operation), lookup(name)
        if change is None or not known or any(value.problem for value in known):
            return self._computed(node, lookup)
        values = []
        for value in known:
            changed = change(value.text)
            if changed is None:
                return self._computed(node, lookup)
            values.append(replace(named(name, value), text=changed))
        written = self.cut(node.start_byte, node.end_byte)
        return Piece(written, tuple(values), name, splits=not quoted)


_ANY_ESCAPE = re.compile(r"\\(?:\r?\n|(?P<kept>.))", re.DOTALL)
_QUOTED_ESCAPE = re.compile(r"\\(?:\r?\n|(?P<kept>[$`\"\\]))")
_HEREDOC_ESCAPE = re.compile(r"\\(?:\r?\n|(?P<kept>[$`\\]))")
