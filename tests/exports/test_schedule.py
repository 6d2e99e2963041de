import re
import subprocess
from datetime import UTC, datetime, timedelta
from shutil import which

import pytest
from hypothesis import given, strategies

from planner.errors import ConfigError
from planner.exports._schedule import schedule

BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))


def field(first, last):
    numbers = strategies.integers(first, last)
    ranges = strategies.tuples(numbers, numbers).map(lambda pair: f"{min(pair)}-{max(pair)}")
    steps = strategies.tuples(strategies.just("*") | ranges, strategies.integers(1, 40)).map(
        lambda pair: f"{pair[0]}/{pair[1]}"
    )
    item = numbers.map(str) | ranges | steps
    return strategies.just("*") | strategies.lists(item, min_size=1, max_size=3).map(",".join)


schedules = strategies.tuples(*(field(*bounds) for bounds in BOUNDS)).map(" ".join)
times = strategies.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001  hypothesis adds none
    lambda time: time.replace(second=0, microsecond=0, tzinfo=UTC)
)


def values(text, first, last):
    """A field of cron, as crontab(5) reads it."""
    found = set()
    for item in text.split(","):
        span, _, step = item.partition("/")
        low, _, high = span.partition("-")
        if span == "*":
            low, high = first, last
        elif not high:
            high = last if step else low
        found |= set(range(int(low), int(high) + 1, int(step or 1)))
    return found


def cron(text, time):
    """Whether cron runs a line at a time."""
    minute, hour, day, month, weekday = (
        values(part, *bounds) for part, bounds in zip(text.split(), BOUNDS, strict=True)
    )
    days, weekdays = time.day in day, time.isoweekday() % 7 in weekday
    all_days, all_weekdays = len(day) == 31, len(weekday) == 7
    either = days or weekdays if not (all_days or all_weekdays) else days and weekdays
    return time.minute in minute and time.hour in hour and time.month in month and either


def systemd(calendar, time):
    """Whether OnCalendar= means a time: https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html."""
    match = re.fullmatch(r"(?:([A-Za-z,]+) )?\*-([*\d,]+)-([*\d,]+) ([*\d,]+):([*\d,]+):00 UTC", calendar)
    weekdays, *parts = match.groups()
    now = (time.month, time.day, time.hour, time.minute)
    fits = all(
        part == "*" or value in map(int, part.split(",")) for part, value in zip(parts, now, strict=True)
    )
    return fits and (weekdays is None or f"{time:%a}" in weekdays.split(","))


@given(schedules, times)
def test_systemd_starts_when_cron_would(text, time):
    assert any(systemd(each, time) for each in schedule(text).calendars) == cron(text, time)


@pytest.mark.parametrize(
    ("text", "calendars"),
    [
        ("17 3 * * *", ("*-*-* 03:17:00 UTC",)),
        ("*/20 * * * *", ("*-*-* *:00,20,40:00 UTC",)),
        ("0 4 1 */6 *", ("*-1,7-1 04:00:00 UTC",)),
        ("0 4 * * 1-5", ("Mon,Tue,Wed,Thu,Fri *-*-* 04:00:00 UTC",)),
        ("0 4 1 * 0", ("*-*-1 04:00:00 UTC", "Sun *-*-* 04:00:00 UTC")),
    ],
)
def test_schedule_is_one_that_a_person_can_read(text, calendars):
    assert schedule(text).calendars == calendars


@pytest.mark.skipif(which("systemd-analyze") is None, reason="systemd is not here")
@pytest.mark.parametrize("text", ["17 3 * * *", "*/20 * * * *", "5-59/7 1,2 29 2 *", "0 4 1 * 0,6"])
def test_systemd_reads_what_is_written(text):
    for calendar in schedule(text).calendars:
        done = subprocess.run(
            ["systemd-analyze", "calendar", calendar], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@daily", "it has 1 fields"),
        ("17 3 * *", "it has 4 fields"),
        ("60 3 * * *", "'60' is no minute (0 to 59)"),
        ("0 24 * * *", "'24' is no hour"),
        ("0 0 0 * *", "'0' is no day"),
        ("0 0 * 13 *", "'13' is no month"),
        ("0 0 * * 7", "'7' is no weekday (0 to 6)"),
        ("0 0 * * MON", "'MON' is no weekday"),
        ("0 5-3 * * *", "'5-3' is no hour"),
        ("*/0 * * * *", "'*/0' is no minute"),
        ("0 0 * * *\n- evil", "it has 7 fields"),
        ("٣ 0 * * *", "'٣' is no minute"),
        ("0 0 $(id) * *", "'$(id)' is no day"),
    ],
)
def test_schedule_that_some_engine_would_not_take_is_refused(text, message):
    with pytest.raises(ConfigError) as caught:
        schedule(text)
    assert message in caught.value.message


def test_time_is_that_of_the_next_start():
    begin = datetime(2026, 11, 30, tzinfo=UTC)
    starts = [
        begin + timedelta(minutes=n) for n in range(1440) if cron("17 3 * * *", begin + timedelta(minutes=n))
    ]
    assert starts == [datetime(2026, 11, 30, 3, 17, tzinfo=UTC)]
