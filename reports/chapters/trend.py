"""Trend: what was left of Docker Hub at each earlier time, whose it is, and what was added since."""

from collections.abc import Iterator

from planner.model.words import counted
from reports import tables
from reports.charts import Line, Point
from reports.documents import Documents
from reports.frames import Table
from reports.section import Section
from reports.trend import Dated, Trend

_OWNERS = 6  # that have a chart of their own, those with most places


def chapter(documents: Documents) -> tuple[Section, ...]:
    """Return what earlier documents tell; nothing where there is none."""
    trend = documents.trend
    if trend is None:
        return ()
    snapshots, owners, left = tables.trend(trend), tables.trend_owners(trend), tables.left(trend)
    found = [_trend(trend, snapshots, owners)]
    if len(owners):
        found.append(_owners(owners))
    return (*found, _left(left))


def _trend(trend: Trend, snapshots: Table, owners: Table) -> Section:
    shown = snapshots if trend.arrivals else snapshots.drop(columns="moved")
    return Section(
        "trend",
        "Trend",
        _said(trend, snapshots),
        shown,
        charts=tuple(_charts(snapshots, owners)),
        remarks=tuple(_remarks(trend)),
        brief=("at", "references", "places", "added", "gone", "moved", "dated"),
    )


def _said(trend: Trend, snapshots: Table) -> str:
    if snapshots.empty:
        return "No earlier document tells what the code named."
    first, last = snapshots.iloc[0], snapshots.iloc[-1]
    days = (last["at"] - first["at"]).days
    if len(snapshots) == 1:
        return f"{counted(int(last['places']), 'place')} of Docker Hub; one document shows no change."
    added, gone = int(snapshots["added"].sum()), int(snapshots["gone"].sum())
    over = f"{counted(len(snapshots), 'document')} over {counted(days, 'day')}"
    went = f"From {first['places']:,} to {counted(int(last['places']), 'place')}"
    arrived = f", {counted(len(trend.arrivals), 'image')} moved" if trend.arrivals else ""
    return f"{went} that name Docker Hub, in {over}: {gone:,} gone, {added:,} added{arrived}."


def _charts(snapshots: Table, owners: Table) -> Iterator[Line]:
    if len(snapshots) > 1:
        yield Line("Places that name Docker Hub", "places", _points(snapshots), full=True)
        for name in _largest(owners):
            yield Line(name, "places", _points(owners[owners["owner"] == name]))


def _largest(owners: Table) -> list[str]:
    """Return the owners with most places at any time."""
    most = owners.groupby("owner")["places"].max()
    return [
        str(name) for name in sorted(most.index, key=lambda name: (-int(most[name]), str(name)))[:_OWNERS]
    ]


def _points(table: Table) -> tuple[Point, ...]:
    return tuple(
        Point(at.to_pydatetime(), int(places))
        for at, places in zip(table["at"], table["places"], strict=True)
    )


def _remarks(trend: Trend) -> Iterator[str]:
    guessed = sum(each.moment.dated is Dated.FILE for each in trend.snapshots)
    if guessed:
        yield (
            f"{counted(guessed, 'document')} dated by the time of the file, which copying may change: an"
            " inventory has its time from a plan that was made from it, or from a date in its name"
        )
    yield "A place is a file and the repository that it names; a new tag of the same is no new place."
    yield from trend.remarks


def _owners(owners: Table) -> Section:
    """Return where each owner began and where it is now; rows of owners go snapshot by snapshot."""
    number = owners["owner"].nunique()
    sums = owners.groupby("owner")[["added", "gone"]].sum()
    table = owners.tail(number)[["owner", "places"]].assign(
        at_first=owners["places"].head(number).to_list(),
        added=sums["added"].to_list(),
        gone=sums["gone"].to_list(),
    )
    lead = f"{counted(number, 'owner')}; a place with several owners counts for each."
    ordered = table.sort_values(["places", "owner"], ascending=[False, True], ignore_index=True)
    shown = ordered[["owner", "at_first", "added", "gone", "places"]].rename(columns={"places": "now"})
    return Section("by_owner", "Trend by owner", lead, shown)


def _left(left: Table) -> Section:
    added = int(left["added"].sum())
    files = counted(left["path"].nunique(), "file")
    lead = f"{counted(len(left), 'name')} of Docker Hub left in {files}, {added:,} added since the oldest."
    return Section(
        "left",
        "What is left",
        lead,
        left,
        filters=("added", "owners"),
        beneath={"owners": "path"},
        brief=("path", "repository", "places", "since", "added"),
    )
