"""Which of many formats a file is read by, going by the words in its bytes.

Each word is searched for once, and the words that most formats ask for first: a file that lacks one of those
need not be searched for what else these formats ask for. Files that many formats claim are YAML and JSON,
which say the same again and again: their words are searched for in what is left when nothing stands twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

Group = tuple[bytes, ...]  # one of these words must be in a file
_MANY = 100  # words that may be asked for, from which on it pays to take a text apart first
_LONGEST = 2 * 1024 * 1024  # bytes of a text that is taken apart, which takes some 30 times as much memory


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
    ranges: Mapping[bytes, int]  # of the words: 0 several lines, 1 one line, 2 what white space sets apart
    many: bool  # whether there are so many words that texts are taken apart first

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
        shared = frozenset(word for word, count in often.items() if count > 1)
        ranges = {word: 0 if b"\n" in word else 1 + (word.split() == [word]) for word in often}
        return cls(tuple(names), groups, shared, ranges, len(often) > _MANY)

    def passed(self, content: bytes) -> list[str]:
        """Return the formats that find all they ask for, in their order."""
        failed: set[str] = set()
        seen: dict[bytes, bool] = {}
        texts = _apart(content) if self.many and len(content) <= _LONGEST else (content, content, content)
        for group, those in self.groups:
            if not those <= failed and not self._any(group, texts, seen):
                failed |= those
        return [name for name in self.names if name not in failed]

    def _any(self, group: Group, texts: Sequence[bytes], seen: dict[bytes, bool]) -> bool:
        for word in group:
            found = seen.get(word) if word in self.shared else None
            if found is None:
                found = word in texts[self.ranges[word]]
                if word in self.shared:
                    seen[word] = found
            if found:
                return True
        return False


def _apart(content: bytes) -> tuple[bytes, bytes, bytes]:
    """Return a text, its different lines, and what is different in those between white space."""
    lines = b"\n".join(set(content.split(b"\n")))
    return content, lines, b"\n".join(set(lines.split()))
