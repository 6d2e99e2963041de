"""Tables: one tidy DataFrame for each noun of the documents. This module is for programs and notebooks, too.

A row is one thing, a column one property, and the columns are the same however many rows there are:
`columns.py` has their order, dtypes, meanings and units, and docs/reporting.md shows them. What is not known
is an empty text, or a missing value in a column of numbers. Rows keep the order of the document. Values
become frames here and nowhere else; writers and chapters choose from these.

    >>> from pathlib import Path
    >>> from planner.model.document import decode
    >>> from planner.model.inventory import Inventory
    >>> from reports.tables import occurrences
    >>> inventory = decode(Path("inventory.json").read_bytes(), Inventory, "inventory.json")
    >>> found = occurrences(inventory)
    >>> hub = found[found["pulled"] & (found["carrier"] == "docker-hub")]
    >>> hub["format"].value_counts().head(2).to_dict()
    {'dockerfile': 11, 'compose': 10}

| table | a row is | of |
|---|---|---|
| `occurrences` | a place that names an image | Inventory |
| `references` | an image, with what is known of it | Inventory, Availabilities, Plan, Stabilities |
| `unresolved` | a text that is not known | Inventory |
| `undecided` | a thing that people have to settle | Inventory, Plan |
| `outputs` | a name that is built here | Inventory |
| `rules` | a rule that matches names | Inventory |
| `owners` | a path and one of its owners | Inventory |
| `probes` | an answer of a registry | Availabilities |
| `platforms` | a platform that was wanted | Availabilities |
| `actions` | an action, in order | Plan |
| `transfers` | an image that moves | Plan |
| `waves` | a wave | Plan |
| `charges` | a thing that costs money | Plan |
| `outcomes` | what became of an action | outcomes |
| `stabilities` | an image, as the mirror has kept it | Stabilities |
| `trend` | an earlier document, and what it had of Docker Hub | Trend |
| `trend_owners` | the same of one owner | Trend |
| `left` | a file and a repository of Docker Hub that is left in it | Trend |
"""

from collections.abc import Iterable, Mapping, Sequence

from planner.model.availability import Availabilities, Availability, PlatformAvailability, Probe
from planner.model.inventory import Inventory, Occurrence, Output, Pattern, Role
from planner.model.outcome import Outcome
from planner.model.stability import Stabilities, Stability
from reports.columns import (
    OCCURRENCES,
    OUTCOMES,
    OUTPUTS,
    OWNERS,
    PLATFORMS,
    PROBES,
    RULES,
    STABILITIES,
    UNRESOLVED,
)
from reports.frames import Cell, Table, figures, frame
from reports.plan_tables import actions, charges, transfers, undecided, waves
from reports.reference_tables import parts, references
from reports.trend_tables import left, trend, trend_owners

__all__ = [
    "Table",
    "actions",
    "charges",
    "figures",
    "frame",
    "left",
    "occurrences",
    "outcomes",
    "outputs",
    "owners",
    "platforms",
    "probes",
    "references",
    "rules",
    "stabilities",
    "transfers",
    "trend",
    "trend_owners",
    "undecided",
    "unresolved",
    "waves",
]


def occurrences(inventory: Inventory) -> Table:
    """Return one row for each place that names an image."""
    pulled = set(map(id, inventory.pulled))
    owned = _owned(inventory)
    rows = (
        (*_occurrence(item, id(item) in pulled), owned.get(item.path, "")) for item in inventory.occurrences
    )
    return frame(OCCURRENCES, rows)


def _occurrence(item: Occurrence, pulled: bool) -> Sequence[Cell]:
    return (
        *(item.path, item.line, item.column, item.format, item.role, item.confidence),
        *(*parts(item.reference), pulled, item.fixture, item.text, "; ".join(item.trail)),
    )


def _owned(inventory: Inventory) -> Mapping[str, str]:
    """Return the owners of each path, joined."""
    return {path: ", ".join(names) for path, names in inventory.owners.items()}


def owners(inventory: Inventory) -> Table:
    """Return one row for each owner of each path in which something was found."""
    return frame(OWNERS, ((path, name) for path, names in inventory.owners.items() for name in names))


def unresolved(inventory: Inventory) -> Table:
    """Return one row for each text that should be a reference and is not known."""
    owned = _owned(inventory)
    rows = (
        (item.path, item.line, item.format, item.text, item.reason, item.fixture, owned.get(item.path, ""))
        for item in inventory.unresolved
    )
    return frame(UNRESOLVED, rows)


def outputs(inventory: Inventory) -> Table:
    """Return one row for each place that names what this code builds."""
    built = (
        item
        for item in inventory.found
        if isinstance(item, Output) or (isinstance(item, Occurrence) and item.role is Role.OUTPUT)
    )
    return frame(OUTPUTS, ((item.path, item.line, item.format, item.text) for item in built))


def rules(inventory: Inventory) -> Table:
    """Return one row for each place where a rule matches names of images."""
    return frame(RULES, map(_rule, inventory.rules))


def _rule(item: Occurrence | Pattern) -> Sequence[Cell]:
    syntax, name = (item.syntax, "") if isinstance(item, Pattern) else ("name", str(item.reference))
    return (item.path, item.line, item.column, item.format, syntax, item.text, name)


def outcomes(results: Iterable[Outcome]) -> Table:
    """Return one row for each outcome, in the order they happened."""
    return frame(OUTCOMES, (_outcome(item) for item in results))


def _outcome(item: Outcome) -> Sequence[Cell]:
    work = (item.bytes, item.seconds, item.attempts, item.pulls, item.saved)
    said = (item.error, item.detail, item.at)
    return (item.key, item.action, item.subject, item.result, item.digest or "", *work, *said)


def probes(availabilities: Availabilities) -> Table:
    """Return one row for each answer of a registry."""
    answers = ((image, place, probe) for image in availabilities.images for place, probe in image.probes)
    return frame(PROBES, (_probe(image, place, probe) for image, place, probe in answers))


def _probe(image: Availability, place: str, probe: Probe) -> Sequence[Cell]:
    asked = (str(image.reference), image.verdict, place, str(probe.reference), probe.status)
    content = (probe.digest or "", probe.media_type or "", ", ".join(probe.platforms), probe.size)
    evidence = (probe.code, probe.elapsed, probe.host, probe.said, probe.absence or "")
    return (*asked, *content, probe.at, probe.detail, *evidence, probe.artifact, ", ".join(probe.lacking))


def platforms(availabilities: Availabilities) -> Table:
    """Return one row for each platform that was wanted of each image."""
    rows = ((image, each) for image in availabilities.images for each in image.platforms)
    return frame(PLATFORMS, (_platform(image, each) for image, each in rows))


def _platform(image: Availability, each: PlatformAvailability) -> Sequence[Cell]:
    digests = (each.hub or "", each.mirror or "")
    lacking = ", ".join(each.lacking)
    return (str(image.reference), each.platform, each.verdict, *digests, each.size, lacking, each.detail)


def stabilities(document: Stabilities) -> Table:
    """Return one row for each image of a history."""
    return frame(STABILITIES, map(_stability, document.images))


def _stability(kept: Stability) -> Sequence[Cell]:
    seen = (str(kept.reference), kept.present, kept.seen, kept.checks, kept.first, kept.last, kept.held_since)
    dropped = (len(kept.evictions), kept.evictions[-1] if kept.evictions else None, kept.broken)
    return (*seen, *dropped, kept.level, kept.compared, kept.behind_hours, kept.behind_since)
