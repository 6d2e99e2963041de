"""Waves: the timetable of a plan, the repositories that have to be there, and its remarks."""

from planner.model.plan import CreateRepository, Plan, Wave
from planner.model.words import counted, duration, size
from reports import tables
from reports.charts import Span, Timetable
from reports.columns import TEXT
from reports.documents import Documents
from reports.section import Section

_REPOSITORIES = {"repository": TEXT, "mode": TEXT, "reason": TEXT}


def chapter(documents: Documents) -> tuple[Section, ...]:
    """Return when images move, and into what; nothing without a plan."""
    plan = documents.plan
    if plan is None or not (plan.waves or plan.actions):
        return ()
    return (_waves(plan), *_repositories(plan))


def _waves(plan: Plan) -> Section:
    spans = tuple(
        Span(f"{number}  {wave.title}", wave.begins, wave.begins + wave.seconds, _said(wave))
        for number, wave in enumerate(plan.waves, start=1)
    )
    when = f", over {duration(plan.effort.seconds)}" if plan.effort else ""
    lead = f"{counted(len(plan.waves), 'wave')}{when}; one starts when the one before it has ended."
    timed = any(wave.seconds for wave in plan.waves)
    charts = (Timetable("When each wave runs", spans),) if timed else ()
    return Section("waves", "Timetable", lead, tables.waves(plan), charts=charts, remarks=plan.notes)


def _said(wave: Wave) -> str:
    parts = (
        counted(len(wave.keys), "image"),
        f"begins after {duration(wave.begins)}" if wave.begins else "begins at once",
        f"takes {duration(wave.seconds)}",
        counted(wave.pulls, "pull") + " of Docker Hub",
        size(wave.size) if wave.size else "",
    )
    return ", ".join(filter(None, parts))


def _repositories(plan: Plan) -> tuple[Section, ...]:
    rows = [
        (action.target.prefix, action.target.mode, action.reason)
        for action in plan.actions
        if isinstance(action, CreateRepository)
    ]
    if not rows:
        return ()
    lead = f"{counted(len(rows), 'repository')} to have; one that is there is left as it is."
    return (Section("repositories", "Repositories", lead, tables.frame(_REPOSITORIES, rows)),)
