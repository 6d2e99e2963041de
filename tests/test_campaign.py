"""All transfers of a task: what is begun, what waits, and what it costs."""

import asyncio
from collections import Counter
from contextlib import aclosing

import pytest
from campaigns import copy, cost, names, opened, refused

from planner.campaign import Campaign, Conduct, Watch
from planner.model.job import Warm
from planner.model.outcome import Result
from planner.model.reference import Reference
from planner.rehearsal.exchange import Kind
from planner.rehearsal.filling import image_of
from planner.rehearsal.limits import Limits

IMAGES = names("redis", "nginx", "postgres", "httpd", "memcached", "busybox", "golang", "node", "mongo")
USUAL = Conduct()
EQUAL = [each for each in IMAGES if cost(each) == 3]


def collect(jobs, limits, conduct=USUAL, watch=None, *, times=1, sleep=asyncio.sleep):
    """Run waves `times` times; return the outcomes of the last run, and the world."""

    async def whole():
        waves = jobs if jobs and isinstance(jobs[0], list) else [jobs]
        sources = [job.source for wave in waves for job in wave]
        async with opened(sources, limits) as (world, registries):
            for _ in range(times):
                campaign = Campaign(registries, conduct, watch, sleep=sleep)
                async with aclosing(campaign.run(waves)) as found:
                    outcomes = [each async for each in found]
            return outcomes, world

    return asyncio.run(whole())


def results(outcomes):
    return Counter(each.result for each in outcomes)


def test_images_of_the_world_cost_different_pulls():
    assert {cost(each) for each in IMAGES} == {1, 3, 5}
    assert len(EQUAL) >= 3


def test_everything_is_copied_within_the_limit_and_costs_what_was_planned():
    jobs = [copy(each) for each in IMAGES]
    outcomes, world = collect(jobs, Limits(pulls=100))
    assert results(outcomes) == {Result.DONE: len(IMAGES)}
    assert world.hub_pulls == sum(each.pulls for each in outcomes) == sum(job.pulls for job in jobs)


def test_image_that_is_asked_for_twice_is_moved_and_told_once():
    job = copy(IMAGES[0])
    outcomes, _ = collect([job, copy(IMAGES[1]), job], Limits(pulls=100))
    assert results(outcomes) == {Result.DONE: 2}


def test_no_image_is_begun_that_does_not_fit_and_docker_hub_refuses_nothing():
    outcomes, world = collect([copy(each) for each in EQUAL[:3]], Limits(pulls=8))
    assert results(outcomes) == {Result.DONE: 2, Result.SKIPPED: 1}
    assert (world.hub_pulls, refused(world)) == (6, 0)
    assert outcomes[-1].error.startswith(
        "rate limited: 2 of 8 pulls are left, and this needs 3; come back at 20"
    )
    assert outcomes[-1].attempts == 0


def test_pulls_are_kept_for_others():
    outcomes, world = collect([copy(each) for each in EQUAL[:3]], Limits(pulls=10), Conduct(keep=3))
    assert results(outcomes) == {Result.DONE: 2, Result.SKIPPED: 1}
    assert world.hub_pulls == 6
    assert "4 of 10 pulls are left, and this needs 3, 3 are kept for others" in outcomes[-1].error


def test_limit_that_is_kept_whole_can_never_be_used():
    outcomes, world = collect([copy(EQUAL[0])], Limits(pulls=10), Conduct(keep=10))
    assert [(each.result, each.error) for each in outcomes] == [
        (Result.FAILED, "Docker Hub gives 10 pulls and 10 are kept (keep fewer)")
    ]
    assert world.hub_pulls == 0


def test_from_the_first_that_does_not_fit_all_wait_and_what_costs_nothing_is_done():
    first, large = [each for each in IMAGES if cost(each) == 5][:2]
    small = next(each for each in IMAGES if cost(each) == 1)
    waves = [[copy(first), copy(large), copy(small)], [copy(EQUAL[0], mirrored=True)]]
    outcomes, world = collect(waves, Limits(pulls=8))
    ended = {each.subject: each.result for each in outcomes}
    assert [ended[str(job.destination)] for wave in waves for job in wave] == [
        *(Result.DONE, Result.SKIPPED, Result.SKIPPED),
        Result.DONE,
    ]
    assert (world.hub_pulls, refused(world)) == (5, 0)


def test_what_is_there_already_needs_no_pull_to_be_left():
    jobs = [copy(each) for each in EQUAL[:3]]
    outcomes, world = collect(jobs, Limits(pulls=9), times=2)
    assert results(outcomes) == {Result.PRESENT: 3}
    assert world.hub_pulls == 9


def test_what_stops_is_gone_on_with_by_the_next_run():
    jobs = [copy(each) for each in EQUAL[:3]]
    moments = iter(range(10**6))
    limits = Limits(pulls=8, window=20, clock=lambda: next(moments))  # a window of some requests
    outcomes, world = collect(jobs, limits, times=3)
    assert results(outcomes) == {Result.PRESENT: 3}
    assert refused(world) == 0


def test_image_that_costs_more_than_was_planned_stops_before_docker_hub_refuses():
    large = next(each for each in IMAGES if cost(each) == 5)
    outcomes, world = collect([copy(large, pulls=1)], Limits(pulls=4))
    assert results(outcomes) == {Result.SKIPPED: 1}
    assert (outcomes[0].pulls, world.hub_pulls, refused(world)) == (4, 4, 0)
    assert outcomes[0].attempts == 1


def test_image_that_is_larger_than_a_window_goes_as_far_as_one_carries():
    large = next(each for each in IMAGES if cost(each) == 5)
    outcomes, world = collect([copy(large)], Limits(pulls=4))
    assert results(outcomes) == {Result.SKIPPED: 1}
    assert (world.hub_pulls, refused(world)) == (4, 0)


def test_account_without_a_limit_is_held_back_by_nothing():
    outcomes, _ = collect([copy(each) for each in IMAGES], Limits(pulls=None))
    assert results(outcomes) == {Result.DONE: len(IMAGES)}


def test_limit_is_not_asked_for_where_nothing_is_pulled():
    jobs = [copy(each, mirrored=True) for each in EQUAL if image_of(each)]
    _, world = collect(jobs[:1], Limits(pulls=10))
    heads = world.docker_hub.counters.requests["HEAD", Kind.MANIFEST]
    assert (heads, world.hub_pulls) == (1, 0)  # whether the tag has moved meanwhile


def test_waits_until_the_window_has_passed_and_copies_the_rest():
    now = [0.0]
    told = []

    class Told(Watch):
        def waits(self, why, until):
            told.append(why)

    async def sleep(seconds):
        now[0] += seconds

    limits = Limits(pulls=8, window=3600, clock=lambda: now[0])
    jobs = [copy(each) for each in EQUAL[:3]]
    outcomes, world = collect(jobs, limits, Conduct(wait=True), Told(), sleep=sleep)
    assert results(outcomes) == {Result.DONE: 3}
    assert (world.hub_pulls, refused(world)) == (9, 0)
    assert told == ["2 of 8 pulls are left, and this needs 3"]
    assert 3600 <= now[0] <= 3600 + 60  # not a moment before a pull is given


def test_what_was_spent_before_a_wait_is_in_the_outcome():
    now = [0.0]

    async def sleep(seconds):
        now[0] += seconds

    large = next(each for each in IMAGES if cost(each) == 5)
    limits = Limits(pulls=4, window=3600, clock=lambda: now[0])
    outcomes, world = collect([copy(large)], limits, Conduct(wait=True), sleep=sleep)
    assert results(outcomes) == {Result.DONE: 1}
    assert outcomes[0].pulls == world.hub_pulls
    assert (outcomes[0].attempts, refused(world)) == (2, 0)


def test_room_is_left_for_what_other_tasks_may_have_begun():
    outcomes, world = collect([copy(each) for each in EQUAL[:3]], Limits(pulls=16), Conduct(beside=6))
    assert results(outcomes) == {Result.DONE: 3}
    outcomes, world = collect([copy(each) for each in EQUAL[:3]], Limits(pulls=13), Conduct(beside=6))
    assert results(outcomes) == {Result.DONE: 2, Result.SKIPPED: 1}
    assert "7 of 13 pulls are left, and this needs 3, 5 may be under way" in outcomes[-1].error
    assert world.hub_pulls == 6


@pytest.mark.parametrize("beside", [100, 10_000])
def test_room_for_others_is_no_more_than_half_of_a_window(beside):
    outcomes, _ = collect([copy(each) for each in EQUAL[:2]], Limits(pulls=9), Conduct(beside=beside))
    assert results(outcomes) == {Result.DONE: 2}


def test_what_a_remote_repository_pulls_is_not_held_back():
    async def whole():
        source = EQUAL[0]
        limits = Limits(pulls=0, accounts={"artifact-registry": 100})
        async with opened([source], limits) as (world, registries):
            world.repositories.add_remote("projects/acme/locations/us-central1/repositories/hub")
            place = Reference("us-central1-docker.pkg.dev", f"acme/hub/{source.repository}", "1")
            warm = Warm(source, place, image_of(source).digest, "", 3)
            return [each async for each in Campaign(registries).run([[warm]])]

    assert [each.result for each in asyncio.run(whole())] == [Result.DONE]


def test_watch_hears_of_each_image_when_it_begins_and_when_it_ends():
    heard = []

    class Heard(Watch):
        def started(self, job):
            heard.append(("started", job.source.repository))

        def ended(self, job, outcome):
            heard.append((outcome and outcome.result, job.source.repository))

    jobs = [copy(each) for each in EQUAL[:2]]
    collect(jobs, Limits(pulls=4), Conduct(at_once=1), Heard())
    first, second = (job.source.repository for job in jobs)
    assert sorted(heard, key=repr) == sorted(
        [("started", first), ("started", second), (Result.DONE, first), (None, second)], key=repr
    )
    assert heard.index(("started", first)) == 0
    assert heard.index((None, second)) == 3


def test_bytes_are_counted_as_they_come():
    async def whole():
        async with opened(EQUAL[:2], Limits()) as (_, registries):
            campaign = Campaign(registries)
            found = [each async for each in campaign.run([[copy(each) for each in EQUAL[:2]]])]
            return campaign.ledger.received, sum(each.bytes for each in found)

    received, told = asyncio.run(whole())
    assert received == told > 0
