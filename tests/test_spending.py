"""How many pulls a task may make; tasks that do not talk to each other make no more than there are."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from campaigns import copy, endpoints, names, new_world, opened, refused
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.campaign import Campaign, Conduct
from planner.model.outcome import Result
from planner.registries.oci import connect
from planner.rehearsal.limits import Limits
from planner.spending import OverBudget, Purse
from planner.split import pulled_beside, share
from planner.transfer import rate_limited

JOBS = [
    copy(each) for each in names("redis", "nginx", "httpd", "busybox", "golang", "node", "mongo", "mysql")
]


def together(jobs, count, limit, keep=0):
    """Run the tasks of a plan side by side, each with a connection of its own."""

    async def whole():
        async with new_world([job.source for job in jobs], Limits(pulls=limit)) as world:
            async with AsyncExitStack() as stack:
                tasks = []
                for number in range(1, count + 1):
                    registries = await stack.enter_async_context(connect(endpoints(world)))
                    beside, paying = pulled_beside(jobs, number, count)
                    conduct = Conduct(keep=keep, beside=beside, tasks=paying)
                    tasks.append(run(Campaign(registries, conduct), share(jobs, number, count)))
                found = await asyncio.gather(*tasks)
            return [outcome for some in found for outcome in some], world

    return asyncio.run(whole())


async def run(campaign, jobs):
    return [each async for each in campaign.run([jobs])]


@settings(max_examples=15)
@given(
    st.lists(st.sampled_from(JOBS), min_size=1, unique=True),
    st.integers(1, 4),
    st.integers(40, 60),
    st.integers(0, 6),
)
def test_tasks_together_are_never_refused_and_leave_what_is_kept(jobs, count, limit, keep):
    outcomes, world = together(jobs, count, limit, keep)
    assert refused(world) == 0
    assert world.docker_hub.limits.remaining() >= keep
    assert {each.result for each in outcomes} <= {Result.DONE, Result.SKIPPED}


@settings(max_examples=15)
@given(st.lists(st.sampled_from(JOBS), min_size=1, unique=True), st.integers(1, 12))
def test_one_task_alone_uses_what_there_is_and_is_never_refused(jobs, limit):
    outcomes, world = together(jobs, 1, limit)
    assert refused(world) == 0
    largest = max(job.pulls for job in jobs)
    skipped = any(each.result is Result.SKIPPED for each in outcomes)
    assert skipped == (sum(job.pulls for job in jobs) > limit)
    if skipped:
        assert world.docker_hub.limits.remaining() < largest


def test_pull_outside_of_any_image_is_not_held_back():
    async def whole():
        async with new_world([], Limits(pulls=0)) as world, connect(endpoints(world)) as registries:
            await Purse(registries).before_pull()

    asyncio.run(whole())


def test_limit_that_docker_hub_does_not_tell_where_it_should_is_read_from_other_answers():
    async def whole():
        source = JOBS[0].source
        async with new_world([source], Limits(pulls=7)) as world, connect(endpoints(world)) as registries:
            del world.docker_hub.storage.repositories["ratelimitpreview/test"]
            purse = Purse(registries)
            before = await purse.limit()
            await registries.head(source)
            return before, await purse.limit()

    before, after = asyncio.run(whole())
    assert before is None
    assert (after.limit, after.remaining) == (7, 7)


def test_limit_of_no_pulls_is_not_believed_until_docker_hub_refuses():
    """Some header in between says 0 for what it does not know; by itself, that fails no image for good."""

    async def moved():
        async with opened([JOBS[0].source], Limits(pulls=0)) as (world, registries):
            return await run(Campaign(registries), JOBS[:1]), refused(world)

    (outcome,), refusals = asyncio.run(moved())
    assert (refusals, rate_limited(outcome), "come back at" in outcome.error) == (1, True, True)


def test_task_with_others_beside_it_moves_one_paid_image_at_a_time():
    async def whole():
        async with new_world([], Limits()) as world, connect(endpoints(world)) as registries:
            return Purse(registries).at_once, Purse(registries, beside=5).at_once

    assert asyncio.run(whole()) == (0, 1)


def test_of_too_many_tasks_those_begin_whose_lot_it_is():
    async def whole(lot):
        job = JOBS[0]
        async with (
            new_world([job.source], Limits(pulls=20)) as world,
            connect(endpoints(world)) as registries,
        ):
            purse = Purse(registries, tasks=50, draw=lambda: lot)
            with purse.permit(job.pulls):
                await purse.before_pull()

    asyncio.run(whole(0.09))  # 20 pulls are enough for 5 of 50 tasks
    with pytest.raises(OverBudget, match="50 tasks are too many to begin at once"):
        asyncio.run(whole(0.1))


def test_many_tasks_are_refused_once_each_at_most():
    outcomes, world = together(JOBS, 8, 20)
    assert refused(world) <= 8
    assert all(each.result is Result.DONE or each.error.startswith("rate limited: ") for each in outcomes)


def test_pulls_that_are_known_to_follow_are_granted_together_or_not_at_all():
    async def whole() -> tuple[int, int]:
        async with opened(names("redis"), Limits(pulls=5)) as (_, registries):
            purse = Purse(registries)
            with purse.permit(2) as permit:
                await purse.before_pull()
                await registries.manifest(names("redis")[0])
                purse.expect(4)  # one of them is granted already
                await purse.before_pull()
                await purse.before_pull()
                granted = permit.granted
                purse.expect(8)
                for _ in range(2):
                    await purse.before_pull()
                with pytest.raises(OverBudget) as caught:
                    await purse.before_pull()
            return granted, caught.value.need

    assert asyncio.run(whole()) == (5, 5)
