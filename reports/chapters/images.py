"""Images: each with its verdict, how steady it is, where it is used, what is decided, and what that takes."""

from collections import Counter
from collections.abc import Iterable

from planner.model.availability import Verdict
from planner.model.words import counted
from reports.charts import Part, Stack
from reports.decided import DECISIONS
from reports.documents import Documents
from reports.frames import Table
from reports.meanings import MEANINGS, TONES
from reports.section import Section

_SHOWN = (
    *("reference", "registry", "verdict", "stability", "kept", "decision", "why", "destination", "wave"),
    *("places", "path", "line", "owners", "size", "pulls"),
)
_URGENT = (
    *(Verdict.MISSING_OR_PRIVATE, Verdict.RESCUE, Verdict.NOT_CACHED, Verdict.CACHED_STALE),
    *(Verdict.UNKNOWN, Verdict.CACHED_FRESH),
)


def chapter(documents: Documents, references: Table) -> tuple[Section, ...]:
    """Return the images with their verdicts and decisions; nothing where nothing names an image.

    What breaks first comes first; of what is alike, what most places name.
    """
    if references.empty:
        return ()
    table = _ordered(references)
    table = table.assign(kept=_kept(table))
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
    filters = ("verdict", "stability", "decision", "registry", "owners", "wave")
    section = Section(
        "images",
        "Images",
        f"{counted(len(table), 'image')} that something pulls, each under the name that the code gives it.",
        table[[name for name in _SHOWN if known.get(name, True)]],
        charts=tuple(_charts(table, checked=checked, planned=planned)),
        filters=tuple(name for name in filters if known.get(name, True)),
        beneath={"destination": "reference", "kept": "stability", "why": "decision", "owners": "path"},
        hidden=("registry",),
        brief=("reference", "verdict", "stability", "decision", "wave", "places"),
    )
    return (section,)


def _ordered(references: Table) -> Table:
    urgency = {verdict.value: number for number, verdict in enumerate(_URGENT)}
    ranks = references["verdict"].map(lambda verdict: urgency.get(verdict, len(urgency)))
    ranked = references.assign(rank=ranks)
    return ranked.sort_values(["rank", "places"], ascending=[True, False], kind="stable", ignore_index=True)


def _kept(table: Table) -> list[str]:
    """Return how often the mirror had each image, in words."""
    rows = zip(table["stability"], table["seen"], table["checks"], strict=True)
    return [f"{seen:,} of {counted(checks, 'check')}" if known else "" for known, seen, checks in rows]


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
        said = [Part(name, decisions[name], TONES[name]) for name in DECISIONS if decisions[name]]
        yield Stack("Decisions", "images that are decided", tuple(said))
