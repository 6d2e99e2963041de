"""Tables: one tidy DataFrame for each noun of the documents.

A row is one thing, a column one property, and the columns are the same however many rows there are:
`columns.py` has their order, dtypes and units. What is not known is an empty text, or a missing value in a
column of numbers. Rows keep the order of the document. This is the only place that turns values into frames.

    from pathlib import Path
    from planner.scan import scan
    from reports import tables

    found = tables.occurrences(scan((Path("examples/storefront"),)))
    found[found["carrier"] == "docker-hub"].groupby("format").size()

| noun | table | of |
|---|---|---|
| a place that names an image | `occurrences` | Inventory |
| a distinct image that is pulled | `references` | Inventory, and Availabilities where there are any |
| a text that is not known | `unresolved` | Inventory |
| a name that is built here | `outputs` | Inventory |
| a rule that matches names | `rules` | Inventory |
| a path and one of its owners | `owners` | Inventory |
| an image that was asked for | `images` | Availabilities |
| an answer of a registry | `probes` | Availabilities |
| a platform that was wanted | `platforms` | Availabilities |
| an action, in order | `actions` | Plan |
| an image that moves | `transfers` | Plan |
| a wave | `waves` | Plan |
| a thing that costs money | `charges` | Plan |
| what became of an action | `outcomes` | outcomes |
| how the mirror has kept an image | `stabilities` | Stabilities |
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from planner.model.availability import Availabilities, Availability, PlatformAvailability, Probe
from planner.model.inventory import Inventory, Occurrence, Output, Pattern, Role
from planner.model.outcome import Outcome
from planner.model.reference import Reference
from planner.model.stability import Stabilities, Stability
from reports.columns import (
    IMAGES,
    OCCURRENCES,
    OUTCOMES,
    OUTPUTS,
    OWNERS,
    PLATFORMS,
    PROBES,
    REFERENCES,
    RULES,
    STABILITIES,
    UNRESOLVED,
)
from reports.frames import Cell, Table, figures, frame
from reports.plan_tables import actions, charges, transfers, waves

__all__ = [
    "Table",
    "actions",
    "charges",
    "figures",
    "frame",
    "images",
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
        *(*_parts(item.reference), pulled, item.text, "; ".join(item.trail)),
    )


def _owned(inventory: Inventory) -> Mapping[str, str]:
    """Return the owners of each path, joined."""
    return {path: ", ".join(names) for path, names in inventory.owners.items()}


def owners(inventory: Inventory) -> Table:
    """Return one row for each owner of each path in which something was found."""
    return frame(OWNERS, ((path, name) for path, names in inventory.owners.items() for name in names))


def _parts(reference: Reference) -> Sequence[Cell]:
    parts = (reference.registry, reference.repository, reference.tag or "", reference.digest or "")
    return (str(reference), *parts, reference.carrier)


def unresolved(inventory: Inventory) -> Table:
    """Return one row for each text that should be a reference and is not known."""
    owned = _owned(inventory)
    rows = (
        (item.path, item.line, item.format, item.text, item.reason, owned.get(item.path, ""))
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


def references(inventory: Inventory, availabilities: Availabilities | None) -> Table:
    """Return one row for each distinct reference that is pulled, with what a check found out about it."""
    places: dict[Reference, list[Occurrence]] = defaultdict(list)
    for item in inventory.pulled:
        places[item.reference].append(item)
    images = availabilities.images if availabilities else ()
    checked = {image.reference: image for image in images}
    names = inventory.references()
    return frame(REFERENCES, (_reference(name, places[name], checked.get(name)) for name in names))


def _reference(name: Reference, places: Sequence[Occurrence], image: Availability | None) -> Sequence[Cell]:
    size, platforms = _content(image)
    return (
        *_parts(name),
        ", ".join(sorted({item.role for item in places})),
        len(places),
        len({item.path for item in places}),
        f"{places[0].path}:{places[0].line}",
        *(image.verdict if image else "", (image.digest or "") if image else "", size, ", ".join(platforms)),
    )


def _content(image: Availability | None) -> tuple[int | None, tuple[str, ...]]:
    """Return size and platforms from the first probe that read them."""
    probes = [probe for _, probe in image.probes] if image else []
    size = next((probe.size for probe in probes if probe.size is not None), None)
    return size, next((probe.platforms for probe in probes if probe.platforms), ())


def outcomes(results: Iterable[Outcome]) -> Table:
    """Return one row for each outcome, in the order they happened."""
    return frame(OUTCOMES, (_outcome(item) for item in results))


def _outcome(item: Outcome) -> Sequence[Cell]:
    work = (item.bytes, item.seconds, item.attempts, item.pulls)
    return (item.key, item.action, item.subject, item.result, item.digest or "", *work, item.error)


def images(availabilities: Availabilities) -> Table:
    """Return one row for each reference that was asked for."""
    return frame(IMAGES, (_image(image) for image in availabilities.images))


def _image(image: Availability) -> Sequence[Cell]:
    size, platforms = _content(image)
    return (
        str(image.reference),
        image.verdict,
        image.digest or "",
        image.mirrored,
        size,
        ", ".join(platforms),
    )


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
