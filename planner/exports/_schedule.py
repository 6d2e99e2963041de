"""When something is run: what a line of cron says, and the same as systemd writes it.

Five fields of numbers, `*`, lists, ranges and steps, which all engines read alike. Names of days, macros such
as `@daily` and 7 for Sunday are refused, for some of them do not know those. Where both days are said, cron
runs on either: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/crontab.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from planner.errors import ConfigError

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 6))
_ITEM = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?", re.ASCII)
_HINT = "five fields of numbers, *, lists, ranges and steps, such as 17 3 * * 1-5; Sunday is 0"
_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


@dataclass(frozen=True, slots=True)
class Schedule:
    """The minutes at which something is run, in UTC."""

    text: str  # the five fields, with one space between them
    fields: tuple[tuple[int, ...], ...]  # what each allows, sorted

    @property
    def calendars(self) -> tuple[str, ...]:
        """The same for OnCalendar= of systemd, which wants a weekday *and* a day where both are said."""
        minutes, hours, days, months, weekdays = (
            "*" if self._all(index) else ",".join(map(str, values))
            for index, values in enumerate(self.fields)
        )
        time = f"{_padded(hours)}:{_padded(minutes)}:00 UTC"
        names = ",".join(_DAYS[int(day)] for day in self.fields[4])
        by_day, by_weekday = f"*-{months}-{days} {time}", f"{names} *-{months}-* {time}"
        if weekdays == "*":
            return (by_day,)
        return (by_weekday,) if days == "*" else (by_day, by_weekday)

    def _all(self, index: int) -> bool:
        _, first, last = _FIELDS[index]
        return len(self.fields[index]) == last - first + 1


def _padded(values: str) -> str:
    return ",".join(value.zfill(2) if value != "*" else value for value in values.split(","))


def schedule(text: str) -> Schedule:
    """Read a line of cron. Raises ConfigError for one that not every engine would understand."""
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ConfigError(f"{text!r} is no schedule: it has {len(fields)} fields", hint=_HINT)
    values = tuple(
        tuple(sorted({number for item in field.split(",") for number in _item(text, item, *about)}))
        for field, about in zip(fields, _FIELDS, strict=True)
    )
    return Schedule(" ".join(fields), values)


def _item(text: str, item: str, name: str, first: int, last: int) -> Iterator[int]:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise ConfigError(f"{text!r} is no schedule: {item!r} is no {name}", hint=_HINT)
    begins, ends, step = match.groups()
    low = first if begins is None else int(begins)
    high = int(ends) if ends else last if begins is None or step else low
    if not first <= low <= high <= last or (step and not int(step)):
        raise ConfigError(f"{text!r} is no schedule: {item!r} is no {name} ({first} to {last})", hint=_HINT)
    return iter(range(low, high + 1, int(step or 1)))
