"""A campaign: all transfers of a plan that fall to one task, as fast as Docker Hub's limit allows.

Waves run in their order, and in each what costs no pulls comes first. What has to wait for the limit is
reported at the end, or waited for, and then goes on where it stopped.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from planner import clock
from planner.model.job import Copy, Transfer
from planner.model.outcome import Outcome, Result
from planner.model.plan import key
from planner.model.reference import DOCKER_HUB
from planner.registries.oci import Registries
from planner.registries.reading import Ledger
from planner.spending import OverBudget, Permit, Purse
from planner.transfer import RATE_LIMITED, rate_limited, transfer
from planner.transferring.options import Attached

UNPLANNED = 4  # pulls that are granted to an image which was planned to cost none
_UNTOLD = 900  # seconds until a registry is asked again that did not say when
_FRUITLESS = 26  # waits in a row of `_UNTOLD`: longer than a window of six hours, which may not be told
_LOOKS = 60  # times in a window that Docker Hub is asked what is left; at most every `_LOOK` seconds
_LOOK = 300.0

Sleep = Callable[[float], Awaitable[None]]


class Conduct(msgspec.Struct, frozen=True):
    """How a campaign is run."""

    at_once: int = 4  # images
    keep: int = 0  # pulls that are left to others
    beside: int = 0  # pulls that other tasks may be about to make
    tasks: int = 1  # that have images which cost pulls
    wait: bool = False  # for the limit, rather than come back
    follow: bool = False  # whether tags that have moved are followed
    platforms: tuple[str, ...] = ()  # empty: all
    attached: Attached = Attached.COPIED


class Watch:
    """Is told of a campaign's progress. This one ignores all of it: override what you want to hear."""

    def started(self, job: Transfer) -> None:
        """Hear that an image is started."""

    def ended(self, job: Transfer, outcome: Outcome | None) -> None:
        """Hear what became of an image; None where it has to wait."""

    def waits(self, why: str, until: datetime) -> None:
        """Hear that nothing goes on until then, at the latest."""


class Campaign:
    """The transfers of one task. Its `ledger` says how many bytes have come."""

    def __init__(
        self,
        registries: Registries,
        conduct: Conduct | None = None,
        watch: Watch | None = None,
        *,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        conduct = conduct or Conduct()
        self.purse = Purse(registries, keep=conduct.keep, beside=conduct.beside, tasks=conduct.tasks)
        self.ledger = Ledger(before_pull=self.purse.before_pull, expect=self.purse.expect)
        self._registries = registries
        self._conduct = conduct
        self._watch = watch or Watch()
        self._sleep = sleep
        self._turns = asyncio.Semaphore(self.purse.at_once or conduct.at_once)
        self._permits: dict[str, Permit] = {}
        self._held: dict[str, Outcome] = {}  # by key: what waits, and its outcome as of now
        self._spent: dict[str, Outcome] = {}  # by key: what was spent on it before it had to wait

    async def run(self, waves: Iterable[Sequence[Transfer]]) -> AsyncGenerator[Outcome, None]:
        """Yield what became of each transfer, as soon as that is final."""
        jobs: list[Transfer] = []
        for wave in waves:
            jobs += wave
            async with aclosing(self._wave(sorted(wave, key=_costs))) as outcomes:
                async for outcome in outcomes:
                    yield outcome
        fruitless = 0
        while self._held and self._conduct.wait and fruitless < _FRUITLESS:
            fruitless = 0 if self.ledger.parked or self.purse.refusal else fruitless + 1
            await self._wait()
            async with aclosing(self._wave(self._waiting(jobs))) as outcomes:
                async for outcome in outcomes:
                    fruitless = 0
                    yield outcome
        for job in self._waiting(jobs):
            yield self._held[key(job)]

    def _waiting(self, jobs: Iterable[Transfer]) -> list[Transfer]:
        return [job for job in jobs if key(job) in self._held]

    async def _wave(self, jobs: Sequence[Transfer]) -> AsyncGenerator[Outcome, None]:
        """Run transfers, and again those that only others of this task stood in the way of."""
        rest = list(jobs)
        while rest:
            ended = 0
            async with aclosing(self._round(rest)) as outcomes:
                async for outcome in outcomes:
                    ended += 1
                    yield outcome
            rest = self._waiting(jobs)
            refusal = self.purse.refusal
            if not (ended and refusal and refusal.busy):
                return
            self.purse.reopen()

    async def _round(self, jobs: Sequence[Transfer]) -> AsyncGenerator[Outcome, None]:
        by_key = {key(job): job for job in jobs}
        for name in by_key:
            self._held.pop(name, None)
        conduct = self._conduct
        found = transfer(
            tuple(by_key.values()),  # what a plan asks for twice is one image
            self._registries,
            concurrency=conduct.at_once,
            ledger=self.ledger,
            platforms=conduct.platforms,
            attached=conduct.attached,
            follow=conduct.follow,
            around=self._around,
        )
        async with aclosing(found):
            async for outcome in found:
                told = self._told(outcome)
                self._watch.ended(by_key[outcome.key], told)
                if told:
                    yield told

    @asynccontextmanager
    async def _around(self, job: Transfer) -> AsyncIterator[None]:
        """Wait for an image's turn, and let it run with a permit to pull."""
        name = key(job)
        if not _costs(job):
            self._watch.started(job)
            with self.purse.permit(UNPLANNED) as self._permits[name]:
                yield
            return
        async with self._turns:
            self._watch.started(job)
            with self.purse.permit(job.pulls) as self._permits[name]:
                yield

    def _told(self, outcome: Outcome) -> Outcome | None:
        """Return an outcome as it is reported, with what it has cost so far; None where the image waits."""
        refusal = self._permits.pop(outcome.key).refusal
        before = self._spent.pop(outcome.key, None)
        if before:
            outcome = replace(
                outcome,
                bytes=outcome.bytes + before.bytes,
                pulls=outcome.pulls + before.pulls,
                seconds=round(outcome.seconds + before.seconds, 3),
                attempts=outcome.attempts + before.attempts,
            )
        if refusal:
            outcome = _refused(outcome, refusal)
        if not rate_limited(outcome):
            return outcome
        self._held[outcome.key] = self._spent[outcome.key] = outcome
        return None

    async def _wait(self) -> None:
        """Sleep until something may go on: no longer than until it does for certain, and never less."""
        loop, refusal = asyncio.get_running_loop(), self.purse.refusal
        parked = [each.until for each in self.ledger.parked.values()]
        now = clock.now()
        untold = now + timedelta(seconds=_UNTOLD)
        ends = [each or untold for each in parked]
        until = min([*ends, *([refusal.until] if refusal else [])], default=untold)
        held = next(iter(self._held.values())).error.removeprefix(RATE_LIMITED)
        why = refusal.message if refusal else next(map(str, self.ledger.parked.values()), held)
        counted = refusal is not None or DOCKER_HUB in self.ledger.parked  # so that Docker Hub can tell
        self._watch.waits(why, until)
        window = max((until - now).total_seconds(), 0.0)
        deadline, look = loop.time() + window, min(_LOOK, window / _LOOKS)
        need = refusal.need if refusal else self._conduct.keep + 1
        while (rest := deadline - loop.time()) > 0:
            await self._sleep(min(look, rest))
            if counted and await self.purse.has_room(need):
                break
        self.purse.reopen(anew=True)
        self.ledger.parked.clear()


def _costs(job: Transfer) -> bool:
    """Tell whether an image is planned to cost pulls that are counted for who runs this."""
    return isinstance(job, Copy) and job.pulls > 0


def _refused(outcome: Outcome, refusal: OverBudget) -> Outcome:
    moment = f"{refusal.until:%Y-%m-%d %H:%M} UTC"
    error = f"{RATE_LIMITED}{refusal.message}; come back at {moment}"
    attempts = outcome.attempts if outcome.pulls else 0
    return replace(outcome, result=Result.SKIPPED, error=error, attempts=attempts)
