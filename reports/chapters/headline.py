"""Headline: the answers to the five questions that everybody asks first."""

from collections.abc import Iterator

from planner.model.availability import Verdict
from planner.model.job import Copy, Warm
from planner.model.plan import Charge, CreateRepository, Keep, Manual, Plan, Rewrite
from planner.model.words import counted, duration
from reports.amounts import UNKNOWN, named
from reports.chapters.costs import often, total
from reports.chapters.progress import progress
from reports.charts import Tone
from reports.columns import TEXT
from reports.documents import Documents
from reports.frames import Table, frame
from reports.section import Figure, Section

_FIGURES = {"question": TEXT, "answer": TEXT, "remark": TEXT}


def figures(documents: Documents, images: Table) -> tuple[Figure, ...]:
    """Return the five answers; one that no document gives says which document would."""
    return (
        _exposure(documents),
        _breaking(documents, images),
        _plan(documents),
        _cost(documents),
        _progress(documents),
    )


def chapter(answers: tuple[Figure, ...]) -> Section:
    """Return the answers as a section, for writers that show tables only."""
    rows = [(each.question, each.answer, each.remark) for each in answers]
    return Section("summary", "Summary", "What everybody asks first.", frame(_FIGURES, rows))


def _exposure(documents: Documents) -> Figure:
    question = "How exposed are we to Docker Hub?"
    if documents.inventory is None:
        return Figure(question, UNKNOWN, "run hub2ar scan", Tone.UNKNOWN)
    references = documents.inventory.references()
    hub = sum(reference.upstream is not None for reference in references)
    pulled = documents.inventory.pulled
    places = sum(item.reference.upstream is not None for item in pulled)
    share = hub / len(references) if references else 0.0
    remark = f"of {counted(len(references), 'image')}; {places:,} of {counted(len(pulled), 'place')} name one"
    return Figure(question, counted(hub, "image"), remark, Tone.RISK if hub else Tone.GOOD, share)


def _breaking(documents: Documents, images: Table) -> Figure:
    question = "What breaks first?"
    if documents.availabilities is None:
        return Figure(question, UNKNOWN, "run hub2ar check", Tone.UNKNOWN)
    verdicts = [Verdict.MISSING_OR_PRIVATE.value, Verdict.RESCUE.value]
    lost = images[images["verdict"].isin(verdicts)].sort_values(
        ["places", "reference"], ascending=[False, True]
    )
    if len(lost):
        said = f"gone from Docker Hub, or private: {named(map(_short, lost['reference']))}"
        return Figure(question, counted(len(lost), "image"), said, Tone.LOST)
    alone = images[images["verdict"] == Verdict.NOT_CACHED.value]
    if len(alone):
        said = "nothing is gone; only Docker Hub has these, so its limit stops them first"
        return Figure(question, counted(len(alone), "image"), said, Tone.LATE)
    unknown = int((images["verdict"] == Verdict.UNKNOWN.value).sum())
    if unknown:
        said = f"no registry answered for {counted(unknown, 'image')}; hub2ar check asks again"
        return Figure(question, UNKNOWN, said, Tone.UNKNOWN)
    return Figure(question, "nothing yet", "each image is on Docker Hub and on a mirror", Tone.GOOD)


def _short(reference: str) -> str:
    return reference.removeprefix("docker.io/").removeprefix("library/")


def _plan(documents: Documents) -> Figure:
    question = "What is the plan?"
    plan = documents.plan
    if plan is None:
        return Figure(question, UNKNOWN, "run hub2ar plan", Tone.UNKNOWN)

    def number(*kinds: type) -> int:
        return sum(isinstance(action, kinds) for action in plan.actions)

    parts = (
        f"to move: {number(Warm):,} warmed, {number(Copy):,} copied",
        f"into {counted(number(CreateRepository), 'repository')}",
        f"{counted(number(Rewrite), 'place')} rewritten, {number(Keep):,} kept, {number(Manual):,} by hand",
    )
    remark = f"{parts[0]} {parts[1]}; {parts[2]}"
    return Figure(question, counted(len(plan.transfers), "image"), remark)


def _cost(documents: Documents) -> Figure:
    question = "What will it cost?"
    plan = documents.plan
    if plan is None:
        return Figure(question, UNKNOWN, "run hub2ar plan", Tone.UNKNOWN)
    sums = [f"{total(charges)} {often(per)}" for per, charges in _money(plan)]
    known = [each for each in sums if not each.startswith(UNKNOWN)]
    effort = plan.effort
    spent = f"{counted(effort.pulls, 'pull')} of Docker Hub in {duration(effort.seconds)}" if effort else ""
    if known:
        return Figure(question, known[0], "; ".join(filter(None, (*known[1:], spent))))
    lacking = "the money is not known: hub2ar check --sizes" if plan.charges else "no charges are reckoned"
    if effort:
        pulls, _, rest = spent.partition(" of ")
        return Figure(question, pulls, f"of {rest}; {lacking}")
    return Figure(question, UNKNOWN, lacking, Tone.UNKNOWN)


def _money(plan: Plan) -> Iterator[tuple[str, list[Charge]]]:
    """Yield the charges of a month, then those that are paid once, where one currency has them all."""
    for per in ("month", "once"):
        charges = [charge for charge in plan.charges if charge.per == per]
        if len({charge.currency for charge in charges}) == 1:
            yield per, charges


def _progress(documents: Documents) -> Figure:
    question = "How far are we?"
    if documents.outcomes is None:
        return Figure(question, UNKNOWN, "run hub2ar apply", Tone.UNKNOWN)
    found = progress(documents.plan, documents.outcomes)
    share = found.arrived / found.total if found.total else 0.0
    failed = found.results.total() - found.arrived
    remark = f"where they should be; {failed:,} failed or skipped, {found.left:,} not tried"
    tone = Tone.GOOD if found.arrived == found.total else Tone.LATE
    return Figure(question, f"{found.arrived:,} of {counted(found.total, 'image')}", remark, tone, share)
