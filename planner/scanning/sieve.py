"""Which of many formats a file is read by, going by the words in its bytes.

Each word is searched for once, and the words that most formats ask for first: a file that lacks one of those
need not be searched for what else these formats ask for. Nor for words that hold a text which it lacks. Long
files that many formats claim say the same again and again: their words are searched for in what is left when
nothing stands twice.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

Group = tuple[bytes, ...]  # one of these words must be in a file
_MANY = 100  # words that may be asked for, from which on it pays to take a text apart first
_SHORTEST, _LONGEST = (
    5_000,
    2 * 1024 * 1024,
)  # bytes of a text that is, which takes some 30 times as much memory
_STEMS = (  # that several words hold
    *(
        b"mage",
        b"MAGE",
        b"ontain",
        b"ocker",
        b"egistr",
        b".io/",
        b"uild",
        b"name",
        b"repo",
        b"cript",
        b"act ",
    ),
    *(b".dev", b"plat", b"const", b"flow", b"tion", b"source", b"cluster", b"attern", b":tc:", b"pull"),
)


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
    groups: Sequence[tuple[Group, int]]  # with the formats, each a bit
    stems: Mapping[bytes, bytes]  # of words of which several have the same
    shared: frozenset[bytes]  # words of several groups
    ranges: Mapping[bytes, int]  # of the words: 0 several lines, 1 one line, 2 what white space sets apart
    many: bool  # whether there are so many words that long texts are taken apart first

    @classmethod
    def of(cls, formats: Iterable[Asking]) -> "Sieve":
        """Return the sieve of some formats."""
        asking: dict[Group, int] = {}
        names: list[str] = []
        for each in formats:
            for group in each.words:
                asking[group] = asking.get(group, 0) | 1 << len(names)
            names.append(each.name)
        often = Counter(word for group in asking for word in group)
        weight = {group: sum(often[word] for word in group) / len(group) for group in asking}
        order = {
            group: (-those.bit_count(), len(group), -weight[group], group) for group, those in asking.items()
        }
        groups = sorted(asking.items(), key=lambda item: order[item[0]])
        stems = _stems(often)
        shared = frozenset(word for word, count in often.items() if count > 1).union(stems.values())
        ranges = {word: 0 if b"\n" in word else 1 + (word.split() == [word]) for word in (*often, *_STEMS)}
        return cls(tuple(names), groups, stems, shared, ranges, len(often) > _MANY)

    def passed(self, content: bytes) -> list[str]:
        """Return the formats that find all they ask for, in their order."""
        left = (1 << len(self.names)) - 1
        seen: dict[bytes, bool] = {}
        apart = self.many and _SHORTEST < len(content) < _LONGEST
        texts = _apart(content) if apart else (content, content, content)
        for group, those in self.groups:
            if those & left and not self._any(group, texts, seen):
                left &= ~those
                if not left:
                    return []
        return [name for place, name in enumerate(self.names) if left >> place & 1]

    def _any(self, group: Group, texts: Sequence[bytes], seen: dict[bytes, bool]) -> bool:
        stems, ranges, shared = self.stems, self.ranges, self.shared
        for word in group:
            stem = stems.get(word)
            if stem is not None:
                found = seen.get(stem)
                if found is None:
                    found = seen[stem] = stem in texts[ranges[stem]]
                if not found:
                    continue
            found = seen.get(word) if word in shared else None
            if found is None:
                found = word in texts[ranges[word]]
                if word in shared:
                    seen[word] = found
            if found:
                return True
        return False


def _stems(words: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return what is searched for before a word is, where that tells of several words at once."""
    found = {word: stem for word in words if (stem := next((each for each in _STEMS if each in word), None))}
    holding = Counter(found.values())
    return {word: stem for word, stem in found.items() if word != stem and holding[stem] > 1}


def _apart(content: bytes) -> tuple[bytes, bytes, bytes]:
    """Return a text, its different lines, and what is different in those between white space."""
    lines = b"\n".join(set(content.split(b"\n")))
    return content, lines, b"\n".join(set(lines.split()))
