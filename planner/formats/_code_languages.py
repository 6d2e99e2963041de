"""Programming languages, as far as one must know them to find their strings: comments, literals, names."""

import re
from functools import cached_property
from string import punctuation

from msgspec import Struct

from planner.formats._code_strings import BACKSLASH, Form, Nesting, plain

_C = (r"//[^\n]*+",)
_HASH = (r"#[^\n]*+",)
_DOLLAR = r"\$[A-Za-z_]\w*+"
_CHARACTER = r"'(?:\\[^\n][^'\n]{0,10}+|[^'\\\n])'"
_DOUBLE = Form('"', '"')
_SINGLE = Form("'", "'")
_DOUBLES = Form('"""', '"""', lines=True)
_SINGLES = Form("'''", "'''", lines=True)
_NUMBER = r"\d\w*+(?:\.\d\w*+)*+"
_REGEX = r"/(?![*/])(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*+\]?)++/[a-z]*+"


class Language(Struct, frozen=True, eq=False, dict=True):
    """What a language looks like: regular expressions without groups."""

    strings: tuple[Form, ...]  # the first that fits counts
    line_comments: tuple[str, ...] = _C
    block_comments: tuple[tuple[str, str], ...] = (("/*", "*/"),)
    characters: str = ""  # a literal of one character
    names: str = r"[^\W\d][\w$]*+"
    regexes: str = ""  # a literal between slashes, where an operand is expected
    slashes_are_strings: bool = False
    words: bool = False  # `%w[a b]` and heredocs, as in Ruby

    @cached_property
    def forms(self) -> dict[str, Form]:
        """How its strings are written, by the names of groups in patterns."""
        return {f"s{index}": form for index, form in enumerate(self.strings)}

    @cached_property
    def tokens(self) -> re.Pattern[str]:
        """What the next token is: the name of the group that matched tells."""
        parts = [f"(?P<{group}>{pattern})" for group, pattern in self._special()]
        parts += [f"(?P<name>{self.names})", f"(?P<number>{_NUMBER})", r"(?P<mark>\S)"]
        return re.compile(rf"\s*+(?:{'|'.join(parts)})")

    @cached_property
    def plain(self) -> re.Pattern[str]:
        """Names, numbers, marks and simple strings, up to a token that is none of them, or may be none."""
        simple = {name for name, form in self.forms.items() if form in self._simple}
        others = [pattern for group, pattern in self._special() if group not in simple]
        others += ["/"] if self.regexes else []
        piece = self._piece(rf"[^\s{self.quotes}]")
        return re.compile(rf"(?:\s*+(?!{'|'.join(others)})(?:{piece}))*+")

    @cached_property
    def pieces(self) -> re.Pattern[str]:
        """A token of what is plain, with the white space before it."""
        return re.compile(rf"\s*+(?:{self._piece()})")

    def _piece(self, mark: str = r"\S") -> str:
        return "|".join((self.names, _NUMBER, *map(plain, self._simple), mark))

    @cached_property
    def quotes(self) -> str:
        """The characters that a simple string begins with."""
        return "".join(form.opening for form in self._simple)

    @cached_property
    def marks(self) -> frozenset[str]:
        """The characters of ASCII that are no letter, no digit and no name of one character."""
        return frozenset(each for each in punctuation if not re.fullmatch(self.names, each))

    @property
    def _simple(self) -> list[Form]:
        """The forms of strings that stand between two quotes of one character."""
        return [form for form in self.strings if form.opening == form.closing and len(form.opening) == 1]

    def _special(self) -> list[tuple[str, str]]:
        """Return what is no name, number or mark: the names of groups, and their patterns."""
        parts = [("comment", "|".join(self.line_comments))] if self.line_comments else []
        if self.block_comments:
            parts.append(("block", "|".join(re.escape(opening) for opening, _ in self.block_comments)))
        if self.words:
            parts += [
                ("heredoc", r"<<(?:[~-][\"'`]?\w++[\"'`]?|[\"']?[A-Z]\w*+[\"']?)"),
                ("words", r"%[wWiI][\[({<|!]"),
            ]
        return [*parts, *self._literals()]

    @cached_property
    def slashes(self) -> re.Pattern[str]:
        """A literal between slashes."""
        return re.compile(self.regexes)

    @cached_property
    def nesting(self) -> Nesting:
        """The literals and braces of an expression inside a string."""
        parts = [f"(?P<{group}>{pattern})" for group, pattern in self._literals()]
        parts += [r"(?P<other>\w++)", r"(?P<open>\{)", r"(?P<shut>\})"]
        return Nesting(re.compile("|".join(parts)), self.forms)

    def _literals(self) -> list[tuple[str, str]]:
        parts = [(name, form.opening) for name, form in self.forms.items()]
        return [("character", self.characters), *parts] if self.characters else parts


def _quotes(opening: str) -> str:
    return opening.lstrip("$@")


_PARENTHESES = r"\\\([^()\n]{0,200}+\)"  # `\(name)`


def _hashes(opening: str) -> str:
    return '"' + "#" * opening.count("#")


def _bracket(opening: str) -> str:
    return {"[": "]", "(": ")", "{": "}", "<": ">"}.get(opening[-1], opening[-1])


JAVA = Language((_DOUBLES, _DOUBLE), characters=_CHARACTER)
KOTLIN = Language(
    (
        Form('"""', '"""', "", lines=True, hole=r"\$\{", name=_DOLLAR),
        Form('"', '"', hole=r"\$\{", name=_DOLLAR),
        Form("`", "`", ""),
    ),
    characters=_CHARACTER,
)
_GSTRING = r"\$[A-Za-z_]\w*+(?:\.[A-Za-z_]\w*+)*+"
GROOVY = Language(
    (
        _SINGLES,
        Form('"""', '"""', lines=True, hole=r"\$\{", name=_GSTRING),
        Form(r"\$/", "/$", r"\$[$/]", lines=True, hole=r"\$\{", name=_GSTRING),
        Form('"', '"', hole=r"\$\{", name=_GSTRING),
        _SINGLE,
    ),
    regexes=r"/(?![*/])(?:[^/\\\n]|\\[^\n])++/",
    slashes_are_strings=True,
    line_comments=(r"//[^\n]*+", r"#![^\n]*+"),
)
GO = Language((_DOUBLE, Form("`", "`", "", lines=True)), characters=_CHARACTER)

_F = r"(?:[fFtT][rR]?|[rR][fFtT])"
_BRACES = r"\\[\s\S]|\{\{|\}\}"
_PYTHON_STRINGS = tuple(
    form
    for quotes, lines in (('"""', True), ("'''", True), ('"', False), ("'", False))
    for form in (
        Form(rf"(?:[rR][fFtT]|[fFtT][rR]){quotes}", quotes, _BRACES, raw=True, lines=lines, hole=r"\{"),
        Form(rf"[fFtT]{quotes}", quotes, _BRACES, lines=lines, hole=r"\{"),
        Form(rf"(?:[rR][bB]?|[bB][rR]){quotes}", quotes, raw=True, lines=lines),
        Form(rf"[bBuU]?{quotes}", quotes, lines=lines),
    )
)
PYTHON = Language(_PYTHON_STRINGS, _HASH, (), names=r"[^\W\d]\w*+")
STARLARK = Language(_PYTHON_STRINGS, _HASH, (), names=r"[^\W\d]\w*+")

JAVASCRIPT = Language(
    (Form("`", "`", lines=True, hole=r"\$\{"), _DOUBLE, _SINGLE),
    names=r"[^\W\d][\w$]*+|\$[\w$]*+",
    regexes=_REGEX,
)
_DOUBLED = r'""'
CSHARP = Language(
    (
        Form(r'\$\$"{3,}+', '"""', "", lines=True, hole=r"\{\{", ending=_quotes),
        Form(r'\$"{3,}+', '"""', "", lines=True, hole=r"\{", ending=_quotes),
        Form(r'"{3,}+', '"""', "", lines=True, ending=_quotes),
        Form(r'(?:\$@|@\$)"', '"', r'""|\{\{|\}\}', lines=True, hole=r"\{"),
        Form('@"', '"', _DOUBLED, lines=True),
        Form(r'\$"', '"', _BRACES, hole=r"\{"),
        _DOUBLE,
    ),
    characters=_CHARACTER,
)
SCALA = Language(
    (
        Form(r'[A-Za-z]\w*+"""', '"""', r"\$\$", lines=True, hole=r"\$\{", name=_DOLLAR),
        Form('"""', '"""', "", lines=True),
        Form(r'[A-Za-z]\w*+"', '"', BACKSLASH + r"|\$\$", hole=r"\$\{", name=_DOLLAR),
        _DOUBLE,
        Form("`", "`", ""),
    ),
    characters=_CHARACTER,
)
_HASH_HOLE = r"#\{"
RUBY = Language(
    (
        Form(r"%q[\[({<|!]", "", lines=True, ending=_bracket),
        Form(r"%Q?[\[({<|!](?=\S)", "", lines=True, hole=_HASH_HOLE, ending=_bracket),
        Form('"', '"', hole=_HASH_HOLE),
        _SINGLE,
        Form("`", "`", hole=_HASH_HOLE),
    ),
    _HASH,
    (("=begin", "\n=end"),),
    names=r"[^\W\d]\w*+[?!]?|@@?[^\W\d]\w*+",
    regexes=_REGEX,
    words=True,
)
ELIXIR = Language(
    (
        Form(r'~[A-Z]++"""', '"""', "", lines=True),
        Form(r'(?:~[a-z])?"""', '"""', lines=True, hole=_HASH_HOLE),
        Form(r"~[A-Z]++[\[({<|/\"']", "", "", lines=True, ending=_bracket),
        Form(r"~[a-z][\[({<|/\"']", "", lines=True, hole=_HASH_HOLE, ending=_bracket),
        Form('"', '"', lines=True, hole=_HASH_HOLE),
        Form("'", "'", hole=_HASH_HOLE),
    ),
    _HASH,
    (),
    names=r"@?[^\W\d]\w*+[?!]?",
)
PHP = Language(
    (Form('"', '"', hole=r"\{(?=\$)", name=_DOLLAR), _SINGLE),
    (r"//[^\n]*+", r"#(?!\[)[^\n]*+"),
    names=r"[^\W\d]\w*+|\$[A-Za-z_]\w*+",
)
RUST = Language(
    (
        Form(r'b?r#{0,16}+"', "", "", lines=True, ending=_hashes),
        Form(r'[bc]?"', '"', lines=True),
    ),
    characters=r"b?" + _CHARACTER,
)
NIX = Language(
    (
        Form("''", "''", r"''(?:\$|'|\\[\s\S])|\$\$", lines=True, hole=r"\$\{"),
        Form('"', '"', BACKSLASH + r"|\$\$", lines=True, hole=r"\$\{"),
    ),
    _HASH,
    names=r"[^\W\d][\w'-]*+",
)
JSONNET = Language(
    (
        Form(r"\|\|\|", "|||", "", lines=True),
        Form('@"', '"', _DOUBLED, lines=True),
        Form("@'", "'", "''", lines=True),
        Form('"', '"', lines=True),
        Form("'", "'", lines=True),
    ),
    (*_C, *_HASH),
    names=r"[^\W\d]\w*+",
)
CUE = Language(
    (
        Form(r'#{1,8}+"', "", "", lines=True, ending=_hashes),
        Form('"""', '"""', r"\\[^(]", lines=True, name=_PARENTHESES),
        Form('"', '"', r"\\[^(]", name=_PARENTHESES),
        _SINGLES,
        _SINGLE,
    ),
    block_comments=(),
    names=r"[^\W\d][\w$]*+|#\w++",
)
DHALL = Language(
    (
        Form("''", "''", r"''(?:\$|')", lines=True, hole=r"\$\{"),
        Form('"', '"', lines=True, hole=r"\$\{"),
        Form("`", "`", ""),
    ),
    (r"--[^\n]*+",),
    (("{-", "-}"),),
    names=r"[^\W\d][\w/-]*+",
)
KCL = Language(
    (
        Form(r'[rR]"""', '"""', raw=True, lines=True),
        Form(r"[rR]'''", "'''", raw=True, lines=True),
        Form(r'[rR]"', '"', raw=True),
        Form(r"[rR]'", "'", raw=True),
        Form('"""', '"""', lines=True, hole=r"\$\{"),
        Form("'''", "'''", lines=True, hole=r"\$\{"),
        Form('"', '"', hole=r"\$\{"),
        Form("'", "'", hole=r"\$\{"),
    ),
    _HASH,
    (),
)
