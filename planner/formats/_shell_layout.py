"""What is filled into a script before a shell reads it: template expressions, variables of make."""

import re

from planner.formats._shell_words import Piece, Word
from planner.model.source import Text

# GitHub and Azure, GitLab, CircleCI, Go and Jinja
_EXPRESSION = re.compile(
    r"\$\{\{[^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)*\}\}|\$\[\[[^\]\n]*\]\]|<<\s*(?:parameters|pipeline)\.[\w.-]+\s*>>"
    r"|\{\{[^{}\n]*\}\}"
)
_INNER = re.compile(  # between others of a word: the grammar would begin another word behind its dollar
    r"\$(?<=[\w:/.@,+%=~\-\])}\"']\$)[A-Za-z_]\w*+(?=[-./@,+%=~])"
)
_VARIABLE = re.compile(r"\$\w+\Z")
_LONGEST_NAME = 80  # of a variable
_AFTER_NAME = re.compile(  # the grammar ends a word before `$B` in `$A/x:$B-y`; other signs it knows there
    r"(\$(?:[A-Za-z_]\w*+|\d))[-./+,]"
)
_POSITIONAL = re.compile(r"\$[0-9]")  # at the end of a word, for the same reason
_ONE_WORD = re.compile(r"[\w./:,=@%+-]*+\Z")  # a value that is the same whether a shell reads it or not
_TABS = re.compile(r"(?<=\n)\t+")


def laid_out(script: Word) -> tuple[Text, dict[int, tuple[int, Piece]]]:
    """Return the text of a script, and its variables by where they start and stop in it.

    What stands for several words is put in its place, so that a shell reads it.
    """
    texts: list[Text] = []
    macros: dict[int, tuple[int, Piece]] = {}
    length = 0
    for piece in script.pieces:
        value = piece.values[0]
        plain = len(piece.values) == 1 and not value.problem and not _ONE_WORD.match(str(value.text))
        if not piece.name or plain or not piece.written:
            texts.append(value.text)
        else:
            texts.append(piece.written)
            macros[length] = (length + len(piece.written), piece)
        length += len(texts[-1])
    return Text.join(texts), macros


def covered(string: str, macros: dict[int, tuple[int, Piece]]) -> str:
    """Return the script with `_` in place of its variables, which a shell never sees."""
    if not macros:
        return string
    pieces: list[str] = []
    position = 0
    for start, (stop, _) in macros.items():
        pieces += string[position:start], "_" * (stop - start)
        position = stop
    return "".join((*pieces, string[position:]))


def readable(script: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a script without what no shell sees or the grammar misreads, and where that stood."""
    if not ("$" in script or "{{" in script or "<<" in script):
        return script, []
    spans = [match.span() for match in _EXPRESSION.finditer(script)]
    if spans:
        script = _EXPRESSION.sub(lambda match: "_" * len(match.group()), script)
    inner = [match.span() for match in _INNER.finditer(script)]
    if inner:
        script = _INNER.sub(_filler, script)
        spans += inner
    return _AFTER_NAME.sub(r"\1%", _POSITIONAL.sub("$P", script)), spans


def _filler(inner: re.Match[str]) -> str:
    """Return what stands for a variable: no part of the name of one right before it."""
    before = inner.string[max(inner.start() - _LONGEST_NAME, 0) : inner.start()]
    return (":" if _VARIABLE.search(before) else "_") * len(inner.group())


def without_tabs(text: Text) -> Text:
    """Return the lines of `<<-` without the tabs they begin with."""
    pieces: list[Text] = []
    position = 0
    for match in _TABS.finditer(str(text)):
        pieces.append(text.cut(position, match.start()))
        position = match.end()
    return Text.join((*pieces, text.cut(position, len(text)))) if pieces else text
