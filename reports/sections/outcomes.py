"""What the report of a run says: what was done, what failed and why."""

from collections import Counter
from collections.abc import Sequence

from planner.model.outcome import Outcome, Result
from planner.model.words import counted, size
from reports import tables
from reports.documents import gathered
from reports.full import full
from reports.section import Report, Section
from reports.tables import Table

_MEGABYTE = 1_000_000


def report(outcomes: Sequence[Outcome]) -> Report:
    """Return the figures, what did not succeed, and what each kind of action came to."""
    table = tables.outcomes(outcomes)
    return Report(
        "Outcomes",
        (_summary(outcomes), _failures(table), _by_action(table), _all(table)),
        full(gathered((outcomes,)), "outcomes"),
    )


def _summary(outcomes: Sequence[Outcome]) -> Section:
    results = Counter(item.result for item in outcomes)
    moved = size(sum(item.bytes for item in outcomes))
    pulls = sum(item.spent for item in outcomes)
    return Section(
        "summary",
        "Summary",
        f"{moved} moved, {counted(pulls, 'Docker Hub pull')} used.",
        tables.figures(
            ("actions", len(outcomes)),
            ("done", results[Result.DONE]),
            ("was there already", results[Result.PRESENT]),
            ("failed", results[Result.FAILED]),
            ("skipped", results[Result.SKIPPED]),
        ),
    )


def _failures(table: Table) -> Section:
    chosen = table[table["result"].isin([Result.FAILED.value, Result.SKIPPED.value])]
    lead = f"{counted(len(chosen), 'action')} to run again."
    return Section("failures", "Not done", lead, chosen[["action", "subject", "result", "error"]])


def _by_action(table: Table) -> Section:
    measured = table.assign(actions=1, megabytes=table["bytes"] / _MEGABYTE)
    grouped = measured.groupby("action")[["actions", "megabytes", "seconds", "pulls"]].sum().reset_index()
    return Section("actions", "By action", f"{counted(len(grouped), 'kind')} of action.", grouped)


def _all(table: Table) -> Section:
    lead = f"{counted(len(table), 'action')}, in the order they ended."
    return Section("outcomes", "All", lead, table[["action", "subject", "result", "seconds"]])
