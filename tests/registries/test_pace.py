"""How fast a host is asked."""

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from planner.registries._pace import Gate, Limit, Pace, Paces, Rate
from planner.registries._request import Request, Slot
from planner.registries._transport import Transport
from planner.registries.retry import Policy


@dataclass
class Clock:
    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def gate(most: int = 32) -> tuple[Gate, Clock]:
    clock = Clock()
    return Gate(most, clock), clock


def answered(gate: Gate, clock: Clock, seconds: float, times: int = 1) -> None:
    for _ in range(times):
        began = clock.now
        clock.now += seconds
        gate.good(began)


def test_host_that_answers_is_asked_more_at_once_up_to_the_limit():
    host, clock = gate(most=32)
    before = host.bears
    answered(host, clock, 0.01, times=100)
    assert (before, host.bears) == (16, 32)


def test_refusals_of_one_round_halve_it_once():
    host, clock = gate()
    clock.now = 1.0
    host.bad(began=0.9)
    host.bad(began=0.95)
    clock.now = 2.0
    once = host.bears
    host.bad(began=1.5)
    assert (once, host.bears) == (8, 4)


def test_after_a_refusal_it_grows_by_one_a_round():
    host, clock = gate()
    clock.now = 1.0
    host.bad(began=0.5)
    answered(host, clock, 0.01, times=9)  # a round, as the eighth makes it a little more
    assert 9 <= host.bears < 9.2


@given(st.lists(st.sampled_from(["good", "bad", "slow", "silent"]), max_size=200))
def test_it_never_stops_and_never_is_more_than_allowed(events):
    host, clock = gate(most=20)
    for event in events:
        began, clock.now = clock.now, clock.now + (9.0 if event == "slow" else 0.5)
        {"good": host.good, "slow": host.good, "bad": host.bad, "silent": host.silent}[event](began)
        assert 1 <= host.bears <= 20


def test_answers_that_become_slow_halve_it():
    host, clock = gate()
    answered(host, clock, 0.05, times=50)
    before = host.bears
    answered(host, clock, 8.0, times=3)
    assert host.bears < before


def test_host_that_was_always_slow_is_not_throttled():
    host, clock = gate()
    answered(host, clock, 3.0, times=50)
    assert host.bears == 32


def test_one_path_that_hangs_is_not_the_host_s_trouble():
    host, clock = gate()
    answered(host, clock, 0.1, times=20)
    host.silent(began=0.0)
    assert host.bears == 32


def test_silence_to_all_is():
    host, clock = gate()
    clock.now = 60.0
    host.silent(began=0.0)
    assert host.bears == 8


def test_those_who_wait_enter_in_their_order():
    async def order() -> list[int]:
        host, _ = gate(most=1)
        entered: list[int] = []

        async def enter(number: int) -> None:
            await host.enter()
            entered.append(number)
            await asyncio.sleep(0)
            host.leave()

        async with asyncio.TaskGroup() as group:
            for number in range(5):
                group.create_task(enter(number))
        return entered

    assert asyncio.run(order()) == [0, 1, 2, 3, 4]


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(1, 3))
def test_who_gives_up_waiting_takes_no_place(cancelled, most):
    """Whatever subset is cancelled at whatever moment, all others enter and nobody is left inside."""

    async def run() -> int:
        host, _ = gate(most=most)
        entered = 0

        async def enter() -> None:
            nonlocal entered
            await host.enter()
            try:
                entered += 1
                await asyncio.sleep(0)
            finally:
                host.leave()

        tasks = deque((asyncio.ensure_future(enter()), gone) for gone in cancelled)
        for task, gone in tasks:
            await asyncio.sleep(0)
            if gone:
                task.cancel()
        await asyncio.gather(*(task for task, _ in tasks), return_exceptions=True)
        await asyncio.wait_for(host.enter(), 5)
        return entered

    assert asyncio.run(run()) >= cancelled.count(False)


@given(st.floats(0.5, 500), st.integers(1, 100), st.lists(st.floats(0, 3), min_size=1, max_size=400))
def test_no_minute_holds_more_than_burst_and_rate(per_second, burst, pauses):
    rate, now, sent = Rate(Limit(0, per_second, burst)), 0.0, []
    for pause in pauses:
        now += pause
        now += rate.wait(now)
        sent.append(now)
    first = 0
    for last, moment in enumerate(sent):
        while sent[first] <= moment - 60:
            first += 1
        assert last - first + 1 <= burst + 60 * per_second + 1e-6 * last + 1


def test_burst_does_not_wait():
    rate = Rate(Limit(0, 10, 300))
    waits = [rate.wait(0.0) for _ in range(301)]
    assert (max(waits[:300]), waits[300]) == (0, pytest.approx(0.1))


def minute(host: str) -> int:
    """Return how many requests a host gets in its first minute, if nothing holds them up but the pace."""
    clock = Clock()
    pace = Paces(Policy(clock=clock, sleep=clock.sleep)).of(("https", host, 443))

    async def send() -> int:
        sent = 0
        while True:
            await pace.enter(Slot.ANSWER)
            pace.gate(Slot.ANSWER).leave()
            if clock.now >= 60 or sent == 10_000:
                return sent
            sent += 1

    return asyncio.run(send())


def test_docker_hub_is_asked_less_than_a_thousand_times_a_minute():
    assert 800 < minute("registry-1.docker.io") < 1000


def test_hosts_of_docker_hub_share_its_limit():
    clock = Clock()
    paces = Paces(Policy(clock=clock, sleep=clock.sleep))

    async def send() -> None:
        for number in range(400):
            pace = paces.of(("https", ("auth.docker.io", "registry-1.docker.io")[number % 2], 443))
            await pace.enter(Slot.ANSWER)
            pace.gate(Slot.ANSWER).leave()

    asyncio.run(send())
    assert clock.now == pytest.approx(10.0)


@pytest.mark.parametrize("host", ["mirror.gcr.io", "eu-mirror.gcr.io"])
def test_mirror_is_asked_less_than_fifty_times_a_second(host):
    assert minute(host) <= 50 * 60


def inside(pace: Pace) -> int:
    """Return how many requests get in at once, when the host answers all of them well."""

    async def enter() -> int:
        for _ in range(200):
            for slot in (Slot.ANSWER, Slot.DOWNLOAD):
                pace.gate(slot).good(0.0)
        entered = 0
        for slot in (Slot.ANSWER, Slot.DOWNLOAD):
            while True:
                try:
                    async with asyncio.timeout(0.001):
                        await pace.enter(slot)
                except TimeoutError:
                    break
                entered += 1
        return entered

    return asyncio.run(enter())


def test_mirror_has_ten_requests_at_once():
    clock = Clock()
    assert inside(Paces(Policy(clock=clock, sleep=clock.sleep)).of(("https", "mirror.gcr.io", 443))) == 10


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "r.example", "docker.io.example"])
def test_other_hosts_have_no_rate(host):
    assert minute(host) == 10_000


def test_chosen_limit_wins():
    clock = Clock()
    chosen = {"r.example": Limit(at_once=2, per_second=1, burst=1)}
    pace = Paces(Policy(clock=clock, sleep=clock.sleep), chosen).of(("https", "r.example", 443))

    async def send() -> None:
        for _ in range(4):
            await pace.enter(Slot.ANSWER)
            pace.gate(Slot.ANSWER).leave()

    asyncio.run(send())
    assert clock.slept == [1.0, 1.0, 1.0]


def test_all_requests_rest_when_the_host_says_so(serve, waits):
    """The one that was refused waits, and so does the next one, which was not. No time passes here."""

    async def ask() -> None:
        left = [web.Response(status=429, headers={"Retry-After": "30"})]

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            return left.pop() if left else web.Response()

        policy = Policy(sleep=waits.sleep, jitter=lambda low, _: low)
        async with serve(answer) as host, Transport(policy) as transport:
            await transport.request(Request("GET", host.url, host.url))
            await transport.request(Request("GET", host.url, host.url))

    asyncio.run(ask())
    assert [math.ceil(seconds) for seconds in waits.seconds] == [30, 30, 30]


def refused(serve, waits, things: int) -> int:
    """Return how often a host was asked for so many things, one after the other, that refuses all of them."""

    async def asked() -> int:
        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=429)

        async with serve(answer) as host, Transport(waits.policy) as transport:
            for number in range(things):
                found = await transport.request(Request("GET", f"{host.url}/{number}", host.url))
                assert found.status == 429
            return len(host.seen)

    return asyncio.run(asked())


@pytest.mark.parametrize(("things", "asked"), [(1, 5), (3, 15), (4, 16), (20, 32), (21, 32), (50, 32)])
def test_host_that_refuses_everybody_is_asked_once_and_then_no_more(serve, waits, things, asked):
    assert refused(serve, waits, things) == asked


def test_host_that_refuses_some_paths_is_asked_for_others(serve, waits):
    async def asked() -> list[int]:
        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            return web.Response(status=503 if "bad" in request.path else 200)

        async with serve(answer) as host, Transport(waits.policy) as transport:
            paths = ["bad1", "bad1", "bad1", "bad2", "good", "bad3", "bad4", "bad5", "bad6", "good"]
            requests = [Request("GET", f"{host.url}/{path}", host.url) for path in paths]
            return [(await transport.request(each)).status for each in requests]

    assert asyncio.run(asked()) == [503, 503, 503, 503, 200, 503, 503, 503, 503, 200]
