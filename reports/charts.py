"""What charts show, before any writer draws them; each says in words what it shows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from planner.model.words import duration

_TICKS = 6  # of a time axis, at most
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_STEPS = (
    *(1, 5, 15, 30),
    *(_MINUTE, 2 * _MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE),
    *(_HOUR, 2 * _HOUR, 6 * _HOUR, 12 * _HOUR),
    *(_DAY, 2 * _DAY, 7 * _DAY, 28 * _DAY, 364 * _DAY),
)  # seconds
_ROUND = (2, 4, 6, 8, 10, 12, 16, 20, 30, 40, 50, 60, 80, 100)


class Tone(StrEnum):
    """What a value means; writers give each a colour, and always the words beside it."""

    GOOD = "good"
    LATE = "late"
    NEUTRAL = "neutral"
    RISK = "risk"
    LOST = "lost"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """A named amount."""

    label: str
    value: int
    tone: Tone = Tone.NEUTRAL
    meaning: str = ""  # of the label, where that is a term


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar of parts that make a whole."""

    title: str
    noun: str  # what is counted, in the plural
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """The whole."""
        return sum(part.value for part in self.parts)

    @property
    def description(self) -> str:
        """What it shows, in a sentence."""
        said = ", ".join(f"{part.value:,} {part.label}" for part in self.parts)
        return f"Of {self.total:,} {self.noun}: {said}."


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars that are compared with each other, and with a limit where there is one."""

    title: str
    noun: str  # what is counted, in the plural
    parts: tuple[Part, ...]
    limit: int | None = None
    limit_label: str = ""

    @property
    def longest(self) -> int:
        """The greatest value, at least 1."""
        return max(1, self.limit or 0, *(part.value for part in self.parts))

    @property
    def description(self) -> str:
        """What it shows, in a sentence."""
        said = ", ".join(f"{part.label} {part.value:,}" for part in self.parts)
        return f"{self.noun.capitalize()}: {said}{f'; {self.limit_label}' if self.limit else ''}."


@dataclass(frozen=True, slots=True)
class Ranking:
    """The values of a column that most rows of a table have, each the way to those rows."""

    title: str
    table: str  # name of the section whose rows are counted
    column: str  # of that table
    rows: tuple[tuple[str, int], ...]  # the most frequent first
    others: int = 0  # how many values more there are


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasts; times are seconds after the start."""

    label: str
    begin: int
    end: int
    said: str  # what belongs to it, in a few words


@dataclass(frozen=True, slots=True)
class Timetable:
    """What runs when."""

    title: str
    spans: tuple[Span, ...]

    @property
    def end(self) -> int:
        """When the last one ends, at least 1."""
        return max(1, *(span.end for span in self.spans), *(span.begin + 1 for span in self.spans))

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Where round times stand, in percent of the whole, and what they are."""
        step = next((step for step in _STEPS if self.end / step <= _TICKS), _STEPS[-1])
        return tuple((at * 100 / self.end, duration(at)) for at in range(0, self.end + 1, step))

    @property
    def description(self) -> str:
        """What it shows, in a sentence."""
        return "; ".join(f"{span.label}: {span.said}" for span in self.spans) + "."


@dataclass(frozen=True, slots=True)
class Point:
    """What was counted at a time."""

    at: datetime  # UTC
    value: int


@dataclass(frozen=True, slots=True)
class Line:
    """What was counted at several times, the earliest first."""

    title: str
    noun: str  # what is counted, in the plural
    points: tuple[Point, ...]
    full: bool = False  # as wide as the page

    @property
    def top(self) -> int:
        """Where the scale ends: a round number that no value is above, and that has a half."""
        most = max(2, *(point.value for point in self.points))
        unit: int = 10 ** max(0, len(str(most)) - 2)
        return next(step * unit for step in _ROUND if step * unit >= most)

    @property
    def placed(self) -> tuple[tuple[float, float], ...]:
        """Where each point stands, in percent from the left and from the top."""
        first, last = self.points[0].at, self.points[-1].at
        span = (last - first).total_seconds() or 1.0
        return tuple(
            ((each.at - first).total_seconds() * 100 / span, 100 - each.value * 100 / self.top)
            for each in self.points
        )

    @property
    def description(self) -> str:
        """What it shows, in a sentence."""
        first, last = self.points[0], self.points[-1]
        most = max(self.points, key=lambda point: point.value)
        said = [f"{first.value:,} on {_day(first.at)}", f"{last.value:,} on {_day(last.at)}"]
        if most.value > max(first.value, last.value):
            said.insert(1, f"at most {most.value:,} on {_day(most.at)}")
        return f"{self.noun.capitalize()}: {', '.join(said)}."


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


Chart = Stack | Bars | Ranking | Timetable | Line
