"""Budget: which transfers of a plan run together and when, so that Docker Hub refuses no pull. Pure.

Docker Hub counts pulls over a window and does not say whether it slides. One that slides is the strictest, so
that is assumed: over any stretch of time as long as the window, no more pulls are made than the limit less
what is kept for others. Until a first window has passed, no more are made than were left when Docker Hub was
asked, because what others had pulled by then may have been pulled a moment before.

- What costs no pull waits for no window: it runs at once, what is gone from Docker Hub before all else.
- What costs pulls runs at once as far as the present window allows. From the first that does not fit, all
  wait: no smaller one is moved ahead into what is left, because every pull keeps the next window waiting.
- What waits begins when all pulls before it have left the window: a window after the last of them has ended.
  So it holds as well where images move faster than reckoned, and where the window is fixed.
- An image that needs more pulls than a window has begins a wave of several windows, in each of which it gets
  as many as are allowed. Those behind it use what the last one has left.

Order is kept: what is urgent, what costs pulls and what costs none each come in the order they were given.
How long a wave takes is its bytes over one line, and a while for each image, several of them at once.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from planner.config import BudgetSettings
from planner.errors import ConfigError
from planner.model.availability import PullLimit
from planner.model.job import Transfer
from planner.model.plan import Effort, Wave, key
from planner.model.reference import MIRROR
from planner.model.words import counted

ANONYMOUS = PullLimit(limit=100, remaining=100, window=21_600)
"""What Docker Hub gives an IPv4 address, or an IPv6 /64, that does not log in.

https://docs.docker.com/docker-hub/usage/pulls/, as of 2026. For 2025, 10 an hour had been announced and were
withdrawn. Such figures change, so these count only where neither headers nor settings tell any, with a note.
"""
UNKNOWN_SIZE = 500_000_000  # bytes of an image, where no size in a plan is known: an assumption, not measured
SECONDS_PER_IMAGE = 2  # beside its bytes, as many at once as are moved at once: an assumption as well
_MEGABYTE = 1_000_000
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400  # seconds
_GONE = "gone from Docker Hub: copied first"


@dataclass(frozen=True, slots=True)
class Budget:
    """How fast images can be moved. Raises ConfigError where they could never be."""

    limit: int | None  # pulls in a window; None: unlimited
    window: int  # seconds
    remaining: int | None  # pulls that the present window has left; None: not told, all of them
    keep: int  # pulls of every window that are left to others
    at_once: int  # images
    bytes_per_second: float  # all images together
    notes: tuple[str, ...] = ()  # what was assumed

    def __post_init__(self) -> None:
        if self.limit is not None and self.keep >= self.limit:
            raise ConfigError(
                f"$.budget.keep: {self.keep} leaves nothing of {self.limit:,} pulls"
                f" in {duration(self.window)}",
                hint="set budget.limit to what your account is given, and budget.keep below it",
            )
        if self.bytes_per_second < 1:
            raise ConfigError(
                f"$.budget.megabytes-per-second: {self.bytes_per_second / _MEGABYTE:g} is less than a byte",
                hint="set it to what the line carries, 50 where that is not known",
            )

    @property
    def allowed(self) -> int | None:
        """How many pulls a plan may make in a window; None: any number."""
        return None if self.limit is None else self.limit - self.keep

    @property
    def left(self) -> int | None:
        """How many pulls a plan may make before a window has passed; None: any number."""
        if self.allowed is None or self.remaining is None:
            return self.allowed
        return min(self.allowed, max(0, self.remaining - self.keep))


@dataclass(frozen=True, slots=True)
class _Job:
    """A transfer as the timetable sees it."""

    key: str
    pulls: int
    size: int | None  # bytes, as told
    bytes: int  # as assumed
    urgent: bool


def budget(settings: BudgetSettings, told: PullLimit | None, *, asked: bool = False) -> Budget:
    """Return the budget of the settings; what they leave open is as Docker Hub's headers have `told` it.

    A `limit` of 0 means no limit, as an account that pays has, and so do headers that tell none if Docker Hub
    was `asked`. What is left of the present window is what the headers told, unless the settings set a larger
    limit than they did: then another account is going to pull. Raises ConfigError.
    """
    given = settings.limit
    if given is None and told is None and asked:
        given = 0
    source = told or ANONYMOUS
    limit = source.limit if given is None else given or None
    own_window = given is not None or settings.window != ANONYMOUS.window
    applies = told is not None and limit is not None and limit <= told.limit
    return Budget(
        limit=limit,
        window=settings.window if own_window else source.window,
        remaining=told.remaining if told and applies else None,
        keep=settings.keep,
        at_once=settings.at_once,
        bytes_per_second=settings.megabytes_per_second * _MEGABYTE,
        notes=() if told or given is not None else (_assumed(settings.window),),
    )


def waves(
    transfers: Sequence[Transfer], urgent: Container[str], budget: Budget, most: str
) -> tuple[Wave, ...]:
    """Return the waves, in the order they run, with each transfer in one of them.

    A wave's beginning is counted in seconds from that of the plan. Transfers are given in the order of their
    importance. `urgent` are the keys of those whose source may soon be gone, and `most`, "pulled" or "used",
    is what the others are ordered by.
    """
    return tuple(_waves(_jobs(transfers, urgent, {}), budget, most))


def effort(waves: Sequence[Wave]) -> Effort:
    """Return what all waves take together, with the wait before the first one."""
    seconds = waves[-1].begins + waves[-1].seconds if waves else 0
    return Effort(sum(wave.pulls for wave in waves), seconds)


def direct(
    transfers: Sequence[Transfer],
    urgent: Container[str],
    budget: Budget,
    most: str,
    direct_pulls: Mapping[str, int],
) -> Effort:
    """Return what it would take if all bytes came from Docker Hub, with the pulls that each then costs."""
    return effort(tuple(_waves(_jobs(transfers, urgent, direct_pulls), budget, most)))


def summary(effort: Effort, direct: Effort) -> str:
    """Return in a sentence what a plan takes, and without the mirror where that is more."""
    takes, without = duration(effort.seconds), duration(direct.seconds)
    said = f"this takes {takes} and {_counted(effort.pulls, 'pull')}"
    if direct.seconds <= effort.seconds or without == takes:
        if direct.pulls <= effort.pulls:
            return said
        without = _counted(direct.pulls, "pull")
    return f"with {MIRROR} as source {said}, without it {without}"


def duration(seconds: int) -> str:
    """Return seconds as people say them: `under a minute`, `40 minutes`, `21 hours`, `3 days`."""
    if seconds < _MINUTE:
        return "under a minute"
    for unit, noun, below in ((_MINUTE, "minute", 2 * _HOUR), (_HOUR, "hour", 2 * _DAY)):
        number = _nearest(seconds, unit)
        if number * unit < below:
            return _counted(number, noun)
    return _counted(_nearest(seconds, _DAY), "day")


def _assumed(window: int) -> str:
    return (
        f"Docker Hub stated no limit: {_counted(ANONYMOUS.limit, 'pull')} in {duration(window)} are assumed,"
        " as without a login; `hub2ar doctor` asks for yours, budget.limit sets it (0: none)"
    )


def _jobs(transfers: Sequence[Transfer], urgent: Container[str], pulls: Mapping[str, int]) -> list[_Job]:
    """Return the urgent ones first; a size that is not known is taken for the mean of those that are."""
    known = [each.size for each in transfers if each.size is not None]
    mean = sum(known) // len(known) if known else UNKNOWN_SIZE
    jobs = [
        _Job(
            name := key(each),
            pulls.get(name, each.pulls),
            each.size,
            mean if each.size is None else each.size,
            name in urgent,
        )
        for each in transfers
    ]
    return sorted(jobs, key=lambda job: not job.urgent)


def _waves(jobs: Sequence[_Job], budget: Budget, most: str) -> Iterator[Wave]:
    """Yield what runs at once, then what waits."""
    clock = 0
    open_at = 0 if budget.left == budget.allowed else budget.window  # when nothing of a window is used
    now, waiting = _split(jobs, budget.left)
    for urgent, title in ((True, _GONE), (False, f"everything else, most {most} first")):
        group = [job for job in now if job.urgent is urgent]
        if not group:
            continue
        wave = _wave(title, group, clock, _seconds(group, budget))
        yield wave
        if wave.pulls:
            open_at = clock + _paid_after(group, budget) + budget.window
        clock += wave.seconds
    yield from _later(waiting, budget, max(clock, open_at))


def _split(jobs: Sequence[_Job], left: int | None) -> tuple[list[_Job], list[_Job]]:
    """Return what runs at once, and what waits: the first that does not fit, and all paid ones behind it."""
    if left is None:
        return list(jobs), []
    now: list[_Job] = []
    waiting: list[_Job] = []
    for job in jobs:
        if job.pulls and (waiting or job.pulls > left):
            waiting.append(job)
        else:
            now.append(job)
            left -= job.pulls
    return now, waiting


def _later(jobs: Sequence[_Job], budget: Budget, begins: int) -> Iterator[Wave]:
    """Yield what waits, all of which costs pulls: each wave a window after the one before has ended."""
    allowed = budget.allowed or 1  # nothing waits where there is no limit
    start = 0
    while start < len(jobs):
        end = _fitting(jobs, start, allowed)
        group = jobs[start:end]
        windows = _ceil(sum(job.pulls for job in group), allowed)
        seconds = _seconds(group, budget) + (windows - 1) * budget.window
        yield _wave(_title(group, begins, windows, budget.window), group, begins, seconds)
        begins += seconds + budget.window
        start = end


def _fitting(jobs: Sequence[_Job], start: int, allowed: int) -> int:
    """Return the end of the jobs that fit into as many windows as the first one needs."""
    left = allowed * _ceil(jobs[start].pulls, allowed)
    for index in range(start, len(jobs)):
        left -= jobs[index].pulls
        if left < 0:
            return index
    return len(jobs)


def _title(jobs: Sequence[_Job], begins: int, windows: int, window: int) -> str:
    pulls = _counted(sum(job.pulls for job in jobs), "pull")
    first = "gone from Docker Hub first: " if jobs[0].urgent else ""
    after = f", after {duration(begins)}" if begins >= _MINUTE else ""
    over = f", over {windows} windows of {duration(window)}" if windows > 1 else ""
    return f"{first}{'next ' if begins else ''}{pulls}{after}{over}"


def _wave(title: str, jobs: Sequence[_Job], begins: int, seconds: int) -> Wave:
    sizes = [job.size for job in jobs if job.size is not None]
    return Wave(
        title,
        tuple(job.key for job in jobs),
        begins,
        seconds,
        sum(job.pulls for job in jobs),
        sum(sizes) if sizes else None,
    )


def _paid_after(jobs: Sequence[_Job], budget: Budget) -> int:
    """Return the seconds until the last pull of these jobs is made.

    Those that run beside it count as well.
    """
    last = max(index for index, job in enumerate(jobs) if job.pulls)
    return _seconds(jobs[: last + budget.at_once], budget)


def _seconds(jobs: Sequence[_Job], budget: Budget) -> int:
    line = sum(job.bytes for job in jobs) / budget.bytes_per_second
    return _ceil(line, 1) + _ceil(len(jobs), budget.at_once) * SECONDS_PER_IMAGE


def _ceil(number: float, unit: int) -> int:
    return int(-(-number // unit))


def _nearest(number: int, unit: int) -> int:
    return (number + unit // 2) // unit


def _counted(number: int, noun: str) -> str:
    """Return `no pulls`, `1 pull`, `1,200 pulls`."""
    return counted(number, noun) if number else f"no {noun}s"
