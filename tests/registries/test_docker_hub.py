"""Docker Hub's pull limit and its two kinds of 429."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.model.availability import PullLimit
from planner.registries._answer import Answer, Headers
from planner.registries.docker_hub import is_pull_limit, pull_limit, until

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
