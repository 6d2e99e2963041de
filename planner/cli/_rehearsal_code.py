"""The code of a rehearsal: edited in memory, scanned again, kept as a patch; no file is touched or copied."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from planner import errors
from planner.cli import _scanning
from planner.config import ScanSettings
from planner.model.outcome import Outcome, Result
from planner.model.plan import Plan, Rewrite
from planner.model.words import few

if TYPE_CHECKING:
    from planner.rewriting.result import Repository, Rewriting
    from planner.scan import Place
    from planner.scanning.gather import Means


@dataclass(frozen=True, slots=True)
class Code:
    """What a rewrite would make of the code."""

    places: int = 0  # that are edited
    files: int = 0
    planned: int = 0  # places
    proof: tuple[Outcome, ...] = ()  # what `verify` says of the edited code
    left: tuple[tuple[str, str, str], ...] = ()  # for a person to edit: place, what stands there, reason
    refused: tuple[str, ...] = ()  # repositories that are left as they are, and why
    notes: tuple[str, ...] = ()  # what else names what was moved
    patches: tuple[tuple[str, bytes], ...] = ()  # by the name of a file
    absent: str = ""  # why there is no code to edit

    @property
    def unproven(self) -> tuple[Outcome, ...]:
        """Places that are not as planned."""
        return tuple(each for each in self.proof if each.result is Result.FAILED)


def rewritten(plan: Plan, paths: Sequence[Path], outcomes: Sequence[Outcome], settings: ScanSettings) -> Code:
    """Return what the plan makes of trees; those that would name what has not arrived are refused."""
    from planner.rewrite import rewrite
    from planner.rewriting import access, coupled
    from planner.rewriting.patches import named
    from planner.scan import places
    from planner.sources.revision import Revision

    rewrites = [each for each in plan.actions if isinstance(each, Rewrite)]
    if not rewrites:
        return Code(absent="there is nothing to rewrite")
    if not paths:
        return Code(planned=len(rewrites), absent="there are no files to edit: a document was given")
    trees = places(paths)
    if any(isinstance(each.tree, Revision) for each in trees):
        return Code(planned=len(rewrites), absent="a bare repository has no files to edit")
    with _scanning.means(settings) as means:
        try:
            result = _confirmed(rewrite(plan, trees, settings, means), plan, outcomes)
        except errors.NoInput as error:
            return Code(planned=len(rewrites), absent=error.message)
        proof = _proof(plan, result, trees, settings, means)
    going = [each for each in result.repositories if each.pending]
    notes = (
        *result.notes,
        *coupled.notes(result.before, result.moved),
        *access.notes(result.before, result.moved),
    )
    return Code(
        places=sum(len(each.rewrites) for each in going),
        files=sum(len(each.pending) for each in going),
        planned=len(rewrites),
        proof=proof,
        left=tuple(_left(result)),
        refused=tuple(f"{each.top.name}: {each.refused}" for each in result.repositories if each.refused),
        notes=notes if going else (),
        patches=tuple((name, b"".join(parts)) for name, parts in named(result.repositories, by_owner=False)),
    )


def _confirmed(result: "Rewriting", plan: Plan, outcomes: Sequence[Outcome]) -> "Rewriting":
    """Return the result, in which repositories that would name what has not arrived are refused."""
    from planner.rewriting.confirmed import arrived, doubtful

    there = arrived(plan, outcomes)

    def checked(each: "Repository") -> "Repository":
        found = doubtful(plan, each.rewrites, there) if each.pending else []
        if not found:
            return each
        why = [f"{one.path}:{one.line}: {one.destination} has not arrived" for one in found]
        return replace(each, files=(), refused=few(why, 1))

    return replace(result, repositories=tuple(map(checked, result.repositories)))


def _proof(
    plan: Plan, result: "Rewriting", trees: "Sequence[Place]", settings: ScanSettings, means: "Means"
) -> tuple[Outcome, ...]:
    """Return what `verify` would say of the edited code."""
    from planner.scan import Place, scan_places
    from planner.sources.overlay import Overlay
    from planner.verifying.code import code

    others: dict[int, dict[str, bytes]] = defaultdict(dict)
    for repository in result.repositories:
        for each in repository.pending:
            others[each.file.place][each.file.entry] = each.after
    edited = [
        Place(Overlay(each.tree, others[number], each.tree.entries()), each.name, each.prefix)
        for number, each in enumerate(trees)
    ]
    return tuple(code(plan, scan_places(edited, settings, means)))


def _left(result: "Rewriting") -> Iterator[tuple[str, str, str]]:
    for repository in result.repositories:
        for each in repository.left:
            yield f"{each.rewrite.path}:{each.rewrite.line}", each.rewrite.text, each.reason
