"""Tables of a trend: snapshots, owners, what is left. `tables.py` is where others find them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from reports.columns import LEFT, TREND, TREND_OWNERS
from reports.frames import Cell, Table, frame
from reports.trend import ALL, Snapshot, Trend


def trend(document: Trend) -> Table:
    """Return one row for each snapshot, the oldest first."""
    rows = (
        (
            *_when(now),
            *_change(before, now, ALL),
            document.moved(now.moment.at) if document.arrivals else None,
        )
        for before, now in _pairs(document)
    )
    return frame(TREND, rows)


def trend_owners(document: Trend) -> Table:
    """Return one row for each snapshot and each owner that had anything in any of them."""
    owners = sorted({owner for each in document.snapshots for owner in each.owners} - {ALL})
    rows = (
        (now.moment.at, owner, *_change(before, now, owner))
        for before, now in _pairs(document)
        for owner in owners
    )
    return frame(TREND_OWNERS, rows)


def left(document: Trend) -> Table:
    """Return one row for each file and repository of Docker Hub that the newest snapshot has."""
    if not document.snapshots:
        return frame(LEFT, ())
    oldest, newest = document.snapshots[0], document.snapshots[-1]
    since, owners = document.since(), _owners(newest)
    rows = (
        (
            *(*document.keys[number], count, since[number].moment.at),
            *(since[number] is not oldest, ", ".join(owners.get(number, ()))),
        )
        for number, count in newest.share(ALL).counts.items()
    )
    return frame(LEFT, sorted(rows, key=lambda row: (row[0], row[1])))


def _pairs(document: Trend) -> Iterator[tuple[Snapshot | None, Snapshot]]:
    """Yield each snapshot with the one before it."""
    yield from ((None, each) for each in document.snapshots[:1])
    yield from pairwise(document.snapshots)


def _when(snapshot: Snapshot) -> Sequence[Cell]:
    return (snapshot.moment.at, snapshot.moment.name, snapshot.moment.dated)


def _moved(document: Trend, now: Snapshot) -> int | None:
    return document.moved(now.moment.at) if document.arrivals else None


def _change(before: Snapshot | None, now: Snapshot, owner: str) -> Sequence[Cell]:
    """Return what an owner has, and what was added and has gone since the snapshot before."""
    share = now.share(owner)
    counts = share.counts
    earlier: Counter[int] = before.share(owner).counts if before else counts
    added, gone = (counts - earlier).total(), (earlier - counts).total()
    return (share.references, len(share.places), added, gone)


def _owners(snapshot: Snapshot) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for owner, share in snapshot.owners.items():
        for number in set(share.places) if owner != ALL else ():
            found.setdefault(number, []).append(owner)
    return found
