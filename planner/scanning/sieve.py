"""Which of many formats a file is read by, going by the words in its bytes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

Group = tuple[bytes, ...]  # one of these words must be in a file


class Asking(Protocol):
    """A format, with the words that it asks for."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def words(self) -> tuple[Group, ...]:
        """What a file must hold, one word of each group."""


class Sieve(Struct, frozen=True):
    """The groups of words that some formats ask for, and the formats that ask for each."""

    names: tuple[str, ...]
    groups: Sequence[tuple[int, int]]  # words and formats, each a bit; what most formats ask for first

    @classmethod
    def of(cls, formats: Iterable[Asking], bits: Mapping[bytes, int]) -> "Sieve":
        """Return the sieve of some formats, whose words have these bits."""
        asking: dict[int, int] = {}
        names: list[str] = []
        for each in formats:
            for group in each.words:
                words = sum(bits[word] for word in set(group))
                asking[words] = asking.get(words, 0) | 1 << len(names)
            names.append(each.name)
        groups = sorted(asking.items(), key=lambda item: item[1].bit_count(), reverse=True)
        return cls(tuple(names), groups)

    def passed(self, held: int) -> list[str]:
        """Return the formats that find all they ask for among the words of a file, in their order."""
        left = (1 << len(self.names)) - 1
        for words, those in self.groups:
            if not words & held:
                left &= ~those
                if not left:
                    return []
        return [name for place, name in enumerate(self.names) if left >> place & 1]
