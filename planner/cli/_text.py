"""Values as text for people: a line for each finding, outcome and moment, and a summary of each document."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import assert_never

import click
import msgspec

from planner.model.inventory import Found, Inventory, Occurrence, Output, Pattern, Role, Unresolved
from planner.model.job import Copy, Warm
from planner.model.outcome import Outcome, Result
from planner.model.plan import CreateRepository, Keep, Manual, Plan, Rewrite
from planner.model.words import counted as counted
from planner.model.words import short_digest, size, written_out

_AT_ONCE = 1000  # lines


def say(lines: Iterable[str], *, err: bool = False) -> None:
    """Print lines, control characters written out: a hostile path must not steer the terminal."""
    rest = iter(lines)
    while some := list(islice(rest, _AT_ONCE)):
        click.echo("\n".join(written_out(line) for line in some), err=err)


def document(value: object) -> None:
    """Print a value that is not one of hub2ar's documents as indented JSON."""
    encoded = msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2)
    click.echo(encoded + b"\n", nl=False)


def inventory(document: Inventory) -> Iterator[str]:
    """Yield a line for each thing found."""
    for item in document.found:
        yield found(item)


def found(item: Found) -> str:
    """Return one finding: where, what, and what it is."""
    place = f"{item.path}:{item.line}"
    match item:
        case Occurrence():
            return f"{place}: {item.reference}  ({item.role})"
        case Unresolved():
            return (
                f"{place}: unresolved {item.text!r}: {item.reason}"
                if item.text
                else f"{place}: {item.reason}"
            )
        case Pattern():
            return f"{place}: {item.text}  ({Role.RULE}, {item.syntax})"
        case Output():
            return f"{place}: {item.text}  ({Role.OUTPUT})"
    assert_never(item)


def scan_summary(document: Inventory) -> str:
    """Return in a line how much a scan found."""
    references = document.references()
    hub = sum(reference.upstream is not None for reference in references)
    roles = Counter(item.role for item in document.occurrences)
    files = sum(source.files for source in document.sources)
    parts = [f"{counted(len(references), 'distinct reference')} in {counted(len(document.pulled), 'place')}"]
    parts.append(f"{hub:,} of them from Docker Hub")
    if roles[Role.OUTPUT]:
        parts.append(f"{counted(roles[Role.OUTPUT], 'output')} of this code")
    if document.rules:
        parts.append(f"{counted(len(document.rules), 'rule')} for names")
    if document.unresolved:
        parts.append(f"{len(document.unresolved):,} unresolved")
    return f"{', '.join(parts)} ({counted(files, 'file')} listed)"


def plan(document: Plan, limit: int | None = None) -> Iterator[str]:
    """Yield a plan for a terminal as wide as this one, under each heading no more than `limit` actions."""
    from planner.cli import _lines, _plan_text

    return _plan_text.plan(document, limit, _lines.columns())


def plan_summary(document: Plan) -> str:
    """Return in a line how many actions of each kind a plan has."""
    kinds = Counter(type(action) for action in document.actions)
    parts = (
        f"{counted(kinds[CreateRepository], 'repository')} to create",
        f"{counted(kinds[Warm], 'image')} to warm",
        f"{kinds[Copy]:,} to copy",
        f"{counted(kinds[Rewrite], 'place')} to rewrite",
        f"{kinds[Keep]:,} to keep",
        f"{kinds[Manual]:,} for you to decide",
    )
    return f"Plan: {', '.join(parts)}."


def outcome(item: Outcome) -> str:
    """Return what became of one action."""
    said = item.error or item.detail
    detail = f": {said}" if said else (f"  {short_digest(item.digest)}" if item.digest else "")
    return f"{item.result:<8} {item.action:<6} {item.subject}{detail}"


def outcomes_summary(items: Sequence[Outcome]) -> str:
    """Return in a line how many actions ended how, and what that cost."""
    counts = Counter(item.result for item in items)
    said = ", ".join(f"{counts[result]:,} {result}" for result in Result if counts[result])
    pulls, saved = sum(item.spent for item in items), sum(item.saved for item in items)
    moved = size(sum(item.bytes for item in items))
    costs = [f"{moved} moved", counted(pulls, "pull") if pulls else "", f"{saved:,} saved" if saved else ""]
    return f"{counted(len(items), 'outcome')}: {said or 'nothing to do'} ({', '.join(filter(None, costs))})"


def moment(time: datetime) -> str:
    """Return a time for people, to the minute, as clocks here show it: `2026-11-30 21:00 +01:00`."""
    here = time.astimezone()
    offset = f"{here:%z}"
    zone = "UTC" if here.utcoffset() == timedelta() else f"{offset[:3]}:{offset[3:5]}"
    return f"{here:%Y-%m-%d %H:%M} {zone}"
