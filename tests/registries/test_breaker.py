"""Hosts that could not be reached."""

import pytest

from planner.errors import Unavailable
from planner.registries._breaker import Breaker

HOST = ("https", "r.example", 443)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(30, clock)


def test_lost_host_is_left_alone_with_the_same_words(breaker):
    breaker.gave_up(HOST, "a", "r.example: connection refused", connected=False)
    with pytest.raises(Unavailable, match=r"r\.example: connection refused"):
        breaker.check(HOST)


def test_one_request_may_try_after_the_pause(breaker, clock):
    breaker.gave_up(HOST, "a", "lost", connected=False)
    clock.now = 30
    breaker.check(HOST)
    with pytest.raises(Unavailable):
        breaker.check(HOST)


def test_answer_ends_it(breaker, clock):
    breaker.gave_up(HOST, "a", "lost", connected=False)
    breaker.answered(HOST)
    breaker.check(HOST)


def test_host_that_answers_others_is_not_lost_to_one_slow_answer(breaker):
    breaker.answered(HOST)
    breaker.gave_up(HOST, "a", "no answer in 60 s", connected=True)
    breaker.check(HOST)


def test_host_that_takes_connections_and_never_answered_is_lost_after_many_things(breaker):
    for number in range(20):
        breaker.check(HOST)
        breaker.gave_up(HOST, str(number), "the connection was closed", connected=True)
    with pytest.raises(Unavailable):
        breaker.check(HOST)


def never(began: float) -> bool:
    """Tell that a host has answered nothing well."""
    del began
    return False


def test_host_that_never_answered_is_asked_for_each_thing_once_after_the_first(breaker):
    assert not breaker.doubts(HOST, never)
    breaker.gave_up(HOST, "a", "the connection was closed", connected=True)
    assert breaker.doubts(HOST, never)
    breaker.answered(HOST)
    assert not breaker.doubts(HOST, never)


def silent(breaker: Breaker, clock: Clock, *urls: str) -> None:
    """Wait ten seconds in vain for each of them, one after the other."""
    for url in urls:
        began = clock.now
        clock.now += 10
        breaker.silent(HOST, url, began, "no answer in 10 s")


def test_host_that_never_answered_is_lost_after_eight_waits_in_vain(breaker, clock):
    silent(breaker, clock, *"aaabcde")
    breaker.check(HOST)
    silent(breaker, clock, "f")
    with pytest.raises(Unavailable, match="no answer in 10 s"):
        breaker.check(HOST)


def test_three_waits_in_vain_are_enough_for_many_things_at_once(breaker, clock):
    for _ in range(3):
        breaker.check(HOST)
        began = clock.now
        clock.now += 10
        for number in range(20):
            breaker.silent(HOST, str(number), began, "no answer in 10 s")
    with pytest.raises(Unavailable, match="no answer in 10 s"):
        breaker.check(HOST)


def test_waits_in_vain_at_the_same_time_count_as_one(breaker, clock):
    clock.now = 10
    for url in "abcdef":
        breaker.silent(HOST, url, 0, "no answer in 10 s")
    breaker.check(HOST)


def test_host_that_answered_once_is_not_lost_to_slow_answers(breaker, clock):
    silent(breaker, clock, "a", "b")
    breaker.answered(HOST)
    silent(breaker, clock, "c", "d")
    breaker.check(HOST)


def test_one_thing_that_is_never_answered_does_not_lose_its_host(breaker, clock):
    silent(breaker, clock, *["a"] * 9)
    breaker.check(HOST)
