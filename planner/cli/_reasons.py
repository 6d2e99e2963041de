"""`plan --explain`: why an image comes from where it does, rule by rule, in each kind of place."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from planner.cli._lines import columns, wrapped
from planner.errors import ConfigError, InvalidReference, NoInput, nearest
from planner.model.plan import Plan, Wave, key
from planner.model.reference import DOCKER_HUB, Reference
from planner.model.words import counted

if TYPE_CHECKING:
    from planner.planning.cases import Basis, Cases, Use

_SHOWN = 5  # places of one kind


def asked(text: str) -> Reference:
    """Read the reference that is to be explained. Raises ConfigError."""
    try:
        return Reference.parse(text)
    except InvalidReference as error:
        raise ConfigError(f"--explain: {error.message}", hint="write it as code does: nginx:1.27") from error


def reasons(basis: "Basis", document: Plan, reference: Reference) -> Iterator[str]:
    """Yield what was considered for each way in which an image is used. Raises NoInput where none is."""
    from planner.planning.cases import Cases

    cases = Cases(basis)
    uses = [use for use in cases.uses() if _means(use, reference)]
    if not uses:
        known = {_short(each) for each in basis.inventory.references()}
        hint = nearest(_short(reference), known) or "`hub2ar scan` lists what is named"
        raise NoInput(f"nothing that was scanned names {reference}", hint=hint)
    for group in _groups(cases, uses):
        yield from _group(cases, group)
        yield from _transfer(document, group[0])


def _short(reference: Reference) -> str:
    """Return a reference as code may write it, without the parts that nearly all have in common."""
    return str(reference).removeprefix(f"{DOCKER_HUB}/").removeprefix("library/")


def _means(use: "Use", reference: Reference) -> bool:
    """Tell whether a use is of the reference that was asked about; one without a version means all."""
    named = use.case.reference
    if reference.tag or reference.digest:
        return named.as_asked == reference.as_asked or named == reference
    return named.name == reference.name


def _groups(cases: "Cases", uses: Sequence["Use"]) -> list[list["Use"]]:
    """Return uses that are considered alike together, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[Use]] = {}
    for use in uses:
        considered = tuple(cases.policy.considered(use.case))
        groups.setdefault((use.case.reference, considered), []).append(use)
    return list(groups.values())


def _group(cases: "Cases", group: Sequence["Use"]) -> Iterator[str]:
    from planner.planning.evidence import Decision

    case = group[0].case
    yield f"{case.reference}  ({case.verdict})"
    for use in group[:_SHOWN]:
        if use.occurrence:
            owners = f", {' '.join(use.case.owners)}" if use.case.owners else ""
            yield f"  {use.occurrence.path}:{use.occurrence.line}  ({use.occurrence.role}{owners})"
        else:
            yield "  runs in a cluster, and nothing that was scanned names it"
    if len(group) > _SHOWN:
        yield f"  and {len(group) - _SHOWN:,} more places"
    for name, fate in cases.policy.considered(case):
        match fate:
            case Decision():
                yield from wrapped(f"-> {name}: {fate.route}", columns(), "  ", "     ")
                yield from wrapped(fate.reason, columns(), "     ")
            case _:
                yield from wrapped(f"- {name}: {fate}", columns(), "   ", "     ")


def _transfer(document: Plan, use: "Use") -> Iterator[str]:
    upstream = use.case.upstream
    for transfer in document.transfers:
        if upstream and transfer.source == upstream and transfer.reason == use.decision.reason:
            yield f"     {transfer.destination}"
            number, wave = _wave(document, key(transfer))
            pulls = counted(transfer.pulls, "pull") if transfer.pulls else "no pull"
            when = f"wave {number} of {len(document.waves)} ({wave.title}), {pulls} of Docker Hub"
            yield from wrapped(when, columns(), "     ")


def _wave(document: Plan, name: str) -> tuple[int, Wave]:
    return next((n, wave) for n, wave in enumerate(document.waves, start=1) if name in wave.keys)
