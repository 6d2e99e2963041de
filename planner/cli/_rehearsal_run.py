"""A rehearsal as it goes: check, plan, apply and verify against stand-ins, on a simulated clock.

Everything but the clock and the registries is what the commands do. A run of `apply` that does not end well
is followed by another as soon as what went wrong is over, as a person or a scheduled job would do it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from msgspec.structs import replace

from planner import admissible, clock, errors
from planner.campaign import Campaign, Conduct, Watch
from planner.cli import _execute, _text
from planner.cli._rehearsal_order import KILLED, Order, Performed, Run
from planner.cli._rehearsal_world import Material, Opened, opened
from planner.model.availability import Availabilities
from planner.model.job import Transfer
from planner.model.outcome import Outcome, Result
from planner.model.plan import Grant, Plan
from planner.model.words import duration, short_digests
from planner.rehearsal.diary import Diary
from planner.rehearsal.pull_through import ACCOUNT
from planner.rehearsal.stage import When

if TYPE_CHECKING:
    from planner.registries.oci import Registries

_PATIENCE = timedelta(days=1)  # in which nothing moves, until a run is stopped
_MOST_RUNS = 6
_DONE = {"create": "is made", "allow": "are allowed", "grant": "is granted"}  # by action


class _Ended(Exception):
    """A run of `apply` that is stopped or killed, with the exit code of that."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


async def perform(order: Order, material: Material) -> Performed:
    """Carry out a migration."""
    async with opened(material, order.settings, order.seed) as there:
        for scenario in order.scenarios.values():
            scenario.prepare(there.stage)
        performance = _Performance(order, material, there)
        return await performance.whole()


@dataclass(slots=True)
class _Performance:
    """A migration under way: its order, the world it runs in, and what has happened so far."""

    order: Order
    material: Material
    opened: Opened
    diary: Diary = field(default_factory=Diary)
    runs: list[Run] = field(default_factory=list)
    struck: dict[str, str] = field(default_factory=dict)  # by scenario: what it did
    over: dict[str, datetime] = field(default_factory=dict)  # by scenario: when it ended
    lasting: dict[str, float] = field(default_factory=dict)  # by scenario: when it will, on the loop's clock
    replanned: bool = False
    waits: bool = True  # for Docker Hub's limit
    sessions: int = 0  # connections so far, each with chance of its own
    pulls: int = 0  # of Docker Hub, when an image ended last

    async def whole(self) -> Performed:
        """Check and plan, apply until everything has arrived or no more runs help, and verify."""
        self.waits = self.order.wait
        self.strike(When.BEFORE)
        found, plan = await self._planned()
        self.strike(When.PLANNED)
        while True:
            run = await self._run(plan)
            self.runs.append(run)
            if not run.code or len(self.runs) == _MOST_RUNS:
                break
            again = await self._recovered(run)
            if self._wants_plan():
                self.replanned = True
                found, plan = await self._planned()
            elif not again:
                break
        verified = await self._verified(plan)
        facts = self.opened.facts()
        return Performed(found, plan, tuple(self.runs), verified, self.diary, self.struck, facts)

    def note(self, text: str) -> None:
        """Write a line into the diary, at the time of the simulated clock."""
        self.diary.note(clock.now(), text)

    async def _planned(self) -> tuple[Availabilities | None, Plan]:
        """Check and plan, or take the plan that was given."""
        if self.material.plan is not None:
            admissible.check(self.material.plan.actions, "the plan")
            self._have_secrets(self.material.plan)
            return None, self.material.plan
        from planner.check import check
        from planner.cli._planning import prices
        from planner.plan import plan
        from planner.planning.cases import Basis
        from planner.probing import Wanted

        inventory, settings = self.material.inventory, self.order.settings
        async with self._connected() as registries:
            wanted = self.material.references
            found = await check(wanted, registries, settings.target.upstreams, Wanted(sizes=True))
        self.note(f"`check` asks where {_text.counted(len(found.images), 'image')} can be had")
        document = plan(Basis(inventory, found, settings, prices=prices(settings)), clock.now())
        self.note(f"`plan` wants {_wanted(document)}")
        _execute.check(document, "the plan")
        self._have_secrets(document)
        return found, document

    def _have_secrets(self, plan: Plan) -> None:
        for secret in {each.secret for each in plan.actions if isinstance(each, Grant)} - {""}:
            self.opened.stage.world.secret_manager.add(secret)

    async def _run(self, plan: Plan) -> Run:
        """Run `apply` once."""
        began, seen = clock.now(), list[Outcome]()
        budget = self.order.settings.budget
        conduct = Conduct(at_once=budget.at_once, keep=budget.keep, wait=self.waits)
        self.note(f"`apply` {'again' if self.runs else 'begins'}")
        try:
            async with self._connected() as registries:
                campaign = Campaign(registries, conduct, _Listener(self, len(plan.transfers)))
                async for each in _execute.outcomes(plan, self.opened.endpoints, campaign):
                    self._heard(each)
                    seen.append(replace(each, at=clock.now()))
        except _Ended as ended:
            return Run(began, clock.now(), tuple(seen), ended.code)
        code = _execute.exit_code(seen)
        self.note(f"`apply` ends with exit code {code}: {_text.outcomes_summary(seen)}")
        return Run(began, clock.now(), tuple(seen), code)

    def _heard(self, outcome: Outcome) -> None:
        """Write down that a repository or a right was made, or why not."""
        done = _DONE.get(outcome.action)
        if done and not outcome.result.good:
            self.note(f"{outcome.subject}: {outcome.error}")
        elif done and outcome.result is Result.DONE:
            self.note(f"{outcome.subject} {done}")

    def moved(self, outcome: Outcome) -> None:
        """Write down what became of an image, with the pulls that were counted since the last one."""
        pulls = self.opened.stage.world.hub_pulls
        self.diary.moved(clock.now(), outcome, pulls - self.pulls)
        self.pulls = pulls

    def waits_for(self, why: str, until: datetime) -> None:
        """Write down a wait.

        A remote repository says only 429; whether it is Docker Hub's limit, that one knows.
        """
        remaining = self.opened.stage.world.docker_hub.limits.remaining(ACCOUNT)
        if remaining == 0 and "429" in why:
            why = "Docker Hub gives the remote repository no more pulls"
        self.diary.waits(clock.now(), short_digests(why), until)

    async def _verified(self, plan: Plan) -> tuple[Outcome, ...]:
        from planner.verify import names, verify

        async with self._connected() as registries:
            found = [replace(each, at=clock.now()) async for each in verify(plan, registries)]
            good = sum(each.result is Result.DONE for each in found)
            self.note(
                f"`verify`: {good:,} of {_text.counted(len(found), 'destination')} have what was planned"
            )
            found += [replace(each, at=clock.now()) async for each in names(plan, registries)]
        return tuple(found)

    def strike(self, when: When, moved: float = 1.0) -> bool:
        """Let those scenarios happen whose time has come, and return whether one kills the run.

        `moved` is the share of images that have moved, from 0 to 1.
        """
        killed = False
        for name, scenario in self.order.scenarios.items():
            if name in self.struck or scenario.when is not when or moved < scenario.share:
                continue
            self.struck[name] = scenario.strike(self.opened.stage)
            self.note(f"! {self.struck[name]}")
            killed |= scenario.kills
            if scenario.lasts:
                loop = asyncio.get_running_loop()
                self.lasting[name] = loop.time() + scenario.lasts
                loop.call_at(self.lasting[name], self._end, name)
        return killed

    def _end(self, name: str) -> None:
        scenario = self.order.scenarios[name]
        if scenario.end and name not in self.over:
            self.note(f"! {scenario.end(self.opened.stage)}")
            self.over[name] = clock.now()

    async def _recovered(self, run: Run) -> bool:
        """Wait for a run's scenarios to end, or end them; return whether another run may do better."""
        if run.code == errors.INTERRUPTED:
            self.waits = False
            return True
        for name, scenario in self.order.scenarios.items():
            if name in self.struck and name not in self.over and scenario.end:
                if scenario.lasts:
                    await asyncio.sleep(self.lasting[name] - asyncio.get_running_loop().time())
                self._end(name)
        return any(moment >= run.began for moment in self.over.values())

    def _wants_plan(self) -> bool:
        """Tell whether a new plan would help now.

        One is made at the most, and none where a plan was given.
        """
        helps = any(each.replans for name, each in self.order.scenarios.items() if name in self.struck)
        return helps and not self.replanned and self.material.plan is None

    @asynccontextmanager
    async def _connected(self) -> "AsyncIterator[Registries]":
        """Connect as a new process would: without anything that an earlier one knew."""
        from planner.registries.keychain import Keychain
        from planner.registries.oci import connect
        from planner.registries.retry import Policy

        self.sessions += 1
        chance = Random(f"{self.order.seed} {self.sessions}")
        keychain = Keychain(self.opened.environment())
        await keychain.find("localhost")  # read now: later, the end of its thread would come at any time
        async with connect(
            self.opened.endpoints,
            policy=Policy(jitter=chance.uniform),
            keychain=keychain,
        ) as registries:
            yield registries


def _wanted(plan: Plan) -> str:
    """Return how many images, waves, pulls and hours a plan expects."""
    images = _text.counted(len(plan.transfers), "image")
    if plan.effort is None or not plan.transfers:
        return images
    pulls, waves = _text.counted(plan.effort.pulls, "pull"), _text.counted(len(plan.waves), "wave")
    return f"{images} in {waves}, which takes {pulls} and {duration(plan.effort.seconds)}"


class _Listener(Watch):
    """Writes down what happens in a run, and ends it where a scenario kills it or nothing moves for a day."""

    def __init__(self, performance: _Performance, images: int) -> None:
        self._performance = performance
        self._images = images
        self._ended = 0
        self._moved_at = clock.now()

    def ended(self, job: Transfer, outcome: Outcome | None) -> None:  # noqa: ARG002  the outcome says it
        """Write down what became of an image."""
        if outcome is None:
            return
        self._ended += 1
        self._moved_at = clock.now()
        self._performance.moved(outcome)
        if self._performance.strike(When.MOVING, self._ended / self._images):
            raise _Ended(KILLED)

    def waits(self, why: str, until: datetime) -> None:
        """Write down a wait. Ends the run where nothing has moved for a day."""
        if clock.now() - self._moved_at >= _PATIENCE:
            self._performance.note("nothing has moved for a day: `apply` is stopped")
            raise _Ended(errors.INTERRUPTED)
        self._performance.waits_for(why, until)
