"""Spending: which image may be pulled from Docker Hub now, going by what it says is left before each.

Docker Hub's own headers are the truth that all tasks share, and whoever else pulls; asking for them costs no
pull. An image is started when all the pulls that it is planned to cost fit into what is left, less what is
kept for others; from the first that does not, all wait. What turns out to cost more is asked for as it turns
out: what is attached to an image all at once, anything else one by one.

Tasks do not talk to each other. So each leaves room for one image of every other task, the largest that it
has, and each pulls one at a time: whatever the others have begun since it read the headers still fits. Where
that would be more than half of a window, half is left: then tasks may be refused by Docker Hub, at most one
image each, which waits like any other. Where there are so many tasks that each would get but a few pulls, and
no image would ever be whole, it is drawn by lot which ones begin.

What a remote repository pulls is counted for whoever it logs in as, and nothing tells how much that has left:
it is not held back here.
"""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

import msgspec

from planner import clock
from planner.errors import PlannerError
from planner.model.availability import PullLimit
from planner.model.diagnosis import Counting
from planner.registries.oci import Registries


class OverBudget(PlannerError):
    """An image needs more pulls than may be made now. `need` is how many have to be left."""

    def __init__(self, message: str, until: datetime, need: int, *, busy: bool = False) -> None:
        super().__init__(message)
        self.until = until  # UTC; by then the window has passed
        self.need = need
        self.busy = busy  # whether it may fit as soon as others of this task have ended


class NeverFits(PlannerError):
    """No window has any pull to give."""


class Permit(msgspec.Struct, eq=False):
    """What one image may pull."""

    pulls: int  # planned
    granted: int = 0
    made: int = 0
    expected: int = 0  # that are known to follow
    refusal: OverBudget | None = None


_EACH = 4  # pulls of a window for each task, at least

_PERMIT: ContextVar[Permit] = ContextVar("permit")


class Purse:
    """The pulls of one task. `keep` are left to others, `beside` is what other tasks may be about to make.

    `tasks` is how many have images that cost pulls, this one included.
    """

    def __init__(
        self,
        registries: Registries,
        *,
        keep: int = 0,
        beside: int = 0,
        tasks: int = 1,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._registries = registries
        self._keep = keep
        self._beside = beside
        self._tasks = tasks
        self._draw = draw
        self._lot = draw()
        self._active: set[Permit] = set()
        self._asking = asyncio.Lock()
        self._silent = False  # whether Docker Hub tells no limit where it should
        self.refusal: OverBudget | None = None  # that holds for all who come after

    @property
    def at_once(self) -> int:
        """How many images that cost pulls may run at once; 0: any number."""
        return 1 if self._beside else 0

    @contextmanager
    def permit(self, pulls: int) -> Iterator[Permit]:
        """Let what runs in this block pull as one image, as far as it turns out to need any."""
        permit = Permit(max(pulls, 1))
        token = _PERMIT.set(permit)
        try:
            yield permit
        finally:
            _PERMIT.reset(token)
            self._active.discard(permit)

    async def before_pull(self) -> None:
        """Count a pull of the image at hand. Raises OverBudget or NeverFits where it shall not be made."""
        permit = _PERMIT.get(None)
        if permit is None:
            return
        try:
            async with self._asking:
                if permit.made >= permit.granted:
                    await self._grant(permit)
                permit.made += 1
        except OverBudget as refusal:
            permit.refusal = refusal
            raise

    def expect(self, pulls: int) -> None:
        """Have so many pulls of the image at hand granted together when the next is made, or none."""
        if permit := _PERMIT.get(None):
            permit.expected = max(pulls - (permit.granted - permit.made), 0)

    async def has_room(self, need: int) -> bool:
        """Tell whether so many pulls are left."""
        limit = await self.limit()
        return limit is not None and limit.remaining >= need

    def reopen(self, *, anew: bool = False) -> None:
        """Let those ask again who come after a refusal; `anew` after a wait, when lots are drawn again."""
        self.refusal = None
        if anew:
            self._lot = self._draw()

    async def limit(self) -> PullLimit | None:
        """Ask Docker Hub what is left; None where it counts nothing, or nobody can know.

        A limit of no pulls is none that anybody has, for nothing could be waited for; the next pull shows.
        """
        found = await self._told()
        return found if found and found.limit else None

    async def _told(self) -> PullLimit | None:
        if not self._silent:
            found = await self._registries.docker_hub_limit()
            if found.counting is not Counting.UNKNOWN:
                return found.limit
            self._silent = not found.refused
        return self._registries.pull_limit

    async def _grant(self, permit: Permit) -> None:
        if self.refusal:
            raise self.refusal.with_traceback(None)
        wanted = max(permit.expected, 1) if permit.granted else permit.pulls
        limit = await self.limit()
        if limit is not None:
            wanted = self._checked(limit, wanted, permit)
        permit.granted, permit.expected = permit.granted + wanted, 0
        self._active.add(permit)

    def _checked(self, limit: PullLimit, wanted: int, permit: Permit) -> int:
        """Return how many of the wanted pulls may be made: all, or as many as a window has."""
        allowed = limit.limit - self._keep
        if allowed <= 0:
            raise NeverFits(
                f"Docker Hub gives {limit.limit:,} pulls and {self._keep:,} are kept", hint="keep fewer"
            )
        wanted = min(wanted, allowed)
        own = sum(each.granted for each in self._active if each is not permit)
        others = min(self._beside, (allowed - wanted) // 2)
        need = self._keep + wanted + own + others
        drawn = self._lot * self._tasks < max(allowed // _EACH, 1)
        if limit.remaining >= need and drawn:
            return wanted
        told = [f"{limit.remaining:,} of {limit.limit:,} pulls are left, and this needs {wanted:,}"]
        told += [f"{self._keep} are kept for others"] if self._keep else []
        told += [f"{own + others} may be under way"] if own + others else []
        told += [] if drawn else [f"{self._tasks} tasks are too many to begin at once"]
        until = clock.now() + timedelta(seconds=limit.window)
        self.refusal = OverBudget(", ".join(told), until, self._keep + wanted + others, busy=own > 0)
        raise self.refusal
