"""Words that a shell parts: where an unquoted variable has white space, one word becomes several.

https://www.gnu.org/software/bash/manual/bash.html#Word-Splitting
"""

import re

from msgspec.structs import replace

from planner.formats._shell_words import Piece, Value, Word
from planner.model.source import Text

_LINE_WORD = re.compile(r"(?:[^\s$`(){}]|\$\{[^\s{}]*\}|\$\w+|\$[@*#?!$-])+")  # without commands in it
_MOST_WORDS = 100  # of a command line in a variable
_WHOLE_VARIABLE = re.compile(r"\$\{?(\w+)[^{}]*\}?")


def parted(word: Word) -> list[Word]:
    """Split a word where an unquoted variable has white space; without any value it is no word."""
    if len(word.pieces) == 1 and not word.pieces[0].name and word.pieces[0].values[0].text:  # nearly always
        return [word]
    if not any(piece.splits for piece in word.pieces):
        return [word] if str(word) or word.quoted or not word.known else []
    parts: list[Word] = []
    pieces: list[Piece] = []
    for piece in [*map(_longest, word.pieces)] if len(word.pieces) == 1 else word.pieces:
        if len(word.pieces) == 1 and (line := _command_line(piece)):
            return line
        if not piece.splits or not str(piece) or len(piece.values) > 1 or piece.values[0].problem:
            pieces.append(piece)
            continue
        for match in re.finditer(r"\s+|\S+", str(piece)):
            if not match.group().isspace():
                pieces.append(piece.cut(*match.span()))
            elif pieces:
                parts.append(Word(tuple(pieces)))
                pieces = []
    parts.append(Word(tuple(pieces), word.quoted))
    return [part for part in parts if str(part) or part.quoted or not part.known]


def _command_line(piece: Piece) -> list[Word]:
    """Return the words of a variable that holds a command line of which something is not known."""
    value = piece.values[0]
    string = str(value.text)
    if not piece.splits or not value.problem or not any(map(str.isspace, string)):
        return []
    words = list(_LINE_WORD.finditer(string))
    whole = sum(len(word[0]) for word in words) == len(string) - sum(map(str.isspace, string))
    if not whole or len(words) > _MOST_WORDS:
        return []  # a command in it may have white space of its own
    return [_line_word(piece, value, value.text.cut(*word.span())) for word in words]


def _line_word(piece: Piece, value: Value, text: Text) -> Word:
    variable = _WHOLE_VARIABLE.fullmatch(str(text))
    if "$" in str(text) or "`" in str(text):
        return Word((Piece.unknown(text, variable[1] if variable else str(text), value.problem),))
    return Word((replace(piece, values=(replace(value, text=text, problem=""),)),))


def _longest(piece: Piece) -> Piece:
    """Settle a variable that may hold options, or nothing: `$OPTIONS` that is set in one branch."""
    texts = [str(value.text) for value in piece.values]
    if not piece.splits or len(texts) == 1 or not any(text == "" or text.startswith("-") for text in texts):
        return piece
    return replace(piece, values=(max(piece.values, key=lambda value: len(value.text)),))
