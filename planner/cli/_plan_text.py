"""A plan as text for people: what is done, under headings and in its order, what it costs, and its sum."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from planner import budget
from planner.cli import _text
from planner.cli._lines import wrapped
from planner.model.job import Copy, Warm
from planner.model.plan import (
    Action,
    AllowUpstreams,
    Charge,
    CreateRepository,
    Effort,
    Grant,
    Keep,
    Manual,
    Plan,
    Rewrite,
    Wave,
    key,
)
from planner.model.reference import DOCKER_HUB
from planner.model.repository import Cleanup
from planner.model.words import duration, size

_INDENT = "      "
_REASON = "    # "
_FEW = 3  # places, where not all are shown
_CENT = 0.01
_BEFORE: tuple[tuple[str, type[Action]], ...] = (
    ("Repositories", CreateRepository),
    ("Service perimeters", AllowUpstreams),
    ("Grants", Grant),
)
_AFTER: tuple[tuple[str, type[Action]], ...] = (
    ("Places in the code", Rewrite),
    ("Left as they are", Keep),
    ("For you to decide", Manual),
)


@dataclass(frozen=True, slots=True)
class _Section:
    """Actions under a heading."""

    title: str
    actions: Sequence[Action]
    when: str = ""


def plan(document: Plan, limit: int | None = None, width: int = 80) -> Iterator[str]:
    """Yield a plan as terraform would lay it out, under each heading no more than `limit` actions.

    Sentences are broken at `width`; names never are, so that they can be searched for and copied.
    """
    for section in filter(lambda each: each.actions, _sections(document)):
        yield from wrapped(f"{section.title} ({len(section.actions):,})", width, "", "  ")
        yield from wrapped(section.when, width, _INDENT)
        yield from _actions(section.actions[:limit], width, None if limit is None else _FEW)
        if limit is not None and len(section.actions) > limit:
            yield f"{_INDENT}… and {len(section.actions) - limit:,} more"
        yield ""
    yield from _costs(document.charges, width)
    yield from wrapped(_effort(document.effort, document.direct), width, "")
    yield from wrapped(_text.plan_summary(document), width, "", _INDENT)


def _sections(document: Plan) -> Iterator[_Section]:
    for title, kind in _BEFORE:
        yield _Section(title, [action for action in document.actions if isinstance(action, kind)])
    yield from _waves(document)
    for title, kind in _AFTER:
        yield _Section(title, _by_reason([each for each in document.actions if isinstance(each, kind)]))


def _by_reason(actions: Sequence[Action]) -> Sequence[Action]:
    """Return actions with equal reasons next to each other; rewrites come first, in their order."""
    first: dict[str, int] = {}
    for action in actions:
        first.setdefault(action.reason, len(first))
    return sorted(actions, key=lambda each: 0 if isinstance(each, Rewrite) else first[each.reason])


def _waves(document: Plan) -> Iterator[_Section]:
    """Yield the transfers wave by wave, then those of no wave."""
    jobs = {key(job): job for job in document.transfers}
    count = len(document.waves)
    for number, wave in enumerate(document.waves, start=1):
        name = "Images" if count == 1 else f"Wave {number} of {count}"
        found = [job for each in wave.keys if (job := jobs.pop(each, None))]
        yield _Section(f"{name}: {wave.title}", found, _when(wave))
    yield _Section("Images of no wave" if count else "Images", list(jobs.values()))


def _when(wave: Wave) -> str:
    parts = (
        f"begins after {duration(wave.begins)}" if wave.begins else "",
        f"takes {duration(wave.seconds)}" if wave.seconds else "",
        f"{_text.counted(wave.pulls, 'pull')} of Docker Hub" if wave.pulls else "",
        size(wave.size) if wave.size else "",
    )
    return ", ".join(filter(None, parts))


def _actions(actions: Sequence[Action], width: int, most: int | None) -> Iterator[str]:
    """Yield actions, each after its reason where that is not the reason of the one before."""
    reason = ""
    for action in actions:
        # That it is Docker Hub's is why there is a plan, so no place in the code needs a reason.
        if action.reason != reason and not isinstance(action, Rewrite):
            reason = action.reason
            yield from wrapped(reason, width, _REASON)
        yield from _action(action, width, most)


def _action(action: Action, width: int, most: int | None) -> Iterator[str]:
    match action:
        case CreateRepository():
            yield f"  + repository {action.target.prefix} ({action.target.mode}{_proxied(action)})"
            yield from wrapped("; ".join(_setup(action)), width, _INDENT)
        case AllowUpstreams():
            yield f"  + allow upstreams of {action.project} in {action.location}"
        case Grant():
            on = action.secret or action.target.prefix
            yield f"  + grant {action.role} on {on} to {action.member}"
        case Warm():
            yield f"  * warm {action.source}"
            yield f"{_INDENT}-> {action.destination}"
        case Copy():
            yield f"  > copy {action.origin}"
            yield f"{_INDENT}-> {action.destination}"
        case Rewrite():
            yield f"  ~ rewrite {action.path}:{action.line}: {action.text}{_owners(action)}"
            yield f"{_INDENT}-> {action.destination}"
        case Keep():
            yield f"  = keep {action.reference}{_owners(action)}"
            yield from _places(action.places, width, most)
        case Manual():
            yield f"  ! manual {action.subject}{_owners(action)}"
            yield from _places(action.places, width, most)
        case _:
            assert_never(action)


def _proxied(action: CreateRepository) -> str:
    """Return which registry a repository is a proxy of, unless it is Docker Hub."""
    return "" if action.registry == DOCKER_HUB else f", {action.registry}"


def _setup(action: CreateRepository) -> Iterator[str]:
    """Yield what is special about a repository."""
    setup = action.setup
    if action.upstreams:
        yield f"in front of {' and '.join(each.repository for each in action.upstreams)}"
    if setup.labels:
        yield f"labels {', '.join(f'{name}={value}' for name, value in sorted(setup.labels.items()))}"
    if setup.kms_key:
        yield f"encrypted with {setup.kms_key}"
    if setup.immutable_tags:
        yield "its tags never move"
    if not setup.scanning:
        yield "not scanned for vulnerabilities"
    if setup.credentials:
        yield f"logs in as {setup.credentials.username} with {setup.credentials.secret}"
    if setup.cleanup:
        yield _cleanup(setup.cleanup)


def _cleanup(cleanup: Cleanup) -> str:
    verb = "would delete, and only logs," if cleanup.dry_run else "deletes"
    which = "versions" if cleanup.tagged else "versions without a tag"
    kept = f", but not {_text.counted(len(cleanup.keep), 'digest')} in use" if cleanup.keep else ""
    return f"{verb} {which} after {duration(cleanup.older_than)}{kept}"


def _owners(action: Rewrite | Keep | Manual) -> str:
    return f"  ({', '.join(action.owners)})" if action.owners else ""


def _places(places: Sequence[str], width: int, most: int | None) -> Iterator[str]:
    shown = list(places[:most])
    if len(shown) < len(places):
        shown[-1] += f" and {len(places) - len(shown):,} more"
    line = ""
    for number, place in enumerate(shown, start=1):
        said = place if number == len(shown) else f"{place},"
        if line and len(_INDENT) + len(line) + 1 + len(said) > width:
            yield _INDENT + line
            line = said
        else:
            line = f"{line} {said}".strip()
    if line:
        yield _INDENT + line


def _costs(charges: Sequence[Charge], width: int) -> Iterator[str]:
    """Yield a table of what is paid, each row with what it is counted from."""
    if not charges:
        return
    rows = [(each, _amount(each)) for each in charges]
    what, amount = (
        max(map(len, column)) for column in ([each.what for each in charges], [row[1] for row in rows])
    )
    yield f"Costs ({len(charges):,})"
    for charge, said in rows:
        often = charge.per if charge.per == "once" else f"a {charge.per}"
        row = f"    {charge.what:<{what}}  {said:>{amount}}  {often}"
        if len(row) <= width:
            yield row
        else:
            yield from wrapped(f"{charge.what}: {said} {often}", width, "    ", _INDENT)
        yield from wrapped(f"{charge.basis} ({charge.source}, {charge.date})", width, _INDENT)
        yield from wrapped(f"to pay less: {charge.remedy}" if charge.remedy else "", width, _INDENT)
    yield ""


def _amount(charge: Charge) -> str:
    low, high = _money(charge.low), charge.high
    if high is None:
        return f"at least {low} {charge.currency}" if charge.low else "not known"
    said = low if charge.low == high else f"{low} to {_money(high)}"
    return f"{said} {charge.currency}"


def _money(value: float) -> str:
    return "under 0.01" if 0 < value < _CENT else f"{value:,.2f}"


def _effort(effort: Effort | None, direct: Effort | None) -> str:
    if effort is None:
        return ""
    said = budget.summary(effort, direct or effort)
    return f"{said[:1].upper()}{said[1:]}."
