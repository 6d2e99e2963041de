"""Images that source code names in two parts, and in which order they go together."""

from planner.formats._code_words import parts_of
from planner.formats._shell_words import Piece, Word
from planner.model.source import Text


def tagged(name: Word, tag: Word) -> Word:
    """Return a name with its tag, or with its digest."""
    if str(tag).startswith(":"):
        tag = tag.cut(1)
    sign = "@" if str(tag).startswith("sha256:") else ":"
    return Word((*parts_of(name), Piece.literal(Text.of(sign)), *parts_of(tag)), quoted=True)


def untagged(name: Word) -> Word:
    """Return a name without the tag it has, which another takes the place of."""
    text = str(name)
    tag = text.rfind(":")
    return name.cut(0, tag) if tag > text.rfind("/") and name.known else name
