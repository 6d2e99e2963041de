"""The objects in an array of a JSON text, one after another, without holding the text.

The array is the text itself (`[{…}, {…}]`) or a member of its object (`{"items": [{…}, {…}]}`). What is
between the objects is not checked; an object that is malformed is reported by whoever reads it.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

PIECE = 1 << 20  # bytes that are read at once
LARGEST = 64 << 20  # bytes of one object
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|["{}\[\]]', re.DOTALL)  # a quote alone: its string goes on
_ARRAYS = (b"[", b"{[")  # what an object has to be opened in


class Broken(ValueError):
    """A text that ends early, or an object of more than LARGEST bytes."""


def items(content: BinaryIO, piece: int = PIECE) -> Iterator[bytes]:
    """Yield each object as it is written. Raises Broken."""
    text, position, start = b"", 0, -1
    depth, outer = 0, b""  # how many brackets are open, and the first two of them
    while more := content.read(max(piece, len(text))):
        text += more
        for match in _TOKEN.finditer(text, position):
            token = match.group()
            position = match.start() if token == b'"' else match.end()
            if token == b'"':
                break
            if token in b"{[":
                if token == b"{" and outer in _ARRAYS and depth == len(outer):
                    start = match.start()
                outer += token if depth == len(outer) < 2 else b""
                depth += 1
            elif token in b"}]":
                depth = max(depth - 1, 0)
                outer = outer[:depth]
                if start >= 0 and outer in _ARRAYS and depth == len(outer):
                    yield text[start : match.end()]
                    start = -1
        else:
            position = len(text)
        kept = position if start < 0 else start
        if len(text) - kept > LARGEST:
            raise Broken(f"an object has more than {LARGEST >> 20} MiB")
        text, position, start = text[kept:], position - kept, min(start, 0)
    if depth > 0:
        raise Broken("the text is truncated")
