"""When a request is sent again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.registries.answer import Answer, Headers
from planner.registries.retry import Policy, may_pass, retry_after

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 12:00:30 -0000", 30.0),
        ("soon", None),
        ("Mon, 23 Nov 99999999999999999999 12:00:30 GMT", None),
        ("", None),
        ("-5", None),
        ("99999999999999999999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, seconds):
    assert retry_after(header, NOW) == seconds


@given(st.integers(1, 40), st.none() | st.floats(0, 1e9))
def test_no_wait_is_longer_than_the_cap(tries, told):
    policy = Policy(longest_wait=60)
    assert 0 <= policy.wait(tries, told) <= 60 + policy.first_wait


def test_waits_double():
    policy = Policy(first_wait=0.2, jitter=lambda _, high: high)
    assert [policy.wait(tries) for tries in (1, 2, 3)] == [0.2, 0.4, 0.8]


_NUMBERS = st.integers(0, 9999) | st.integers(0, 10**25)
_DATES = st.builds(
    "Mon, {} Nov {} {}:{}:{} {}{}".format,
    st.integers(0, 40),
    _NUMBERS,
    *[st.integers(0, 70)] * 3,
    st.sampled_from(["+", "-", "GMT", ""]),
    _NUMBERS,
)


@given(st.text(max_size=60) | _DATES)
def test_whatever_a_server_writes_is_a_wait_or_nothing(header):
    found = retry_after(header, NOW)
    assert found is None or found >= 0


@pytest.mark.parametrize(
    ("status", "body", "again"),
    [
        (503, b"", True),
        (400, b'{"errors": [{"code": "MANIFEST_BLOB_UNKNOWN"}]}', True),
        (404, b'{"errors": [{"code": "MANIFEST_BLOB_UNKNOWN"}]}', True),
        (400, b'{"errors": [{"code": "MANIFEST_INVALID"}]}', False),
        (404, b"", False),
        (201, b"MANIFEST_BLOB_UNKNOWN", False),
    ],
)
def test_manifest_whose_blob_is_just_being_written_is_sent_again(status, body, again):
    assert may_pass(Answer(status, "https://registry.example/v2/", Headers(), body)) is again
