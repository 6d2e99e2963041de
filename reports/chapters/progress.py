"""Progress: how far a plan is carried out, each outcome, and what has moved since the plan was made."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan, key
from planner.model.words import counted, size
from planner.planning import stale
from reports import tables
from reports.charts import Part, Stack, Tone
from reports.columns import TEXT
from reports.documents import Documents
from reports.section import Section

VERIFY = "verify"  # what outcomes of `hub2ar verify` call their action
_DRIFT = {"subject": TEXT, "what": TEXT, "planned": TEXT, "now": TEXT}
_TONES = (
    (Result.DONE, "done", Tone.GOOD),
    (Result.PRESENT, "there already", Tone.NEUTRAL),
    (Result.FAILED, "failed", Tone.RISK),
    (Result.SKIPPED, "skipped", Tone.LATE),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many images of a plan are where they should be; without a plan, of those that were tried."""

    results: Counter[Result]
    total: int

    @property
    def arrived(self) -> int:
        """Images that are there."""
        return self.results[Result.DONE] + self.results[Result.PRESENT]

    @property
    def left(self) -> int:
        """Images that nothing has been tried with."""
        return self.total - self.results.total()


def progress(plan: Plan | None, outcomes: Sequence[Outcome]) -> Progress:
    """Return how far the transfers are; the last outcome of an action counts."""
    last = {item.key: item.result for item in outcomes if item.action in ("warm", "copy")}
    if plan is None:
        return Progress(Counter(last.values()), len(last))
    keys = [key(transfer) for transfer in plan.transfers]
    return Progress(Counter(last[name] for name in keys if name in last), len(keys))


def chapter(documents: Documents) -> tuple[Section, ...]:
    """Return outcomes and drift, where there are any to tell of."""
    return (*_outcomes(documents), *_drift(documents))


def _outcomes(documents: Documents) -> Iterator[Section]:
    if documents.outcomes is None:
        return
    found = progress(documents.plan, documents.outcomes)
    parts = [Part(label, found.results[result], tone) for result, label, tone in _TONES]
    parts.append(Part("not yet", found.left, Tone.UNKNOWN))
    shown = tuple(part for part in parts if part.value)
    moved = size(sum(item.bytes for item in documents.outcomes))
    pulls = counted(sum(item.spent for item in documents.outcomes), "Docker Hub pull")
    table = tables.outcomes(documents.outcomes)
    columns = ["action", "subject", "result", "bytes", "seconds", "attempts", "pulls", "error"]
    yield Section(
        "outcomes",
        "Outcomes",
        f"{counted(len(table), 'action')} carried out: {moved} moved, {pulls} used.",
        table[columns],
        charts=(Stack("Images", "images to move", shown),) if shown else (),
        filters=("action", "result"),
        beneath={"error": "subject"},
        brief=("action", "subject", "result", "pulls", "error"),
    )


def _drift(documents: Documents) -> Iterator[Section]:
    known = documents.availabilities or documents.inventory or documents.outcomes
    if documents.plan is None or not known:
        return
    rows = [*_tags(documents), *_files(documents), *_destinations(documents)]
    moved = counted(len(rows), "thing") if rows else "Nothing"
    lead = f"{moved} no longer as planned, going by the other documents of this report."
    yield Section("drift", "Drift", lead, tables.frame(_DRIFT, rows), filters=("what",) if rows else ())


Row = tuple[str, str, str, str]


def _tags(documents: Documents) -> Iterator[Row]:
    if documents.plan and documents.availabilities:
        for moved in stale.moved_tags(documents.plan, documents.availabilities):
            yield moved.subject, "tag", moved.before, moved.now or "gone"


def _files(documents: Documents) -> Iterator[Row]:
    """Yield the files that the inventory read with another content, or did not find."""
    if documents.plan and documents.inventory:
        digests = {path: documents.inventory.files.get(path) for path in documents.plan.files}
        for moved in stale.moved_files(documents.plan, digests):
            yield moved.subject, "file", moved.before, moved.now or "gone"


def _destinations(documents: Documents) -> Iterator[Row]:
    """Yield the destinations that the last check of them found otherwise."""
    last = {item.key: item for item in documents.outcomes or () if item.action == VERIFY}
    for item in last.values():
        if item.result is Result.FAILED:
            yield item.subject, "destination", item.error, item.digest or "gone"
