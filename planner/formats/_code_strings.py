"""String literals of programming languages: where they end, what they say, and what is filled into them.

A literal may hold expressions that hold literals in turn (`"${name("x")}"`); they are walked with a stack.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from msgspec import Struct

from planner.model.source import Run, Text

BACKSLASH = r"\\[\s\S]"
_DEEPEST = 16  # literals in expressions in literals
_MOST_FAILURES = 8  # to walk the expressions of a form, until they are read as text
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "0": "\0"}
_CODE_POINT = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8}))"
)
_MEANT = r"[\w ./:,=@-]*+"  # characters that mean themselves in every form
_MORE = 12  # characters an escape may have


class Form(Struct, frozen=True, eq=False):  # each is one constant, looked up with every literal
    """A way to write a string. All but `closing` are regular expressions without groups."""

    opening: str
    closing: str  # the text that ends it
    escape: str = BACKSLASH  # empty where there is none
    raw: bool = (
        False  # whether an escape stands for itself, and only keeps the closing from ending the string
    )
    lines: bool = False  # whether it may span lines
    hole: str = ""  # what opens an expression that `}` ends
    name: str = ""  # a variable without braces
    ending: Callable[[str], str] | None = None  # makes the closing of an opening that comes in many lengths


class Hole(NamedTuple):
    """A part of a string that is filled in when it runs: `${name}`."""

    start: int  # in the value
    stop: int
    expression: str  # `name`


class Literal(NamedTuple):
    """A string literal that was read."""

    value: Text
    holes: tuple[Hole, ...]
    end: int  # in the file, after the closing


class Nesting(NamedTuple):
    """What opens a literal in an expression, and what the names of the groups in that pattern mean."""

    pattern: re.Pattern[str]
    forms: dict[str, Form]


class _Mark(NamedTuple):
    kind: str
    start: int
    end: int


class _Body(NamedTuple):
    marks: list[_Mark]
    stop: int  # before the closing
    end: int


class _Frame:
    """A literal, or an expression in one (without form), that is being walked."""

    __slots__ = ("depth", "form", "opened", "pattern")

    def __init__(self, pattern: re.Pattern[str], form: Form | None, opened: int) -> None:
        self.pattern = pattern
        self.form = form
        self.opened = opened
        self.depth = 0  # open braces of an expression


class Reader:
    """Reads the literals of one file, in the order of the text."""

    def __init__(self, text: str, nesting: Nesting) -> None:
        self.text = text
        self.nesting = nesting
        self.failures: Counter[Form] = Counter()  # whose expressions could not be walked
        self.unclosed: set[str] = set()  # closings that do not come any more

    def read(self, form: Form, opened: int, start: int) -> Literal:
        """Return the literal whose opening stands from `opened` to `start`; unclosed it ends at its line."""
        closing = form.ending(self.text[opened:start]) if form.ending else form.closing
        if found := _plain(form, closing).match(self.text, start):  # nearly always
            return Literal(Text.at(start, found[1]), (), found.end())
        if (end := self._cut_off(form, closing, start)) >= 0:
            return Literal(Text.at(start, self.text[start:end].rstrip("\r")), (), end)
        body = None
        if (form.hole or form.name) and self.failures[form] < _MOST_FAILURES:
            body = self._walk(form, closing, start, holes=True)
        if body is None:
            body = self._walk(form, closing, start, holes=False)
        if body is None:
            end = self.text.find("\n", start)
            end = len(self.text) if end < 0 else end
            return Literal(Text.at(start, self.text[start:end].rstrip("\r")), (), end)
        value, holes = _value(self.text, start, body, form)
        return Literal(value, holes, body.end)

    def _cut_off(self, form: Form, closing: str, start: int) -> int:
        """Return where the line ends if it is plain that it ends a literal that is not closed, else -1."""
        if form.lines or form.hole or form.name:
            return -1
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        goes_on = self.text.find("\\", start, end) >= 0 or self.text.find(closing, start, end) >= 0
        return -1 if goes_on else end

    def _walk(self, form: Form, closing: str, start: int, *, holes: bool) -> _Body | None:
        if form.lines and closing in self.unclosed:
            return None
        marks: list[_Mark] = []
        stack = [_Frame(_events(form, closing, holes), form, start)]
        position = start
        while match := stack[-1].pattern.search(self.text, position):
            position = match.end()
            kind = match.lastgroup or ""
            frame = stack[-1]
            if kind == "line" or len(stack) > _DEEPEST:
                break
            if frame.form is None:
                self._step(stack, match, kind)
                if len(stack) == 1:
                    marks.append(_Mark("hole", frame.opened, position))
            elif kind == "close":
                stack.pop()
                if not stack:
                    return _Body(marks, match.start(), position)
            elif kind == "hole":
                stack.append(_Frame(self.nesting.pattern, None, match.start()))
            elif len(stack) == 1:
                marks.append(_Mark(kind, match.start(), position))
        if holes:
            self.failures[form] += 1
        elif form.lines:
            self.unclosed.add(closing)
        return None

    def _step(self, stack: list[_Frame], match: re.Match[str], kind: str) -> None:
        """Go on in an expression."""
        frame = stack[-1]
        inner = self.nesting.forms.get(kind)
        if inner is not None:
            closing = inner.ending(match.group()) if inner.ending else inner.closing
            stack.append(
                _Frame(_events(inner, closing, bool(inner.hole or inner.name)), inner, match.start())
            )
        elif kind == "open":
            frame.depth += 1
        elif kind == "shut":
            frame.depth -= 1
            if frame.depth < 0:
                stack.pop()


def plain(form: Form) -> str:
    """Return what a whole literal looks like whose characters mean themselves in every form."""
    return f"{form.opening}{_MEANT}{_rest(form, form.closing)}"


@cache
def _plain(form: Form, closing: str) -> re.Pattern[str]:
    """Match what is left of such a literal."""
    return re.compile(f"({_MEANT}){_rest(form, closing)}")


def _rest(form: Form, closing: str) -> str:
    escaped = f"(?!{form.escape})" if form.escape else ""  # as `""` where that is a quote
    return f"{escaped}{re.escape(closing)}"


@cache
def _events(form: Form, closing: str, holes: bool) -> re.Pattern[str]:
    parts = [f"(?P<escape>{form.escape})"] if form.escape else []
    parts.append(f"(?P<close>{re.escape(closing)})")
    if holes:
        parts += [f"(?P<{kind}>{part})" for kind, part in (("hole", form.hole), ("name", form.name)) if part]
    if not form.lines:
        parts.append(r"(?P<line>\n)")
    return re.compile("|".join(parts))


def _value(text: str, start: int, body: _Body, form: Form) -> tuple[Text, tuple[Hole, ...]]:
    if not body.marks:
        return Text.at(start, text[start : body.stop]), ()
    runs: list[Run] = []
    holes: list[Hole] = []
    position, length = start, 0
    for mark in body.marks:
        if mark.start > position:
            runs.append(Run(text[position : mark.start], position))
            length += mark.start - position
        if mark.kind == "escape" and not form.raw:
            run, position = _unescaped(text, mark)
        else:
            run, position = Run(text[mark.start : mark.end], mark.start), mark.end
        if mark.kind in ("hole", "name"):
            holes.append(Hole(length, length + len(run.text), _expression(run.text)))
        if run.text:
            runs.append(run)
            length += len(run.text)
    if body.stop > position:
        runs.append(Run(text[position : body.stop], position))
    return Text.join((Text(tuple(runs)),)), tuple(holes)


def _expression(written: str) -> str:
    inner = written.lstrip("$#\\")
    while inner[:1] + inner[-1:] in ("{}", "()"):
        inner = inner[1:-1].strip()
    return inner.lstrip("{(").strip()


def _unescaped(text: str, mark: _Mark) -> tuple[Run, int]:
    """Return what an escape stands for, and where it ends: `\\u0041` goes on after two characters."""
    start, end = mark.start, mark.end
    if text[start] != "\\":  # doubled, as `""`, `{{` and `''$`
        nix = text.startswith("''", start) and end - start > 2
        if nix and text[start + 2] == "\\":
            return Run(_LETTERS.get(text[end - 1], text[end - 1]), -1), end
        keep = 1 if not nix or text[end - 1] == "$" else 2
        return Run(text[end - keep : end], end - keep), end
    letter = text[start + 1]
    code = _CODE_POINT.match(text, start, start + _MORE)
    if code:
        number = int(code[1] or code[2] or code[3] or code[4], 16)
        return Run(chr(number) if number < 0x110000 else "\ufffd", -1), code.end()
    if letter in "\r\n":
        return Run("", -1), end
    if letter in _LETTERS:
        return Run(_LETTERS[letter], -1), end
    return Run(letter, start + 1), end
