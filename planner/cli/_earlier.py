"""hub2ar report --history: the documents of a folder, one after another, as a trend."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from planner.cli import _inputs
from planner.errors import ConfigError, NoInput
from planner.model.inventory import Inventory
from planner.model.outcome import Outcome
from planner.model.plan import Plan
from planner.model.words import counted
from reports.amounts import named
from reports.trend import Dated, History, Moment, Trend

_SUFFIXES = (".json", ".jsonl")
_DATE = re.compile(
    r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(?:[T_-]?([01]\d|2[0-3])[-:]?([0-5]\d)(?:[-:]?([0-5]\d))?Z?)?(?!\d)"
)


def trend(folder: Path, files: Sequence[str]) -> Trend:
    """Return what the documents of a folder and its folders tell, and those that are named beside it.

    Each is read and forgotten before the next. What is none of the documents that a trend is made of is
    skipped, and reported. Raises NoInput for a folder that has none.
    """
    history = History()
    others = ["standard input"] if "-" in files else []  # nothing says when it was made
    broken: list[str] = []
    every = [*_documents(folder), *(Path(name) for name in files if name != "-")]
    for place in dict.fromkeys(path.resolve() for path in every):
        try:
            known = _take(history, place, folder.resolve())
        except (ConfigError, NoInput):
            broken.append(place.name)
        else:
            others += [] if known else [place.name]
    found = history.trend(_remarks(others, broken))
    if not (found.snapshots or found.arrivals):
        raise NoInput(
            f"{str(folder)!r} holds no earlier documents",
            hint="keep what scan, plan and apply write, a file for each time",
        )
    return found


def _documents(folder: Path) -> Iterator[Path]:
    for place in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in place.relative_to(folder).parts)
        if place.suffix in _SUFFIXES and not hidden and place.is_file():
            yield place


def _take(history: History, place: Path, folder: Path) -> bool:
    """Take in a document; return whether it tells of earlier times."""
    match _inputs.any_document(str(place)):
        case Inventory() as inventory:
            history.inventory(inventory, moment(place, folder))
        case Plan() as plan:
            history.plan(plan, place.name)
        case [Outcome(), *_] as outcomes:
            history.outcomes(outcomes, moment(place, folder).at)
        case _:
            return False
    return True


def moment(place: Path, folder: Path) -> Moment:
    """Return when a document was made: as its name or its folder's has it, else the time of the file."""
    inside = place.relative_to(folder) if place.is_relative_to(folder) else Path(place.name)
    for part in reversed(inside.parts):
        at = next(filter(None, map(_date, _DATE.finditer(part))), None)
        if at:
            return Moment(at, Dated.NAME, place.name)
    return Moment(datetime.fromtimestamp(int(place.stat().st_mtime), UTC), Dated.FILE, place.name)


def _date(match: re.Match[str]) -> datetime | None:
    """Return the time that a name tells; None where it is none, as 2026-13-40."""
    year, month, day, hour, minute, second = map(int, match.groups(default="0"))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _remarks(others: Sequence[str], broken: Sequence[str]) -> Iterator[str]:
    if others:
        yield f"{counted(len(others), 'file')} passed over, which a trend is not made of: {named(others)}."
    if broken:
        yield f"{counted(len(broken), 'file')} passed over, which hub2ar cannot read: {named(broken)}."
