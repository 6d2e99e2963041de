"""A long story in few lines."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from planner.model.outcome import Outcome, Result
from planner.rehearsal.diary import Diary, timetable

START = datetime(2026, 1, 5, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def outcome(result: Result = Result.DONE, saved: int = 0) -> Outcome:
    return Outcome("k", "copy", "s", result, saved=saved)


def told(diary: Diary) -> list[str]:
    return [text for _, text in diary.lines()]


def test_images_of_one_hour_are_one_line():
    diary = Diary()
    for minute, result in ((0, Result.DONE), (30, Result.DONE), (59, Result.FAILED)):
        diary.moved(at(minute), outcome(result), 3)
    diary.moved(at(60), outcome(Result.PRESENT), 0)
    assert told(diary) == ["2 images moved, 1 failed (9 pulls)", "1 there already"]


def test_a_note_stands_between_what_was_before_it_and_after_it():
    diary = Diary()
    diary.moved(at(0), outcome(saved=2), 0)
    diary.note(at(1), "Docker Hub is away")
    diary.moved(at(2), outcome(Result.SKIPPED), 0)
    assert told(diary) == ["1 image moved (2 saved)", "Docker Hub is away", "1 left waiting"]


def test_quiet_hours_are_one_line():
    diary = Diary()
    for quarter in range(24):
        diary.waits(at(15 * quarter), "no pulls", at(15 * quarter + 15))
    assert told(diary) == ["nothing moves until 06:00, asked again 23 times: no pulls"]


def test_a_wait_that_ends_sooner_is_told_as_long_as_it_was():
    diary = Diary()
    diary.waits(at(0), "no pulls", at(360))
    diary.moved(at(120), outcome(), 1)
    assert told(diary)[0] == "nothing moves until 02:00: no pulls"


def test_a_wait_over_midnight_tells_its_day():
    diary = Diary()
    diary.waits(at(23 * 60), "no pulls", at(29 * 60))
    assert told(diary) == ["nothing moves until 05:00 of Tue 6 Jan: no pulls"]


def windows(number: int) -> Diary:
    diary = Diary()
    for window in range(number):
        diary.moved(at(360 * window), outcome(), 100)
        diary.waits(at(360 * window + 1), "no pulls", at(360 * window + 360))
    diary.moved(at(360 * number), outcome(), 1)
    return diary


def test_six_days_of_windows_are_six_lines():
    found = told(windows(24))
    assert len(found) == 6
    assert found[2] == "22 images moved (2,200 pulls), with 22 more waits until 18:00 of Sat 10 Jan"


@given(st.integers(0, 40))
def test_no_image_is_lost_however_it_is_shortened(number):
    counted = [int(text.split()[0]) for text in told(windows(number)) if "moved" in text]
    assert sum(counted) == number + 1


def test_a_time_is_told_once_and_a_day_before_it():
    lines = [(at(0), "a"), (at(0.5), "b"), (at(5), "c"), (at(24 * 60), "d")]
    assert list(timetable(lines)) == [
        ("Mon 5 Jan", ""), ("00:00", "a"), ("", "b"), ("00:05", "c"), ("Tue 6 Jan", ""), ("00:00", "d"),
    ]  # fmt: skip
