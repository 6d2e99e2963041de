"""The progress of a campaign: counted as it goes on, and told in one line, or with one for each worker."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from planner.campaign import Watch
from planner.cli import _text
from planner.model.availability import PullLimit
from planner.model.job import Transfer
from planner.model.outcome import Outcome, Result
from planner.model.plan import key
from planner.model.words import duration, size

_SPAN = 30.0  # seconds over which a rate is taken


@dataclass(slots=True)
class Progress(Watch):
    """The images of a campaign: those that ended, those at work, and those to come."""

    jobs: Sequence[Transfer]
    received: Callable[[], int]  # bytes so far
    limit: Callable[[], PullLimit | None]  # as Docker Hub told it last
    clock: Callable[[], float] = time.monotonic
    heard: Callable[[], None] = lambda: None  # called when the campaign begins to wait
    ended_as: Counter[Result] = field(default_factory=Counter)
    waiting: str = ""  # until when, and why
    _working: dict[str, tuple[str, float]] = field(default_factory=dict)  # by key: what, and since when
    _sizes: int = 0  # bytes of the images that ended, as planned
    _moved: int = 0  # bytes that moved for them
    _began: float = 0.0
    _seen: deque[tuple[float, int]] = field(default_factory=deque)  # when, and bytes by then

    def __post_init__(self) -> None:
        self._began = self.clock()

    def started(self, job: Transfer) -> None:
        """Note that an image is started."""
        self.waiting = ""
        self._working[key(job)] = (str(job.destination), self.clock())

    def ended(self, job: Transfer, outcome: Outcome | None) -> None:
        """Note what became of an image."""
        self._working.pop(key(job), None)
        if outcome is not None:
            self.ended_as[outcome.result] += 1
            self._sizes += job.size or 0
            self._moved += outcome.bytes

    def waits(self, why: str, until: datetime) -> None:
        """Note that nothing goes on for a while."""
        self.waiting = f"waiting until {_text.moment(until)} at the latest: {why}"
        self.heard()

    @property
    def done(self) -> int:
        """How many images ended."""
        return self.ended_as.total()

    @property
    def rate(self) -> float:
        """Bytes a second, of late."""
        now, received = self.clock(), self.received()
        self._seen.append((now, received))
        while len(self._seen) > 2 and now - self._seen[0][0] > _SPAN:
            self._seen.popleft()
        since, before = self._seen[0]
        return (received - before) / (now - since) if now > since else 0.0

    def line(self) -> str:
        """Return in one line how far it is: images, bytes, time and pulls left, failures."""
        received, rate, total = self.received(), self.rate, self._total()
        parts = [f"{self.done:,} of {_text.counted(len(self.jobs), 'image')}"]
        parts.append(f"{size(received)} moved" + (f", {size(round(rate))}/s" if rate else ""))
        if (left := self._left(rate, total)) is not None and self.done < len(self.jobs):
            parts.append(f"{duration(left)} left")
        if limit := self.limit():
            parts.append(f"{limit.remaining:,} of {_text.counted(limit.limit, 'pull')} left")
        if failed := self.ended_as[Result.FAILED]:
            parts.append(f"{failed:,} failed")
        return ", ".join(parts)

    def workers(self) -> Iterator[str]:
        """Yield what each worker does, and for how long."""
        now = self.clock()
        for what, since in self._working.values():
            yield f"  {duration(int(now - since)):>9}  {what}"

    def _total(self) -> int | None:
        sizes = [job.size for job in self.jobs]
        known = [size for size in sizes if size is not None]
        return sum(known) if len(known) == len(sizes) else None

    def _left(self, rate: float, total: int | None) -> int | None:
        """Return how many seconds are left, going by bytes where all sizes are known, else by images."""
        if total is not None and rate:
            under_way = max(self.received() - self._moved, 0)
            return int(max(total - self._sizes - under_way, 0) / rate)
        if not self.done:
            return None
        return int((self.clock() - self._began) / self.done * (len(self.jobs) - self.done))
