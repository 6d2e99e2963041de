"""Which of many words a text holds, found in one pass over its bytes.

Hyperscan (https://intel.github.io/hyperscan/) searches for all of them at once, at some gigabytes a second;
where it has no build, each word is searched for by itself. Both say the same.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec

_FAST = find_spec("hyperscan") is not None  # there are wheels for x86-64 and arm64


class Words:
    """Some words, each with a bit of its own: `bits[word]`."""

    def __init__(self, words: Iterable[bytes], *, fast: bool = _FAST) -> None:
        self.bits: Mapping[bytes, int] = {word: 1 << place for place, word in enumerate(dict.fromkeys(words))}
        together = fast and self.bits and not any(not word or b"\0" in word for word in self.bits)
        self._search = _at_once(list(self.bits)) if together else self._one_by_one

    def held(self, content: bytes) -> int:
        """Return the bits of the words that a text holds."""
        return self._search(content)

    def _one_by_one(self, content: bytes) -> int:
        return sum(bit for word, bit in self.bits.items() if word in content)


def _at_once(words: list[bytes]) -> Callable[[bytes], int]:
    """Return what tells the words of a text, the first with the lowest bit. No word is empty or has a NUL."""
    import hyperscan

    database = hyperscan.Database()
    database.compile(
        expressions=words,
        ids=list(range(len(words))),
        elements=len(words),
        flags=hyperscan.HS_FLAG_SINGLEMATCH,  # that a word is there matters, not how often
        literal=True,
    )
    space = threading.local()  # what a search works in may serve one thread at a time

    def search(content: bytes) -> int:
        if not hasattr(space, "scratch"):
            space.scratch = hyperscan.Scratch(database)
        held: list[int] = []

        def note(word: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            held.append(word)

        database.scan(content, match_event_handler=note, scratch=space.scratch)
        return sum(1 << word for word in held)

    return search
