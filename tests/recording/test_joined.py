"""What the records of many tasks come to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.model.outcome import Outcome, Result
from planner.recording.joined import joined

START = datetime(2026, 11, 30, tzinfo=UTC)


def outcome(result, *, key="k", action="copy", at=0, error=""):
    return Outcome(key, action, "s", result, error=error, at=START + timedelta(seconds=at))


def test_what_was_done_stays_done_whatever_another_task_made_of_it_later():
    done, failed = outcome(Result.DONE, at=1), outcome(Result.FAILED, at=2)
    assert joined([done, failed]) == [done]


def test_what_failed_first_and_was_there_later_is_there():
    failed, present = outcome(Result.FAILED, at=1), outcome(Result.PRESENT, at=2)
    assert joined([present, failed]) == [present]


def test_what_was_skipped_says_less_than_what_failed():
    failed, skipped = outcome(Result.FAILED, at=1), outcome(Result.SKIPPED, at=2)
    assert joined([failed, skipped]) == [failed]


def test_latest_of_two_that_failed_counts():
    first, second = outcome(Result.FAILED, at=1, error="a"), outcome(Result.FAILED, at=2, error="b")
    assert joined([second, first]) == [second]


@pytest.mark.parametrize("action", ["verify", "access", "code", "pull"])
def test_verifying_is_asked_each_time_and_the_last_answer_counts(action):
    done, failed = (
        outcome(result, action=action, at=at) for result, at in ((Result.DONE, 1), (Result.FAILED, 2))
    )
    copied = outcome(Result.DONE)
    assert set(joined([failed, done, copied])) == {copied, failed}


def test_record_without_times_is_joined_too():
    done = replace(outcome(Result.DONE), at=None)
    assert joined([done, outcome(Result.FAILED)]) == [done]


records = st.lists(
    st.builds(
        outcome,
        st.sampled_from(Result),
        key=st.sampled_from("abc"),
        action=st.sampled_from(["copy", "verify", "pull"]),
        at=st.integers(0, 3),
        error=st.sampled_from(["", "x"]),
    )
)


@given(records, records, st.randoms())
def test_joining_is_a_union(some, more, random):
    whole = joined([*some, *more])
    assert joined([*joined(more), *joined(some)]) == whole
    assert joined([*whole, *some]) == whole
    shuffled = [*some, *more]
    random.shuffle(shuffled)
    assert joined(shuffled) == whole


@given(records)
def test_each_action_has_one_outcome_and_none_is_invented(some):
    found = joined(some)
    assert {(each.action, each.key) for each in found} == {(each.action, each.key) for each in some}
    assert len({(each.action, each.key) for each in found}) == len(found)
    assert all(each in some for each in found)
