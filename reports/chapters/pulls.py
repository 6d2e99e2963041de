"""Pulls: what a move takes of Docker Hub's pull limit, with the mirror and without it."""

from planner.model.availability import PullLimit
from planner.model.plan import Effort
from planner.model.words import counted, duration
from reports import tables
from reports.charts import Bars, Part, Tone
from reports.columns import NUMBER, TEXT
from reports.documents import Documents
from reports.section import Section

_WAYS = {"way": TEXT, "pulls": NUMBER, "time": TEXT}


def chapter(documents: Documents) -> tuple[Section, ...]:
    """Return the budget; nothing where neither a plan nor a check tells of pulls."""
    effort, direct = (documents.plan.effort, documents.plan.direct) if documents.plan else (None, None)
    limit = documents.availabilities.pull_limit if documents.availabilities else None
    if effort is None and limit is None:
        return ()
    ways = [(name, way) for name, way in (("as planned", effort), ("all from Docker Hub", direct)) if way]
    rows = [(name, way.pulls, duration(way.seconds)) for name, way in ways]
    lead = " ".join(filter(None, (_saved(effort, direct), _limit(limit))))
    tones = (Tone.GOOD, Tone.RISK)
    parts = tuple(
        Part(f"{name}, {duration(way.seconds)}", way.pulls, tone)
        for (name, way), tone in zip(ways, tones, strict=False)
    )
    label = f"limit: {limit.limit:,} in {duration(limit.window)}" if limit else ""
    bars = Bars("Pulls that Docker Hub counts", "pulls", parts, limit.limit if limit else None, label)
    charts = (bars,) if parts else ()
    return (Section("pulls", "Docker Hub pulls", lead, tables.frame(_WAYS, rows), charts=charts),)


def _saved(effort: Effort | None, direct: Effort | None) -> str:
    if effort is None:
        return ""
    if direct is None or direct.pulls <= effort.pulls:
        return f"Moving takes {counted(effort.pulls, 'pull')}; no mirror saves any."
    saved = direct.pulls - effort.pulls
    return f"Mirrors save {saved:,} of {counted(direct.pulls, 'pull')} that moving takes."


def _limit(limit: PullLimit | None) -> str:
    if limit is None:
        return ""
    whose = f" for {limit.source}" if limit.source else ""
    left = f"{limit.remaining:,} of {limit.limit:,} left in {duration(limit.window)}"
    return f"Docker Hub reported {left}{whose}."
