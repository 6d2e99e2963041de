"""Tables: one tidy DataFrame for each noun of the documents.

A row is one thing, a column one property, and the columns are the same however many rows there are. What is
not known is an empty text, or a missing value in a column of numbers. Rows keep the order of the document.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

import pandas as pd

from planner.model.availability import Availabilities, Availability, PlatformAvailability, Probe
from planner.model.inventory import Inventory, Occurrence, Output, Pattern, Role
from planner.model.job import Copy, Warm
from planner.model.outcome import Outcome
from planner.model.plan import (
    Action,
    AllowUpstreams,
    CreateRepository,
    Grant,
    Keep,
    Manual,
    Plan,
    Rewrite,
    key,
)
from planner.model.reference import Reference
from planner.model.stability import Stabilities, Stability
from reports.columns import (
    ACTIONS,
    IMAGES,
    NUMBER,
    OCCURRENCES,
    OUTCOMES,
    OUTPUTS,
    PLATFORMS,
    PROBES,
    REFERENCES,
    RULES,
    STABILITIES,
    TEXT,
    TRANSFERS,
    UNRESOLVED,
    Columns,
)

Table = pd.DataFrame

_VERBS: Mapping[type[Action], str] = {
    CreateRepository: "create",
    AllowUpstreams: "allow",
    Grant: "grant",
    Warm: "warm",
    Copy: "copy",
    Rewrite: "rewrite",
    Keep: "keep",
    Manual: "manual",
}

Cell = object  # what pandas takes for a value; the columns say which


def frame(columns: Columns, rows: Iterable[Sequence[Cell]]) -> Table:
    """Return rows as a table with these columns and dtypes, which an empty table has too."""
    cells = [[cell.value if isinstance(cell, Enum) else cell for cell in row] for row in rows]
    return pd.DataFrame(cells, columns=list(columns)).astype(dict(columns))


def occurrences(inventory: Inventory) -> Table:
    """Return one row for each place that names an image."""
    pulled = set(map(id, inventory.pulled))
    return frame(OCCURRENCES, (_occurrence(item, id(item) in pulled) for item in inventory.occurrences))


def _occurrence(item: Occurrence, pulled: bool) -> Sequence[Cell]:
    return (
        *(item.path, item.line, item.column, item.format, item.role, item.confidence),
        *(*_parts(item.reference), pulled, item.text, "; ".join(item.trail)),
    )


def _parts(reference: Reference) -> Sequence[Cell]:
    parts = (reference.registry, reference.repository, reference.tag or "", reference.digest or "")
    return (str(reference), *parts, reference.carrier)


def unresolved(inventory: Inventory) -> Table:
    """Return one row for each text that should be a reference and is not known."""
    rows = ((item.path, item.line, item.format, item.text, item.reason) for item in inventory.unresolved)
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


def actions(plan: Plan) -> Table:
    """Return one row for each action of a plan, in the order they are done."""
    waves = _waves(plan)
    return frame(ACTIONS, (_action(action, waves) for action in plan.actions))


def _action(action: Action, waves: Mapping[str, tuple[int, str]]) -> Sequence[Cell]:
    name = key(action)
    wave = waves[name][0] if name in waves else None
    return (name, _VERBS[type(action)], *_change(action), wave, ", ".join(_places(action)), action.reason)


def _change(action: Action) -> tuple[str, str, str]:
    """Return what an action is about, where it ends, and the digest it carries."""
    match action:
        case CreateRepository():
            return action.target.prefix, "", ""
        case AllowUpstreams():
            return f"{action.project} in {action.location}", "", ""
        case Grant():
            return f"{action.member} as {action.role}", action.secret or action.target.prefix, ""
        case Warm() | Copy():
            return str(action.source), str(action.destination), action.digest or ""
        case Rewrite():
            return str(action.reference), str(action.destination), ""
        case Keep():
            return str(action.reference), "", ""
        case Manual():
            return action.subject, "", ""


def _places(action: Action) -> tuple[str, ...]:
    match action:
        case Rewrite():
            return (f"{action.path}:{action.line}",)
        case Keep() | Manual():
            return action.places
        case _:
            return ()


def transfers(plan: Plan) -> Table:
    """Return one row for each image that moves, in the order they run."""
    waves = _waves(plan)
    return frame(TRANSFERS, (_transfer(action, waves) for action in plan.transfers))


def _transfer(action: Warm | Copy, waves: Mapping[str, tuple[int, str]]) -> Sequence[Cell]:
    name = key(action)
    origin = action.origin if isinstance(action, Copy) else action.source
    ends = (str(action.source), str(origin), str(action.destination), action.digest or "")
    return (*waves.get(name, (None, "")), _VERBS[type(action)], *ends, name, action.reason)


def _waves(plan: Plan) -> dict[str, tuple[int, str]]:
    """Return number and title of the wave of each transfer, by key."""
    numbered = enumerate(plan.waves, start=1)
    return {name: (number, wave.title) for number, wave in numbered for name in wave.keys}


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


def figures(*pairs: tuple[str, int]) -> Table:
    """Return named figures, in the order given."""
    return frame({"figure": TEXT, "count": NUMBER}, pairs)
