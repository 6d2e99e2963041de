"""Text of a Dockerfile that was put together from pieces, with the place of every character.

An instruction may go on over several lines, with comments and empty lines between them; what BuildKit then
reads is one line (https://docs.docker.com/reference/dockerfile/#escape).
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import msgspec

from planner.model.source import Text

SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
BLANK = SPACE.replace("\n", "")  # white space within a line
SEPARATOR = "\t\v\f\r "  # what stands between words; a no-break space does not


class Joined(msgspec.Struct, frozen=True, gc=False):  # several for each line: cheaper than a dataclass
    """A text made of pieces of the file."""

    text: str
    at: tuple[int, ...]  # where each piece begins in `text`, ascending, the first at 0
    places: tuple[int, ...]  # where each piece begins in the file

    @classmethod
    def of(cls, pieces: Iterable[tuple[int, str]]) -> "Joined":
        """Return pieces (place in the file, text) one after another."""
        texts: list[str] = []
        at: list[int] = []
        places: list[int] = []
        length = 0
        for place, text in pieces:
            at.append(length)
            places.append(place)
            texts.append(text)
            length += len(text)
        return cls("".join(texts), tuple(at) or (0,), tuple(places) or (0,))

    def place(self, offset: int) -> int:
        """Return where in the file a character of `text` stands."""
        piece = bisect_right(self.at, offset) - 1
        return self.places[piece] + offset - self.at[piece]

    def cut(self, start: int, stop: int) -> Text:
        """Return the characters `start` to `stop` as a value."""
        if len(self.at) == 1:
            return Text.at(self.places[0] + start, self.text[start:stop])
        return Text.join(Text.at(place, text) for place, text in self._pieces(start, stop))

    def select(self, spans: Sequence[tuple[int, int]]) -> "Joined":
        """Return the characters of several spans one after another."""
        if len(spans) == 1 and len(self.at) == 1:
            start, stop = spans[0]
            return Joined(self.text[start:stop], (0,), (self.places[0] + start,))
        return Joined.of(piece for start, stop in spans for piece in self._pieces(start, stop))

    def _pieces(self, start: int, stop: int) -> Iterable[tuple[int, str]]:
        piece = bisect_right(self.at, start) - 1
        while start < stop:
            end = min(stop, self.at[piece + 1]) if piece + 1 < len(self.at) else stop
            if end > start:
                yield self.places[piece] + start - self.at[piece], self.text[start:end]
            start, piece = end, piece + 1
