"""The gate: which places in the code may not stay as they are. Pure.

`docker-hub` is what is pulled from a registry that is moved, `unresolved` what the scanner does not know,
`new` an image that the baseline does not have, whatever its registry. With a baseline the first two, too, are
only what it does not have. Outputs, documentation, rules and fixtures pull nothing and are no findings.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from planner.gating.baseline import Compared, Item, compare, entry, items
from planner.gating.decided import NO_FIXES, Decided, Fixes, decided, place_of
from planner.gating.ground import Ground
from planner.gating.planned import inventory_of
from planner.model.finding import Criterion, Finding, Findings, Level
from planner.model.inventory import Confidence, Found, Inventory, Occurrence, Output, Role, Unresolved
from planner.model.plan import CreateRepository, Plan
from planner.model.reference import DOCKER_HUB, Reference

DEFAULT = (Criterion.DOCKER_HUB, Criterion.UNRESOLVED)
_GROUND = Ground()
_NOT_COMPARED = Compared(frozenset(), 0)


@dataclass(frozen=True, slots=True)
class Question:
    """What a gate looks for, and what it compares an inventory with."""

    criteria: Collection[Criterion] = DEFAULT
    upstreams: Collection[str] = (DOCKER_HUB,)
    baseline: Inventory | None = None
    plan: Plan | None = None  # of this very inventory: what becomes of each place
    moved: Mapping[str, str] = field(default_factory=dict)  # upstreams, by the prefix of what holds them now
    only: Collection[str] | None = None  # files, as the inventory calls them; None: all


@dataclass(frozen=True, slots=True)
class _Look:
    """One place that may be a finding."""

    item: Item
    criterion: Criterion
    known: bool  # to the baseline
    kept: bool
    fingerprint: str


def of_inventory(
    inventory: Inventory,
    question: Question,
    ground: Ground = _GROUND,
    fixes: Fixes = NO_FIXES,
) -> Findings:
    """Return what a gate finds in an inventory."""
    every = items(inventory)
    compared = _compared(every, question)
    chosen = decided(question.plan)
    looks = [*_looks(every, question, compared, chosen, ground)]
    found = (_finding(each, chosen, ground, fixes) for each in looks if not each.known and not each.kept)
    return Findings(
        tuple(sorted(found, key=_order)),
        ordered(question.criteria),
        compared=question.baseline is not None,
        known=sum(each.known for each in looks),
        gone=compared.gone if question.only is None else 0,
        kept=sum(each.kept and not each.known for each in looks),
        measured=ground.measured,
    )


def ordered(criteria: Collection[Criterion]) -> tuple[Criterion, ...]:
    """Return the criteria without repetition, in a fixed order."""
    return tuple(each for each in Criterion if each in criteria)


def _compared(every: Sequence[Item], question: Question) -> Compared:
    if question.baseline is None:
        return _NOT_COMPARED
    old = [entry(each, {}) for each in items(question.baseline)]
    return compare(old, [entry(each, question.moved) for each in every])


def _looks(
    every: Sequence[Item], question: Question, compared: Compared, chosen: Decided, ground: Ground
) -> Iterator[_Look]:
    """Yield what may be a finding, each with the criterion that it meets."""
    same: Counter[tuple[str, str]] = Counter()
    for number, item in enumerate(every):
        file, subject = ground.file(item.path).uri, entry(item, question.moved).subject
        same[file, subject] += 1
        fresh = number in compared.new
        kept = chosen.kept(item)
        criterion = _criterion(item, question, fresh=fresh, kept=kept)
        if criterion is None or (question.only is not None and not touches(item, question.only)):
            continue
        known = question.baseline is not None and not fresh
        mark = _fingerprint(criterion, file, subject, same[file, subject])
        yield _Look(item, criterion, known, kept and criterion is Criterion.DOCKER_HUB, mark)


def _criterion(item: Item, question: Question, *, fresh: bool, kept: bool) -> Criterion | None:
    """Return the criterion that a place meets: the most telling of those asked for."""
    asked, reference = question.criteria, item.reference
    new = Criterion.NEW in asked and fresh and reference is not None
    if reference and reference.registry in question.upstreams and Criterion.DOCKER_HUB in asked:
        return Criterion.NEW if kept and new else Criterion.DOCKER_HUB
    if isinstance(item, Unresolved) and Criterion.UNRESOLVED in asked:
        return Criterion.UNRESOLVED
    return Criterion.NEW if new else None


def touches(item: Found, files: Collection[str]) -> bool:
    """Tell whether something is in one of the files, or a part of what it names is set in one."""
    fragments = () if isinstance(item, Output) else item.fragments
    return item.path in files or any(each.path in files for each in fragments)


def _fingerprint(criterion: Criterion, file: str, subject: str, number: int) -> str:
    """Return a name for a finding that stays while the file pulls the image, whatever its line and version.

    `number` tells the places of one image in a file apart, in their order.
    """
    said = "\0".join((criterion, file, subject, str(number)))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _finding(
    look: _Look,
    chosen: Decided,
    ground: Ground,
    fixes: Fixes,
) -> Finding:
    item, criterion = look.item, look.criterion
    guessed = isinstance(item, Unresolved) or item.confidence is Confidence.HEURISTIC
    subject = str(item.reference) if item.reference else item.text or item.path
    return Finding(
        criterion,
        Level.WARNING if guessed else Level.ERROR,
        subject,
        _message(item, criterion, subject),
        _advice(item, chosen, fixes),
        ground.of(item),
        look.fingerprint,
        fixes.edits.get(place_of(item), ()) if item.reference else (),
    )


def _message(item: Item, criterion: Criterion, subject: str) -> str:
    """Return what is wrong with a place."""
    if criterion is Criterion.UNRESOLVED and isinstance(item, Unresolved):
        return f"{item.text!r} is not known: {item.reason}" if item.text else item.reason
    if criterion is Criterion.NEW:
        return f"{subject} is not in the baseline"
    version = f", in a version that is not known: {item.reason}" if isinstance(item, Unresolved) else ""
    return f"{_from(subject, item.reference)}{version}"


def _from(subject: str, reference: Reference | None) -> str:
    registry = reference.registry if reference else DOCKER_HUB
    return f"{subject} comes from {'Docker Hub' if registry == DOCKER_HUB else registry}"


def _advice(item: Item, chosen: Decided, fixes: Fixes) -> str:
    """Return what to do about a place; empty where nothing decides it."""
    destination = chosen.destination(item)
    if destination is None:
        return chosen.reason(item) if isinstance(item, Occurrence) else ""
    name = destination if isinstance(item, Occurrence) else destination.name
    trail = item.trail if isinstance(item, Occurrence) and item.role is Role.IMPLICIT else ()
    how = "; ".join(trail) or fixes.reasons.get(place_of(item), "")
    return f"write {name}" + (f" ({how})" if how else "")


def _order(each: Finding) -> tuple[str, int, int, str]:
    region = each.site.region
    return each.site.path, region.line, region.column, each.subject


def of_plan(plan: Plan) -> Findings:
    """Return what is left to do by a plan alone: the places it rewrites, and those it leaves to a person."""
    made = (each.registry for each in plan.actions if isinstance(each, CreateRepository))
    return of_inventory(inventory_of(plan), Question(upstreams={DOCKER_HUB, *made}, plan=plan))
