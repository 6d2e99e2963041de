"""Jenkins pipelines: the registry that a block or an agent sets for the names in it.

It is put before a name that does not begin with it, whatever else that begins with.
https://www.jenkins.io/doc/book/pipeline/docker/#custom-registry
"""

import re

from planner.formats._shell_words import Piece, Value, Word
from planner.model.source import Text

_URL = re.compile(r"(?:https?://)?([^/\s]+)")
_UNKNOWN = "{url} is known only when it runs: it is the registry of this image"


def registered(name: Word, url: Word | None) -> Word:
    """Return a name with the host of the registry before it."""
    spelled = str(url) if url is not None else ""
    match = _URL.match(spelled)
    if url is None or match is None:
        return name
    host = url.cut(*match.span(1))
    if str(name).startswith(str(host)):
        return name
    if not host.known:
        problem = _UNKNOWN.format(url=url.written)
        return Word(tuple(_unknown(piece, problem) for piece in name.pieces), quoted=True)
    hidden = tuple(_hidden(piece) for piece in host.pieces)
    return Word((*hidden, Piece(Text(), (Value(Text.of("/")),)), *name.pieces), quoted=True)


def _unknown(piece: Piece, problem: str) -> Piece:
    return Piece.unknown(piece.written, piece.name or "registry", problem)


def _hidden(piece: Piece) -> Piece:
    """Return a piece that counts, but is not written where the name is."""
    values = tuple(Value(each.text, each.trail, each.problem, each.together) for each in piece.values)
    return Piece(Text(), values, piece.name)
