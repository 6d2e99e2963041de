"""Docker Hub's pull limit and its two kinds of 429."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from planner.model.availability import PullLimit
from planner.model.diagnosis import Counting
from planner.registries.answer import Answer, Headers
from planner.registries.docker_hub import HubLimit, is_pull_limit, pull_limit, read_limit, until

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PULLS = b'{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your pull rate limit."}]}'


def told(limit: str, remaining: str, source: str = "192.0.2.7") -> Headers:
    return Headers((
        ("RateLimit-Limit", limit), ("RateLimit-Remaining", remaining), ("Docker-RateLimit-Source", source)
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "remaining", "read"),
    [
        ("100;w=21600", "76;w=21600", PullLimit(100, 76, 21600, "192.0.2.7")),
        ("100, 100;w=3600", "76", PullLimit(100, 76, 3600, "192.0.2.7")),
        ("200 ; w=60", "0", PullLimit(200, 0, 60, "192.0.2.7")),
        ("200", "199", PullLimit(200, 199, 21600, "192.0.2.7")),
        ("", "", None),
        ("100;w=21600", "", None),
        ("many", "few", None),
        ("-1", "5", None),
    ],
)
def test_pull_limit_is_read_from_headers(limit, remaining, read):
    assert pull_limit(told(limit, remaining)) == read


@pytest.mark.parametrize(
    ("answer", "is_it"),
    [
        (Answer(429, "", body=PULLS), True),
        (Answer(429, "", told("100;w=21600", "0;w=21600")), True),
        (Answer(429, "", told("100;w=21600", "3;w=21600")), False),
        (Answer(429, "", body=b"Too Many Requests"), False),
        (Answer(429, ""), False),
        (Answer(503, "", body=PULLS), False),
    ],
)
def test_the_two_kinds_of_429_are_told_apart(answer, is_it):
    assert is_pull_limit(answer) is is_it


def test_pulls_come_back_when_the_server_says_so():
    headers = Headers((("Retry-After", "90"), *told("100;w=21600", "0").items))
    assert until(Answer(429, "", headers), NOW) == NOW + timedelta(seconds=90)


def test_pulls_come_back_at_the_end_of_the_window_at_the_latest():
    assert until(Answer(429, "", told("100;w=21600", "0")), NOW) == NOW + timedelta(hours=6)


def test_nothing_is_promised_where_nothing_is_told():
    assert until(Answer(429, "", body=PULLS), NOW) is None


def test_reset_is_a_wait_or_a_moment():
    for value in ("120", str(int(NOW.timestamp()) + 120)):
        answer = Answer(429, "", Headers((("RateLimit-Reset", value),)))
        assert until(answer, NOW) == NOW + timedelta(seconds=120)


@pytest.mark.parametrize(
    ("answer", "moved", "counting"),
    [
        (Answer(200, "", told("100;w=21600", "76;w=21600")), False, Counting.LIMITED),
        (Answer(200, "", told("100;w=21600", "0;w=21600")), True, Counting.LIMITED),
        (Answer(429, "", told("100;w=21600", "0;w=21600")), False, Counting.LIMITED),
        (Answer(200, "", Headers((("Docker-RateLimit-Source", "an-account"),))), False, Counting.UNLIMITED),
        (Answer(200, ""), False, Counting.UNLIMITED),
        (Answer(200, ""), True, Counting.UNKNOWN),
        (Answer(200, "", told("many", "few")), False, Counting.UNKNOWN),
        (Answer(200, "", told("100;w=21600", "")), False, Counting.UNKNOWN),
        (Answer(429, ""), False, Counting.UNKNOWN),
        (Answer(404, ""), False, Counting.UNKNOWN),
        (Answer(503, ""), False, Counting.UNKNOWN),
    ],
)
def test_silence_means_no_limit_from_docker_hub_only(answer, moved, counting):
    found = read_limit(answer, moved=moved)
    assert found.counting is counting
    assert (found.limit is not None) is (counting is Counting.LIMITED)
    assert bool(found.detail) is (counting is Counting.UNKNOWN)


def test_limit_is_asked_for_with_a_head_of_an_image_that_is_there_for_that(serve, reaching):
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(headers=dict(told("100;w=21600", "76;w=21600").items))

    async def asked() -> tuple[HubLimit, list[str]]:
        async with serve(answer) as hub, reaching({"docker.io": hub.url}) as registries:
            return await registries.docker_hub_limit(), hub.asked

    found, asked_for = asyncio.run(asked())
    assert found == HubLimit(Counting.LIMITED, PullLimit(100, 76, 21600, "192.0.2.7"))
    assert asked_for == ["HEAD /v2/ratelimitpreview/test/manifests/latest"]


def test_limit_of_a_host_that_is_away_is_unknown(reaching):
    async def asked() -> HubLimit:
        async with reaching({"docker.io": "http://127.0.0.1:9"}) as registries:
            return await registries.docker_hub_limit()

    assert asyncio.run(asked()) == HubLimit(Counting.UNKNOWN, detail="127.0.0.1:9: connection refused")


@pytest.mark.parametrize(
    "far",
    [
        (("Retry-After", "Fri, 31 Dec 9999 23:59:59 -2359"),),
        (("Retry-After", "Tue, 01 Dec 2099 06:12:02 GMT"),),
        (("Retry-After", "700000"),),
        (("RateLimit-Reset", "9999999999"),),
        told("100;w=999999999", "0;w=999999999").items,
    ],
)
def test_moment_that_is_further_away_than_any_limit_lasts_is_not_believed(far):
    """Nobody should be told to come back in years; to try again is free of risk."""
    assert until(Answer(429, "", Headers(far)), NOW) is None
