"""The patterns of `${V#p}`, `${V%p}` and `${V/p/r}`: `*` is any text, `?` any character, `\\*` a star.

https://docs.docker.com/reference/dockerfile/#environment-replacement. A set of positions is a number with a
bit for each, so that no pattern takes longer than its length times the value's.
"""

from collections.abc import Iterator

ONE = "?"
_Token = tuple[str, bool]  # a character, and whether it is a wildcard


class InvalidPattern(ValueError):
    """A pattern has a backslash before a character that needs none."""


def tokens(pattern: str) -> tuple[_Token, ...]:
    """Return what a pattern is made of."""
    return tuple(_tokens(pattern))


def _tokens(pattern: str) -> Iterator[_Token]:
    characters = iter(pattern)
    for character in characters:
        if character != "\\":
            yield character, character in ("*", ONE)
            continue
        escaped = next(characters, "")
        if escaped not in ("}", "/", "*", "?", "\\"):
            raise InvalidPattern(f"invalid escape \\{escaped} in the pattern {pattern}")
        yield escaped, False


class Subject:
    """The value that patterns are held against."""

    def __init__(self, value: str) -> None:
        self._length = len(value)
        self._value = value
        self._where: dict[str, int] = {}

    def ends(self, pattern: tuple[_Token, ...], start: int = 0) -> int:
        """Return where a pattern that begins at `start` can end: a bit for each position, 0 for nowhere."""
        everywhere = (1 << (self._length + 1)) - 1
        found = 1 << start
        for character, wildcard in pattern:
            if not wildcard:
                found = (found & self._positions(character)) << 1
            elif character == ONE:
                found = (found << 1) & everywhere
            else:
                found = everywhere & ~((found & -found) - 1)
            if not found:
                break
        return found

    def _positions(self, character: str) -> int:
        if character not in self._where:
            bits, found = 0, self._value.find(character)
            while found >= 0:
                bits |= 1 << found
                found = self._value.find(character, found + 1)
            self._where[character] = bits
        return self._where[character]


def prefix(pattern: tuple[_Token, ...], value: str, *, longest: bool) -> int:
    """Return how many characters at the beginning of `value` a pattern covers; 0 where it covers none."""
    ends = Subject(value).ends(pattern)
    return max((ends if longest else ends & -ends).bit_length() - 1, 0)


def suffix(pattern: tuple[_Token, ...], value: str, *, longest: bool) -> int:
    """Return how many characters at the end of `value` a pattern covers; 0 where it covers none."""
    return prefix(pattern[::-1], value[::-1], longest=longest)


def matches(pattern: tuple[_Token, ...], value: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of `value` that a pattern covers: leftmost, as long as it can be, not overlapping."""
    subject = Subject(value)
    start = last = 0
    while start <= len(value):
        end = subject.ends(pattern, start).bit_length() - 1
        if end >= start and (end > last or not start):  # right after a match, nothing is no match
            yield start, end
            last = end
        start = max(end, start + 1)
