"""Which of many formats a file is read by, going by the words in its bytes.

Each word is searched for once, and the words that most formats ask for first: a file that lacks one of those
need not be searched for what else these formats ask for.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct

Group = tuple[bytes, ...]  # one of these words must be in a file


class Asking(Protocol):
    """A format, by what it asks for."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def words(self) -> tuple[Group, ...]:
        """What a file must hold, one word of each group."""


class Sieve(Struct, frozen=True):
    """The groups of words that some formats ask for, and the formats that ask for each."""

    names: tuple[str, ...]
    groups: Sequence[tuple[Group, frozenset[str]]]
    shared: frozenset[bytes]  # words of several groups

    @classmethod
    def of(cls, formats: Iterable[Asking]) -> "Sieve":
        """Return the sieve of some formats."""
        asking: dict[Group, set[str]] = {}
        names = []
        for each in formats:
            names.append(each.name)
            for group in each.words:
                asking.setdefault(group, set()).add(each.name)
        often = Counter(word for group in asking for word in group)
        weight = {group: sum(often[word] for word in group) / len(group) for group in asking}
        ordered = sorted(asking.items(), key=lambda item: (-len(item[1]), -weight[item[0]], item[0]))
        groups = [(group, frozenset(those)) for group, those in ordered]
        return cls(tuple(names), groups, frozenset(word for word, count in often.items() if count > 1))

    def passed(self, content: bytes) -> list[str]:
        """Return the formats that find all they ask for, in their order."""
        failed: set[str] = set()
        seen: dict[bytes, bool] = {}
        for group, those in self.groups:
            if not those <= failed and not self._any(group, content, seen):
                failed |= those
        return [name for name in self.names if name not in failed]

    def _any(self, group: Group, content: bytes, seen: dict[bytes, bool]) -> bool:
        for word in group:
            if word not in self.shared:
                found = word in content
            else:
                known = seen.get(word)
                found = seen[word] = (word in content) if known is None else known
            if found:
                return True
        return False
