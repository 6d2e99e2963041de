"""What the report of a plan says: what is made, moved and rewritten, what stays, what is left to people."""

from collections import Counter
from itertools import groupby
from operator import itemgetter

from planner.model.job import Copy, Warm
from planner.model.plan import CreateRepository, Grant, Keep, Manual, Plan, Rewrite
from planner.model.reference import Reference
from planner.model.words import counted
from reports import tables
from reports.columns import NUMBER, TEXT
from reports.documents import gathered
from reports.full import full
from reports.section import Report, Section
from reports.tables import Table

_DECISIONS = {"decision": TEXT, "references": NUMBER, "places": NUMBER}
_REPOSITORIES = {"repository": TEXT, "mode": TEXT, "reason": TEXT}
_GRANTS = {"repository": TEXT, "role": TEXT, "member": TEXT}
_WAVES = {"wave": NUMBER, "title": TEXT, "images": NUMBER}
_LEFT = {"subject": TEXT, "reason": TEXT, "places": TEXT}
_REWRITES = {"place": TEXT, "destination": TEXT}


def report(plan: Plan) -> Report:
    """Return the figures and decisions, then each kind of action in the order they are done."""
    transfers = tables.transfers(plan)
    return Report(
        "Plan",
        (
            _summary(plan),
            _decisions(plan),
            _manual(plan),
            _repositories(plan),
            _grants(plan),
            _waves(plan),
            _transfers(plan, transfers),
            _rewrites(plan),
            _kept(plan),
            _notes(plan),
        ),
        full(gathered((plan,)), "actions"),
    )


def _summary(plan: Plan) -> Section:
    references = _references(plan)
    hub = sum(reference.upstream is not None for reference in references)
    repositories = sum(isinstance(action, CreateRepository) for action in plan.actions)
    return Section(
        "summary",
        "Summary",
        f"{counted(len(plan.transfers), 'image')} to move; {counted(repositories, 'repository')} to have.",
        tables.figures(
            ("references", len(references)),
            ("from Docker Hub", hub),
            ("images to move", len(plan.transfers)),
            ("places to rewrite", sum(isinstance(action, Rewrite) for action in plan.actions)),
            ("to do by hand", sum(isinstance(action, Manual) for action in plan.actions)),
        ),
    )


def _references(plan: Plan) -> set[Reference]:
    """Return the references the code names; the sources of transfers that no place is known for count too."""
    named = {item.reference for item in plan.actions if isinstance(item, Rewrite | Keep)}
    named |= {item.reference for item in plan.actions if isinstance(item, Manual) and item.reference}
    known = {reference.upstream for reference in named}
    return named | {transfer.source for transfer in plan.transfers if transfer.source not in known}


def _decisions(plan: Plan) -> Section:
    rewrites = [action for action in plan.actions if isinstance(action, Rewrite)]
    places = Counter(rewrite.reference.upstream for rewrite in rewrites)
    decided = [
        *(("warm", item.source, places[item.source]) for item in plan.transfers if isinstance(item, Warm)),
        *(("copy", item.source, places[item.source]) for item in plan.transfers if isinstance(item, Copy)),
        *(("rewrite", item.reference, 1) for item in rewrites),
        *(("keep", item.reference, len(item.places)) for item in plan.actions if isinstance(item, Keep)),
        *(("by hand", item.subject, len(item.places)) for item in plan.actions if isinstance(item, Manual)),
    ]
    rows = []
    for decision, group in groupby(decided, key=itemgetter(0)):
        members = list(group)
        rows.append(
            (decision, len({subject for _, subject, _ in members}), sum(count for *_, count in members))
        )
    lead = "A reference that moves is warmed or copied, and rewritten where it stands."
    return Section("decisions", "Decisions", lead, tables.frame(_DECISIONS, rows))


def _manual(plan: Plan) -> Section:
    rows = [(item.subject, item.reason, _joined(item)) for item in plan.actions if isinstance(item, Manual)]
    lead = f"{counted(len(rows), 'thing')} that people have to decide or fix."
    return Section("manual", "By hand", lead, tables.frame(_LEFT, rows))


def _kept(plan: Plan) -> Section:
    rows = [
        (str(item.reference), item.reason, _joined(item)) for item in plan.actions if isinstance(item, Keep)
    ]
    lead = f"{counted(len(rows), 'reference')} left alone."
    return Section("keep", "Kept", lead, tables.frame(_LEFT, rows))


def _joined(action: Keep | Manual) -> str:
    return ", ".join(action.places)


def _repositories(plan: Plan) -> Section:
    creations = [action for action in plan.actions if isinstance(action, CreateRepository)]
    rows = [(item.target.prefix, item.target.mode, item.reason) for item in creations]
    lead = f"{counted(len(rows), 'repository')} to have; one that is there is left as it is."
    return Section("repositories", "Repositories", lead, tables.frame(_REPOSITORIES, rows))


def _grants(plan: Plan) -> Section:
    grants = [action for action in plan.actions if isinstance(action, Grant)]
    rows = [(item.target.prefix, item.role, item.member) for item in grants]
    return Section("grants", "Grants", f"{counted(len(rows), 'grant')}.", tables.frame(_GRANTS, rows))


def _waves(plan: Plan) -> Section:
    rows = [(number, wave.title, len(wave.keys)) for number, wave in enumerate(plan.waves, start=1)]
    lead = f"{counted(len(rows), 'wave')}; one starts when the one before it has ended."
    return Section("waves", "Waves", lead, tables.frame(_WAVES, rows))


def _transfers(plan: Plan, transfers: Table) -> Section:
    into = [_into(plan, transfer.destination) for transfer in plan.transfers]
    lead = f"{counted(len(transfers), 'image')} in the order they move."
    return Section("transfers", "Transfers", lead, transfers[["wave", "action", "source"]].assign(into=into))


def _into(plan: Plan, destination: Reference) -> str:
    """Return the name of the plan's repository that a destination is in; its prefix is in another section."""
    inside = (
        target.repository for target in plan.targets if destination.name.startswith(f"{target.prefix}/")
    )
    return next(inside, destination.name)


def _rewrites(plan: Plan) -> Section:
    rewrites = [action for action in plan.actions if isinstance(action, Rewrite)]
    rows = [(f"{item.path}:{item.line}", str(item.destination)) for item in rewrites]
    lead = f"{counted(len(rows), 'place')} that will name another registry."
    return Section("rewrites", "Rewrites", lead, tables.frame(_REWRITES, rows))


def _notes(plan: Plan) -> Section:
    rows = [(note,) for note in plan.notes]
    return Section("notes", "Notes", f"{counted(len(rows), 'remark')}.", tables.frame({"note": TEXT}, rows))
