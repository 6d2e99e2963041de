"""Images: each with its verdict, how steady it is, where it is used, what is decided, and what that takes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from planner.model.availability import Availability, Verdict
from planner.model.plan import Keep, Rewrite
from planner.model.reference import Reference
from planner.model.stability import Stability
from reports import tables
from reports.amounts import counted
from reports.charts import Part, Stack, Tone
from reports.columns import KNOWN_NUMBER, NUMBER, TEXT, Columns
from reports.decided import DECISIONS, Decided, decisions, source
from reports.documents import Documents
from reports.frames import Cell, Table
from reports.section import Section
from reports.sections.availabilities import MEANINGS

IMAGES: Columns = {
    "reference": TEXT,  # as the code names it
    "registry": TEXT,
    "verdict": TEXT,  # empty where it was not checked
    "stability": TEXT,  # steady, dropped, broken, behind, never there; empty where there is no history
    "kept": TEXT,  # `9 of 12 checks`
    "decision": TEXT,  # warm, copy, rewrite, keep, by hand, joined by ", "
    "why": TEXT,
    "destination": TEXT,  # joined by ", "
    "wave": KNOWN_NUMBER,  # from 1
    "places": NUMBER,
    "path": TEXT,  # of the first place
    "line": KNOWN_NUMBER,
    "owners": TEXT,  # of all places, joined by ", "
    "size": KNOWN_NUMBER,  # bytes, compressed, all platforms
    "pulls": KNOWN_NUMBER,  # that Docker Hub counts for the move
}
TONES: Mapping[str, Tone] = {
    Verdict.CACHED_FRESH: Tone.GOOD,
    Verdict.CACHED_STALE: Tone.LATE,
    Verdict.NOT_CACHED: Tone.NEUTRAL,
    Verdict.RESCUE: Tone.RISK,
    Verdict.MISSING_OR_PRIVATE: Tone.LOST,
    Verdict.UNKNOWN: Tone.UNKNOWN,
}
_URGENT = (
    *(Verdict.MISSING_OR_PRIVATE, Verdict.RESCUE, Verdict.NOT_CACHED, Verdict.CACHED_STALE),
    *(Verdict.UNKNOWN, Verdict.CACHED_FRESH),
)
_DECISION_TONES = (Tone.GOOD, Tone.NEUTRAL, Tone.LATE, Tone.UNKNOWN, Tone.RISK)


def chapter(documents: Documents, table: Table) -> tuple[Section, ...]:
    """Return the table of `images` with its verdicts and decisions; nothing where nothing names an image."""
    if table.empty:
        return ()
    checked = documents.availabilities is not None
    planned = documents.plan is not None
    known = {
        "verdict": checked,
        "stability": documents.stabilities is not None,
        "kept": documents.stabilities is not None,
        **dict.fromkeys(("decision", "why", "destination", "wave", "pulls"), planned),
        "owners": bool((table["owners"] != "").any()),
        "size": bool(table["size"].notna().any()),
    }
    shown = table[[name for name in IMAGES if known.get(name, True)]]
    filters = ("verdict", "stability", "decision", "registry", "owners", "wave")
    section = Section(
        "images",
        "Images",
        f"{counted(len(table), 'image')} that something pulls, each under the name that the code gives it.",
        shown,
        charts=tuple(_charts(table, checked=checked, planned=planned)),
        filters=tuple(name for name in filters if known.get(name, True)),
        beneath={"destination": "reference", "kept": "stability", "why": "decision", "owners": "path"},
        hidden=("registry",),
    )
    return (section,)


def _charts(table: Table, *, checked: bool, planned: bool) -> Iterable[Stack]:
    if checked:
        verdicts = Counter(table["verdict"])
        parts = [
            Part(each, verdicts[each.value], TONES[each], MEANINGS[each])
            for each in Verdict
            if verdicts[each.value]
        ]
        yield Stack("Verdicts", "images that were checked", tuple(parts))
    if planned:
        decisions = Counter(text.split(", ")[0] for text in table["decision"] if text)
        named = zip(DECISIONS, _DECISION_TONES, strict=True)
        said = [Part(name, decisions[name], tone) for name, tone in named if decisions[name]]
        yield Stack("Decisions", "images that are decided", tuple(said))


def images(documents: Documents) -> Table:
    """Return one row for each image that the code names, was asked for, or is planned.

    What breaks first comes first; of what is alike, what most places name.
    """
    checked = {each.reference: each for each in _checked(documents)}
    kept = {each.reference.as_asked: each for each in _kept(documents)}
    decided = decisions(documents.plan)
    used = _used(documents)
    asked = {reference.as_asked: image for reference, image in checked.items()}
    found = {
        name: checked.get(name) or asked.get(source(name)) for name in sorted({*used, *checked, *decided})
    }
    names = sorted(found, key=lambda name: _urgency(found[name], used.get(name, _Use())))
    rows = (
        _row(
            name,
            found[name],
            kept.get(source(name)),
            decided.get(name, Decided()),
            used.get(name, _Use()),
        )
        for name in names
    )
    return tables.frame(IMAGES, rows)


def _urgency(image: Availability | None, use: "_Use") -> tuple[int, int]:
    return (_URGENT.index(image.verdict) if image else len(_URGENT), -use.places)


def _checked(documents: Documents) -> Iterable[Availability]:
    return documents.availabilities.images if documents.availabilities else ()


def _kept(documents: Documents) -> Iterable[Stability]:
    return documents.stabilities.images if documents.stabilities else ()


@dataclass(slots=True)
class _Use:
    places: int = 0
    path: str = ""
    line: int | None = None
    owners: dict[str, None] = field(default_factory=dict)


def _used(documents: Documents) -> dict[Reference, _Use]:
    """Return where each image is used, as the inventory says, else the plan."""
    used: dict[Reference, _Use] = defaultdict(_Use)
    if documents.inventory:
        owners = documents.inventory.owners
        for item in documents.inventory.pulled:
            _count(used[item.reference], item.path, item.line, owners.get(item.path, ()))
    elif documents.plan:
        for action in documents.plan.actions:
            if isinstance(action, Rewrite):
                _count(used[action.reference], action.path, action.line, action.owners)
            elif isinstance(action, Keep):
                for place in action.places:
                    path, _, line = place.rpartition(":")
                    _count(used[action.reference], path, int(line), action.owners)
    return used


def _count(use: _Use, path: str, line: int, owners: Sequence[str]) -> None:
    if not use.places:
        use.path, use.line = path, line
    use.places += 1
    use.owners.update(dict.fromkeys(owners))


def _row(
    name: Reference, image: Availability | None, kept: Stability | None, decided: Decided, use: _Use
) -> Sequence[Cell]:
    size = image.size if image and image.size is not None else decided.size
    return (
        *(str(name), name.registry, image.verdict if image else ""),
        *((steadiness(kept), f"{kept.seen:,} of {counted(kept.checks, 'check')}") if kept else ("", "")),
        *(decided.decision, "; ".join(decided.reasons), ", ".join(decided.destinations)),
        *(min(decided.waves, default=None), use.places, use.path, use.line, ", ".join(use.owners)),
        *(size, decided.pulls if decided.moved else None),
    )


def steadiness(kept: Stability) -> str:
    """Return how mirror.gcr.io has kept an image, in a word or two; the worst that was seen."""
    if not kept.seen:
        return "never there"
    if kept.evictions:
        return "dropped"
    if kept.broken:
        return "broken"
    return "behind" if kept.behind_hours else "steady"
