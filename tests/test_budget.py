"""In which waves transfers run, and when."""

from collections import Counter
from itertools import pairwise
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.budget import (
    SECONDS_PER_IMAGE,
    UNKNOWN_SIZE,
    Budget,
    budget,
    direct,
    duration,
    effort,
    summary,
    waves,
)
from planner.config import BudgetSettings
from planner.errors import ConfigError
from planner.model.availability import PullLimit
from planner.model.job import Copy
from planner.model.plan import Effort, key
from planner.model.reference import Reference
from planner.rehearsal.exchange import Answer, Call, Kind, Refusal
from planner.rehearsal.limits import HubLimits, Limits

HOUR = 3600
WINDOW = 6 * HOUR
MEGABYTE = 1_000_000
TICKS = 1_000_000  # a second
GONE = "gone from Docker Hub: copied first"
REST = "everything else, most pulled first"


def allowing(
    limit=100, *, window=WINDOW, remaining=None, keep=0, at_once=1, bytes_per_second=50.0 * MEGABYTE
):
    return Budget(limit, window, remaining, keep, at_once, bytes_per_second)


def image(name, pulls=0, size=0):
    source = Reference.parse(f"{name}:1")
    origin = source if pulls else Reference("mirror.gcr.io", source.repository, "1", None)
    into = Reference("europe-docker.pkg.dev", f"acme/copies/{source.repository}", "1", None)
    return Copy(source, origin, into, None, "", pulls, size)


def images(*pulls, size=0):
    return [image(f"image-{number}", count, size) for number, count in enumerate(pulls)]


def timetable(transfers, budget, urgent=()):
    """Return title, names, begin and pulls of each wave."""
    names = {key(each): each.source.repository.removeprefix("library/") for each in transfers}
    found = waves(transfers, {key(each) for each in urgent}, budget, "pulled")
    return [
        (wave.title, " ".join(names[each] for each in wave.keys), wave.begins, wave.pulls) for wave in found
    ]


# What runs at once


def test_what_fits_into_the_window_runs_at_once_in_its_order():
    assert timetable([image("nginx", 6), image("redis"), image("httpd", 6)], allowing(12)) == [
        (REST, "nginx redis httpd", 0, 12)
    ]


def test_what_is_gone_from_docker_hub_is_copied_before_all_else():
    gone, other = image("gone"), image("other", 1)
    assert timetable([other, gone], allowing(1), urgent=[gone]) == [
        (GONE, "gone", 0, 0),
        (REST, "other", SECONDS_PER_IMAGE, 1),
    ]


def test_others_are_called_as_they_are_ordered():
    assert waves([image("nginx")], (), allowing(), "used")[0].title == "everything else, most used first"


def test_nothing_to_move_is_no_wave():
    assert waves([], (), allowing(), "pulled") == ()
    assert effort(()) == Effort(0, 0)


# What waits


def test_what_does_not_fit_waits_until_the_last_pull_before_it_has_left_the_window():
    assert timetable(images(60, 40, 60, 40, 1), allowing(100)) == [
        (REST, "image-0 image-1", 0, 100),
        ("next 100 pulls, after 6 hours", "image-2 image-3", WINDOW + 4, 100),
        ("next 1 pull, after 12 hours", "image-4", 2 * (WINDOW + 4), 1),
    ]


def test_no_image_is_moved_ahead_into_what_a_window_has_left():
    assert [wave[1] for wave in timetable(images(60, 50, 40), allowing(100))] == [
        "image-0",
        "image-1 image-2",
    ]


def test_what_costs_no_pull_runs_while_others_wait():
    assert timetable(images(100, 1, 0, 1, 0), allowing(100)) == [
        (REST, "image-0 image-2 image-4", 0, 100),
        ("next 2 pulls, after 6 hours", "image-1 image-3", WINDOW + 2, 2),
    ]


def test_long_free_transfers_behind_the_last_pull_keep_no_window_waiting():
    transfers = [image("paid", 100), image("free", 0, 5 * HOUR * 50 * MEGABYTE), image("later", 1)]
    assert [wave[1:3] for wave in timetable(transfers, allowing(100))] == [
        ("paid free", 0),
        ("later", WINDOW + 2),
    ]


def test_wave_begins_only_when_the_one_before_it_has_ended():
    transfers = [image("paid", 100), image("free", 0, 9 * HOUR * 50 * MEGABYTE), image("later", 1)]
    assert timetable(transfers, allowing(100))[1][2] == 9 * HOUR + 4


def test_last_pull_may_come_while_others_run_beside_it():
    transfers = [image("paid", 100), *(image(f"free-{n}", 0, 50 * MEGABYTE) for n in range(4)), image("z", 1)]
    assert timetable(transfers, allowing(100, at_once=3))[1][2] == WINDOW + 2 + 2  # with two of the four


def test_window_that_is_used_up_leaves_only_what_is_free():
    assert timetable(images(3, 0), allowing(100, remaining=0)) == [
        (REST, "image-1", 0, 0),
        ("next 3 pulls, after 6 hours", "image-0", WINDOW, 3),
    ]


def test_wait_for_the_first_wave_counts():
    assert effort(waves(images(3), (), allowing(100, remaining=0), "pulled")) == Effort(3, WINDOW + 2)


def test_present_window_gives_what_is_left_of_it():
    assert [wave[3] for wave in timetable(images(*[10] * 25), allowing(100, remaining=37))] == [
        30,
        100,
        100,
        20,
    ]


def test_what_is_kept_is_left_to_others_in_every_window():
    found = timetable(images(*[10] * 25), allowing(100, remaining=37, keep=20))
    assert [wave[3] for wave in found] == [10, 80, 80, 80]


def test_what_is_gone_and_costs_pulls_goes_before_others_that_do():
    gone, other = image("gone", 60), image("other", 60)
    assert [wave[:2] for wave in timetable([other, gone], allowing(100, remaining=0), urgent=[gone])] == [
        ("gone from Docker Hub first: next 60 pulls, after 6 hours", "gone"),
        ("next 60 pulls, after 12 hours", "other"),
    ]


# An image larger than a window


def test_image_with_more_pulls_than_a_window_is_given_several():
    assert timetable(images(1, 25, 3), allowing(10)) == [
        (REST, "image-0", 0, 1),
        ("next 28 pulls, after 6 hours, over 3 windows of 6 hours", "image-1 image-2", WINDOW + 2, 28),
    ]


def test_wave_over_several_windows_lasts_as_long():
    assert waves(images(25), (), allowing(10), "pulled")[0].seconds == 2 * WINDOW + 2


def test_image_larger_than_a_window_need_not_wait_for_one_that_is_whole():
    assert timetable(images(25), allowing(10, remaining=10)) == [
        ("25 pulls, over 3 windows of 6 hours", "image-0", 0, 25)
    ]


# How long it takes


def test_bytes_share_one_line():
    assert waves(images(0, 0, size=75 * MEGABYTE), (), allowing(at_once=2), "pulled")[0].seconds == 3 + 2


def test_begun_second_is_a_whole_one():
    assert waves(images(0, size=1), (), allowing(), "pulled")[0].seconds == 1 + SECONDS_PER_IMAGE


def test_images_at_once_share_what_each_takes_beside_its_bytes():
    assert waves(images(*[0] * 9), (), allowing(at_once=4), "pulled")[0].seconds == 3 * SECONDS_PER_IMAGE


def test_unknown_size_is_taken_for_the_mean_of_those_that_are_known():
    transfers = [image("a", 0, 100 * MEGABYTE), image("b", 0, 300 * MEGABYTE), image("c", 0, None)]
    wave = waves(transfers, (), allowing(at_once=3), "pulled")[0]
    assert (wave.seconds, wave.size) == (12 + 2, 400 * MEGABYTE)


def test_plan_without_any_size_assumes_one():
    wave = waves([image("a", 0, None)], (), allowing(), "pulled")[0]
    assert (wave.seconds, wave.size) == (UNKNOWN_SIZE // (50 * MEGABYTE) + 2, None)


# In a sentence


def test_sentence_compares_with_what_it_would_take_without_the_mirror():
    """An account of 40 pulls an hour; 115 GB in 210 images, 3 of which the mirror lacks; 4 platforms each."""
    transfers = [image(f"image-{n}", 4 if n < 3 else 0, 550 * MEGABYTE) for n in range(210)]
    account = budget(BudgetSettings(), PullLimit(40, 40, HOUR))
    without = direct(transfers, (), account, "pulled", {key(each): 4 for each in transfers})
    assert summary(effort(waves(transfers, (), account, "pulled")), without) == (
        "with mirror.gcr.io as source this takes 40 minutes and 12 pulls, without it 21 hours"
    )


@pytest.mark.parametrize(
    ("effort", "direct", "expected"),
    [
        (Effort(12, 2400), Effort(12, 2400), "this takes 40 minutes and 12 pulls"),
        (Effort(1, 30), Effort(1, 31), "this takes under a minute and 1 pull"),
        (Effort(94, 7170), Effort(94, 7169), "this takes 2 hours and 94 pulls"),
        (
            Effort(0, 2400),
            Effort(1200, 2400),
            "with mirror.gcr.io as source this takes 40 minutes and no pulls, without it 1,200 pulls",
        ),
    ],
)
def test_sentence_says_only_what_is_more(effort, direct, expected):
    assert summary(effort, direct) == expected


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "under a minute"),
        (59, "under a minute"),
        (60, "1 minute"),
        (2400, "40 minutes"),
        (7169, "119 minutes"),
        (7170, "2 hours"),
        (21 * HOUR - 1800, "21 hours"),
        (48 * HOUR - 1801, "47 hours"),
        (48 * HOUR - 1800, "2 days"),
        (72 * HOUR, "3 days"),
        (1_200_000 * 24 * HOUR, "1,200,000 days"),
    ],
)
def test_duration_is_said_as_people_do(seconds, said):
    assert duration(seconds) == said


# Where a budget is from


def test_budget_is_what_the_headers_told():
    found = budget(BudgetSettings(keep=10), PullLimit(200, 150, HOUR))
    assert found == Budget(200, HOUR, 150, 10, 4, 50.0 * MEGABYTE)


def test_settings_win_over_headers():
    settings = BudgetSettings(limit=50, window=HOUR, at_once=2, megabytes_per_second=1.5)
    assert budget(settings, PullLimit(100, 80, WINDOW)) == Budget(50, HOUR, 80, 0, 2, 1_500_000.0)


def test_window_of_the_settings_wins_over_that_of_the_headers():
    assert budget(BudgetSettings(window=2 * HOUR), PullLimit(100, 80, HOUR)).window == 2 * HOUR


def test_limit_of_the_settings_is_for_their_window():
    assert budget(BudgetSettings(limit=200), PullLimit(40, 40, HOUR)).window == WINDOW


def test_own_limit_below_what_is_left_bounds_the_present_window_too():
    assert budget(BudgetSettings(limit=50), PullLimit(100, 80, WINDOW)).left == 50


def test_limit_above_the_one_told_is_of_someone_whose_remaining_pulls_are_not_known():
    assert budget(BudgetSettings(limit=200), PullLimit(100, 3, WINDOW)).left == 200


def test_limit_of_nought_is_none():
    found = budget(BudgetSettings(limit=0, keep=5), PullLimit(100, 3, WINDOW))
    assert (found.allowed, found.left) == (None, None)


def test_limit_of_who_does_not_log_in_is_assumed_and_told():
    found = budget(BudgetSettings(), None)
    assert (found.allowed, found.window, found.left) == (100, WINDOW, 100)
    assert found.notes == (
        "Docker Hub stated no limit: 100 pulls in 6 hours are assumed, as without a login;"
        " `hub2ar doctor` asks for yours, budget.limit sets it (0: none)",
    )


@pytest.mark.parametrize("told", [None, PullLimit(10, 10, WINDOW)])
def test_nothing_is_assumed_where_settings_or_headers_tell(told):
    assert budget(BudgetSettings(limit=5), told).notes == ()


@pytest.mark.parametrize(
    ("settings", "told", "message", "hint"),
    [
        (
            BudgetSettings(keep=100),
            PullLimit(100, 80, WINDOW),
            "$.budget.keep: 100 leaves nothing of 100 pulls in 6 hours",
            "set budget.limit to what your account is given, and budget.keep below it",
        ),
        (
            BudgetSettings(),
            PullLimit(0, 0, WINDOW),
            "$.budget.keep: 0 leaves nothing of 0 pulls in 6 hours",
            "set budget.limit to what your account is given, and budget.keep below it",
        ),
        (
            BudgetSettings(limit=10, keep=20, window=HOUR),
            None,
            "$.budget.keep: 20 leaves nothing of 10 pulls in 60 minutes",
            "set budget.limit to what your account is given, and budget.keep below it",
        ),
        (
            BudgetSettings(megabytes_per_second=1e-300),
            None,
            "$.budget.megabytes-per-second: 1e-300 is less than a byte",
            "set it to what the line carries, 50 where that is not known",
        ),
    ],
)
def test_budget_that_moves_nothing_is_refused(settings, told, message, hint):
    with pytest.raises(ConfigError) as refusal:
        budget(settings, told)
    assert (refusal.value.message, refusal.value.hint) == (message, hint)


def test_line_without_a_limit_is_no_error():
    found = budget(BudgetSettings(megabytes_per_second=float("inf")), None)
    assert waves(images(0, size=10**12), (), found, "pulled")[0].seconds == SECONDS_PER_IMAGE


# Laws


@st.composite
def budgets(draw, *, limited=True):
    limit = draw(st.integers(1, 40)) if limited else None
    return Budget(
        limit,
        draw(st.integers(1, 20_000)),
        None if limit is None else draw(st.none() | st.integers(0, limit)),
        draw(st.integers(0, limit - 1)) if limit else 0,
        draw(st.integers(1, 6)),
        float(draw(st.integers(1, 10**6))),
    )


@st.composite
def plans(draw):
    """Draw transfers, and the keys of those that are urgent."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(0, 3) | st.integers(0, 90),
                st.none() | st.integers(0, 10**9),
                st.booleans(),
            ),
            max_size=25,
        )
    )
    transfers = [image(f"image-{n}", pulls, size) for n, (pulls, size, _) in enumerate(rows)]
    return transfers, {key(each) for each, row in zip(transfers, rows, strict=True) if row[2]}


def order(plan, budget):
    """Return the transfers in the order they run."""
    transfers, urgent = plan
    found = {key(each): each for each in transfers}
    return [found[each] for wave in waves(transfers, urgent, budget, "pulled") for each in wave.keys]


@given(plans(), budgets())
def test_every_transfer_is_in_exactly_one_wave_and_every_pull_is_counted_once(plan, budget):
    transfers, urgent = plan
    found = waves(transfers, urgent, budget, "pulled")
    assert Counter(each for wave in found for each in wave.keys) == Counter(map(key, transfers))
    assert all(wave.keys for wave in found)
    assert effort(found).pulls == sum(each.pulls for each in transfers)
    assert sum(wave.size or 0 for wave in found) == sum(each.size or 0 for each in transfers)


@given(plans(), budgets())
def test_each_wave_begins_when_the_one_before_it_has_ended(plan, budget):
    ended = 0
    for wave in waves(*plan, budget, "pulled"):
        assert wave.begins >= ended
        ended = wave.begins + wave.seconds


@given(plans(), budgets())
def test_what_is_free_never_waits_for_a_window(plan, budget):
    transfers, urgent = plan
    free = {key(each) for each in transfers if not each.pulls}
    ended = 0
    for wave in waves(transfers, urgent, budget, "pulled"):
        if free & set(wave.keys):
            assert wave.begins == ended
        ended = wave.begins + wave.seconds


@given(plans(), budgets())
def test_nothing_that_costs_pulls_runs_before_something_urgent_that_does(plan, budget):
    paid = [key(each) in plan[1] for each in order(plan, budget) if each.pulls]
    assert paid == sorted(paid, reverse=True)


@given(plans(), budgets())
def test_each_class_keeps_its_order(plan, budget):
    transfers, urgent = plan
    ran = order(plan, budget)
    for paid in (True, False):
        for pressing in (True, False):

            def belongs(each, paid=paid, pressing=pressing):
                return bool(each.pulls) is paid and (key(each) in urgent) is pressing

            assert list(filter(belongs, ran)) == list(filter(belongs, transfers))


@given(plans(), budgets())
def test_wave_that_waits_could_not_have_begun_in_the_one_before_it(plan, budget):
    transfers, urgent = plan
    pulls = {key(each): each.pulls for each in transfers}
    found = waves(transfers, urgent, budget, "pulled")
    late = [wave for wave in found if wave.title not in (GONE, REST)]
    for before, wave in pairwise(late):
        windows = -(-pulls[before.keys[0]] // budget.allowed)
        assert before.pulls + pulls[wave.keys[0]] > windows * budget.allowed
    if late:
        assert sum(wave.pulls for wave in found if wave not in late) + pulls[late[0].keys[0]] > budget.left


@given(plans(), budgets(limited=False), st.randoms())
def test_without_a_limit_nothing_waits_and_order_changes_no_figure(plan, budget, chance):
    transfers, urgent = plan
    shuffled = chance.sample(transfers, len(transfers))

    def figures(transfers):
        return [
            (wave.title, frozenset(wave.keys), wave.begins, wave.seconds, wave.pulls, wave.size)
            for wave in waves(transfers, urgent, budget, "pulled")
        ]

    assert {wave[0] for wave in figures(transfers)} <= {GONE, REST}
    assert figures(transfers) == figures(shuffled)


@given(plans(), budgets())
def test_direct_is_the_effort_of_the_same_transfers_with_other_pulls(plan, budget):
    transfers, urgent = plan
    other = {key(each): each.pulls + 1 for each in transfers[::2]}
    moved = [msgspec.structs.replace(each, pulls=other.get(key(each), each.pulls)) for each in transfers]
    assert direct(transfers, urgent, budget, "pulled", other) == effort(
        waves(moved, urgent, budget, "pulled")
    )


# Against a registry that counts


class Line:
    """One line that images pass in the order of their wave, `faster` than was reckoned."""

    def __init__(self, transfers, budget, faster):
        known = [each.size for each in transfers if each.size is not None]
        self.mean = sum(known) // len(known) if known else UNKNOWN_SIZE
        self.budget, self.faster = budget, faster

    def stretches(self, group):
        """Yield when each image begins and when the last that runs beside it ends."""
        clock, ends = 0.0, [0.0]
        for number, each in enumerate(group):
            if number % self.budget.at_once == 0:
                clock += SECONDS_PER_IMAGE / self.faster
            size = self.mean if each.size is None else each.size
            clock += size / self.budget.bytes_per_second / self.faster
            ends.append(clock)
        for number in range(len(group)):
            yield ends[number], ends[min(number + self.budget.at_once, len(group))]

    def pulls(self, group, late):
        """Yield when each pull is made: `late` says where between begin and end."""
        for each, (begin, end) in zip(group, self.stretches(group), strict=True):
            for _ in range(each.pulls):
                yield begin + late(end - begin)


def replay(plan, budget, faster, late, *, window=None):
    """Make every pull of a timetable, at a registry that refuses those that are too many in its window."""
    now = 0  # in ticks, so that a window later is a window later
    hub = HubLimits(Limits(budget.allowed, window=(window or budget.window) * TICKS, clock=lambda: now))

    def pull():
        call = Call("GET", Kind.MANIFEST)
        hub.after(hub.before(call), Answer(200))

    for _ in range(budget.allowed - budget.left):  # what others had pulled a moment before
        pull()
    transfers, urgent = plan
    found = {key(each): each for each in transfers}
    line = Line(transfers, budget, faster)
    for wave in waves(transfers, urgent, budget, "pulled"):
        made = sorted(line.pulls([found[each] for each in wave.keys], late))
        for number, moment in enumerate(made):
            windows = number // budget.allowed  # that were waited for within the wave
            now = (wave.begins + windows * budget.window) * TICKS + int(moment * TICKS)
            assert now <= (wave.begins + wave.seconds) * TICKS
            pull()


@given(
    plans(),
    budgets(),
    st.floats(1.000001, 100),
    st.sampled_from([(0, 0), (1, 1), (0, 1)]),
    st.integers(0, 10**6),
)
def test_registry_whose_window_slides_refuses_no_pull_of_a_timetable(plan, budget, faster, late, seed):
    chance = Random(seed)
    replay(plan, budget, faster, lambda left: left * chance.uniform(*late))


def test_registry_whose_window_is_longer_than_was_reckoned_refuses():
    plan = (images(100, 100), set())
    with pytest.raises(Refusal, match="pull rate limit"):
        replay(plan, allowing(), 1.1, lambda left: left, window=WINDOW + 3)
