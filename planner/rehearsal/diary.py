"""The diary of a rehearsal: what happened when, in few lines, however long it took. Pure.

What is alike and follows one another is one line: images that move within an hour, waits in which nothing
does, and windows of a limit that are filled one after another.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import chain

from planner.model.outcome import Outcome, Result
from planner.model.words import counted

_HOUR = timedelta(hours=1)
_ROUNDS = 4  # that are listed one by one; of more, those between the first and the last are one line


class Kind(Enum):
    """What a line is about."""

    NOTE = "note"
    MOVED = "moved"
    WAIT = "wait"
    ROUNDS = "rounds"  # of images that are moved and waits


@dataclass(frozen=True, slots=True)
class Block:
    """Something that goes on for a while."""

    kind: Kind
    begins: datetime
    ends: datetime
    text: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    times: int = 1


@dataclass(slots=True)
class Diary:
    """What is written down, in the order it happens."""

    blocks: list[Block] = field(default_factory=list)

    def note(self, at: datetime, text: str) -> None:
        """Write something down that is shown as it is."""
        self.blocks.append(Block(Kind.NOTE, at, at, text))

    def moved(self, at: datetime, outcome: Outcome, pulls: int) -> None:
        """Write down what became of an image, and how many pulls of Docker Hub it took."""
        result = "moved" if outcome.result is Result.DONE else str(outcome.result)
        counts = Counter({result: 1, "pulls": pulls, "saved": outcome.saved})
        last = self.blocks[-1] if self.blocks else None
        if last and last.kind is Kind.WAIT:
            self.blocks[-1] = replace(last, ends=min(at, last.ends))
        if last and last.kind is Kind.MOVED and at - last.begins < _HOUR:
            self.blocks[-1] = replace(last, ends=at, counts=last.counts + counts)
        else:
            self.blocks.append(Block(Kind.MOVED, at, at, counts=counts))

    def waits(self, at: datetime, why: str, until: datetime) -> None:
        """Write down that nothing goes on until then, at the latest."""
        last = self.blocks[-1] if self.blocks else None
        if last and last.kind is Kind.WAIT:
            self.blocks[-1] = replace(last, ends=until, times=last.times + 1)
        else:
            self.blocks.append(Block(Kind.WAIT, at, until, why))

    def lines(self) -> Iterator[tuple[datetime, str]]:
        """Yield what happened and since when, in few lines."""
        for block in _shortened(self.blocks):
            yield block.begins, _told(block)


def _shortened(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield blocks, and what comes again and again as one: some images, then a wait."""
    place = 0
    while place < len(blocks):
        row = [*_row(blocks, place)]
        if len(row) <= _ROUNDS:
            yield blocks[place]
            place += 1
            continue
        yield from row[0]
        yield _joined(row[1:-1])
        yield from row[-1]
        place += 2 * len(row)


def _row(blocks: Sequence[Block], place: int) -> Iterator[Sequence[Block]]:
    """Yield the rounds that begin here."""
    while [each.kind for each in blocks[place : place + 2]] == [Kind.MOVED, Kind.WAIT]:
        yield blocks[place : place + 2]
        place += 2


def _joined(rounds: Sequence[Sequence[Block]]) -> Block:
    counts: Counter[str] = Counter()
    for each in chain.from_iterable(rounds):
        counts += each.counts
    return Block(Kind.ROUNDS, rounds[0][0].begins, rounds[-1][-1].ends, counts=counts, times=len(rounds))


def _told(block: Block) -> str:
    match block.kind:
        case Kind.NOTE:
            return block.text
        case Kind.MOVED:
            return _sum(block.counts)
        case Kind.WAIT:
            again = f", asked again {counted(block.times - 1, 'time')}" if block.times > 1 else ""
            return f"nothing moves until {_moment(block.ends, block.begins)}{again}: {block.text}"
        case Kind.ROUNDS:
            times = counted(block.times, "more wait")
            return f"{_sum(block.counts)}, with {times} until {_moment(block.ends, block.begins)}"


def _sum(counts: Counter[str]) -> str:
    """Return what became of some images."""
    said = [f"{counted(counts['moved'], 'image')} moved"] if counts["moved"] else []
    said += [f"{counts['present']} there already"] if counts["present"] else []
    said += [f"{counts['failed']} failed"] if counts["failed"] else []
    said += [f"{counts['skipped']} left waiting"] if counts["skipped"] else []
    costs = [counted(counts["pulls"], "pull")] if counts["pulls"] else []
    costs += [f"{counts['saved']} saved"] if counts["saved"] else []
    return ", ".join(said) + (f" ({', '.join(costs)})" if costs else "")


def _moment(at: datetime, since: datetime) -> str:
    """Return a time of day, with its day where that is another one than of `since`."""
    clock = f"{at:%H:%M}"
    return clock if at.date() == since.date() else f"{clock} of {at:%a} {at.day} {at:%b}"


def timetable(lines: Iterable[tuple[datetime, str]]) -> Iterator[tuple[str, str]]:
    """Yield a label and a text for each line: before what a day has the day alone, and no time twice."""
    day: date | None = None
    last = ""
    for at, text in lines:
        if at.date() != day:
            day, last = at.date(), ""
            yield f"{at:%a} {at.day} {at:%b}", ""
        clock = f"{at:%H:%M}"
        yield "" if clock == last else clock, text
        last = clock
