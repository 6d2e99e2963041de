"""Chunked bodies, taken apart: https://www.rfc-editor.org/rfc/rfc9112#section-7.1. Pure."""

import re

from planner.registries._transport_faults import NotHTTP

_LONGEST_LINE = 4 << 10  # bytes
_LONGEST_TRAILER = 64 << 10  # bytes, of all its lines
_SIZE = re.compile(rb"([0-9a-fA-F]{1,12})[ \t]*(?:;[^\r\n]*)?\Z")


class Chunks:
    """Takes a chunked body as it comes."""

    def __init__(self) -> None:
        self.ended = False
        self.excess = False  # whether something came behind its end
        self._begun = b""  # of a line
        self._left = 0  # bytes of the chunk at hand
        self._closing = False  # whether the line that ends a chunk is next
        self._trailer = -1  # bytes of it; -1 before it

    def feed(self, data: bytes) -> list[bytes]:
        """Return the content that has come now, in one piece if any. Raises NotHTTP."""
        found = self._taken(data)
        return found if len(found) < 2 else [b"".join(found)]

    def _taken(self, data: bytes) -> list[bytes]:
        found: list[bytes] = []
        if self._begun:
            data, self._begun = self._begun + data, b""
        at = 0
        while at < len(data) and not self.ended:
            if self._left:
                piece = data[at : at + self._left]
                found.append(piece)
                at += len(piece)
                self._left -= len(piece)
                self._closing = not self._left
                continue
            end = data.find(b"\r\n", at, at + _LONGEST_LINE)
            if end < 0:
                if len(data) - at >= _LONGEST_LINE:
                    raise NotHTTP("a chunk without a size")
                self._begun = data[at:]
                return found
            self._line(data[at:end])
            at = end + 2
        self.excess = at < len(data)
        return found

    def _line(self, line: bytes) -> None:
        if self._trailer >= 0:
            self.ended = not line
            self._trailer += len(line)
            if self._trailer > _LONGEST_TRAILER:
                raise NotHTTP("an endless trailer")
        elif self._closing:
            if line:
                raise NotHTTP("a chunk that is longer than its size")
            self._closing = False
        else:
            match = _SIZE.match(line)
            if not match:
                raise NotHTTP("a chunk without a size")
            self._left = int(match[1], 16)
            self._trailer = -1 if self._left else 0
