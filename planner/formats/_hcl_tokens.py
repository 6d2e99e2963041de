"""Where a reader of HCL stands in a text: the next token, what is nested, and what is no HCL.

Every character is examined a few times, whatever the text: white space, comments and the ends of heredocs
are found once, and what has failed is not tried again.
"""

import re
from bisect import bisect_left

from planner.model.source import Text

DEPTH = 60  # of brackets, templates and conditions in one another
INVALID = "not valid HCL at line {}: read as far as it is"
TOO_DEEP = f"nested deeper than {DEPTH} levels at line {{}}: read as far as it is not"
# bytes that are no text and letters of any alphabet count as letters, as in the grammar of HCL
IDENTIFIER = r"[^\t\n\r -@\[-^`{-~][^\t\n\r -,./:-@\[-^`{-~]*+"
_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+|//[^\n]*+|/\*(?s:.*?)\*/)*+")
_BLANKS = " \t\r\n#/"  # what white space or a comment can begin with
_ONE_WORD = re.compile(rf"^[ \t]*+({IDENTIFIER})[ \t]*+\r?$", re.MULTILINE)
SHOWN = 200  # characters of an expression that are kept to show it


class Tokens:
    """The place up to which a text was read; `failed` ends all that is being read, until it is unset."""

    def __init__(self, text: Text, string: str = "") -> None:
        self.cut = text.cutter()  # what is read, with its places
        self.string = string or str(text)  # what is read; as long
        self.position = 0
        self.limit = len(self.string)
        self.depth = 0
        self.failed = False
        self.is_nested = False  # what failed stands in a bracket
        self.mistaken = 0  # times that something in a heredoc was taken for a template
        self.error = -1  # where the first thing stands that is no HCL
        self.reason = ""
        self._blank = (-1, -1)  # from where white space was skipped, and to where
        self._words: dict[str, list[tuple[int, int]]] | None = None  # lines of one word, made when needed

    def next(self) -> int:
        """Return where the next token stands."""
        at = self.position
        if self.failed or (at < self.limit and self.string[at] not in _BLANKS):
            return at
        if self._blank[0] != at:
            found = _BLANK.match(self.string, at, self.limit)
            end = found.end() if found else at
            if self.string.startswith("/*", end, self.limit):  # it has no end, so all that follows is in it
                self.fail(end)
                self.position = end = self.limit
            self._blank = (self.position, end)
        return self._blank[1]

    def end_of(self, pattern: re.Pattern[str]) -> int:
        """Return where something ends that begins here, and may be empty."""
        found = pattern.match(self.string, self.position, self.limit)
        return found.end() if found else self.position

    def character(self) -> str:
        """Return the first character of the next token; nothing at the end, and where reading has failed."""
        at = self.next()
        return self.string[at] if at < self.limit and not self.failed else ""

    def continues(self) -> str:
        """Return what may go on with an expression; nothing on a new line, but inside of a bracket."""
        before = self.position
        if before < self.limit and not self.failed:
            character = self.string[before]
            if character not in _BLANKS:
                return character
            if character == "\n" and not self.depth:
                return ""
        at = self.next()
        if self.failed or at >= self.limit:
            return ""
        if at != before and not self.depth and self.string.find("\n", before, at) >= 0:
            return ""
        return self.string[at]

    def follows(self, token: str) -> bool:
        """Tell whether a token comes next; it is read then."""
        at = self.next()
        if self.failed or not self.string.startswith(token, at, self.limit):
            return False
        self.position = at + len(token)
        return True

    def expect(self, token: str) -> None:
        """Read a token that must be here."""
        if not self.follows(token):
            self.fail(self.next())

    def open(self, at: int, length: int = 1) -> None:
        """Read what opens a bracket or a template."""
        self.position = at + length
        self.depth += 1
        if self.depth > DEPTH:
            self.fail(at, TOO_DEEP)

    def close(self, token: str) -> None:
        """Read what closes the bracket that was opened last."""
        self.expect(token)
        self.depth -= 1

    def note(self, at: int, reason: str = INVALID) -> None:
        """Remember that something is no HCL."""
        if self.error < 0:
            self.error, self.reason = at, reason

    def fail(self, at: int, reason: str = INVALID) -> None:
        """End what is being read, at a place that is no HCL."""
        if not self.failed:
            self.note(at, reason)
            self.failed = True
            self.is_nested = self.depth > 0
            self.position = at

    def heredoc_end(self, word: str, start: int) -> tuple[int, int]:
        """Return where the line that ends a heredoc begins, and where its word ends; -1 without one."""
        if self._words is None:
            self._words = {}
            for found in _ONE_WORD.finditer(self.string):
                self._words.setdefault(found[1], []).append((found.start(), found.end(1)))
        lines = self._words.get(word, [])
        index = bisect_left(lines, (start, 0))
        return lines[index] if index < len(lines) and lines[index][1] <= self.limit else (-1, -1)

    def written(self, start: int) -> Text:
        """Return what was read since a place, shortened where it is long."""
        return self.cut(start, min(self.position, start + SHOWN))
