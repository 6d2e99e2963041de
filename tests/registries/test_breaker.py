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
    breaker.gave_up(HOST, "r.example: connection refused", connected=False)
    with pytest.raises(Unavailable, match=r"r\.example: connection refused"):
        breaker.check(HOST)


def test_one_request_may_try_after_the_pause(breaker, clock):
    breaker.gave_up(HOST, "lost", connected=False)
    clock.now = 30
    breaker.check(HOST)
    with pytest.raises(Unavailable):
        breaker.check(HOST)


def test_answer_ends_it(breaker, clock):
    breaker.gave_up(HOST, "lost", connected=False)
    breaker.answered(HOST)
    breaker.check(HOST)


def test_host_that_answers_others_is_not_lost_to_one_slow_answer(breaker):
    breaker.answered(HOST)
    breaker.gave_up(HOST, "no answer in 60 s", connected=True)
    breaker.check(HOST)


def test_host_that_never_answered_is_lost_even_if_it_takes_connections(breaker):
    breaker.gave_up(HOST, "no answer in 60 s", connected=True)
    with pytest.raises(Unavailable):
        breaker.check(HOST)
