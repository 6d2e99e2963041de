"""A rehearsal: the whole migration of trees, or of a plan, on this machine, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from planner import config, errors
from planner.cli import _inputs, _network, _rehearsal_code, _rehearsal_run
from planner.cli._options import To
from planner.cli._rehearsal_code import Code
from planner.cli._rehearsal_order import Order, Performed, Run
from planner.cli._rehearsal_world import Facts, Material
from planner.model.availability import Availabilities
from planner.model.document import encode, kind_of
from planner.model.inventory import Inventory
from planner.model.outcome import Outcome
from planner.model.plan import Plan
from planner.rehearsal.diary import Diary
from planner.rehearsal.stand_in_digests import exchanged, exchanged_outcome, exchanged_plan

PROJECT = "rehearsal"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is rehearsed: trees or an inventory, or a plan that was made before."""

    name: str
    inventory: Inventory | None  # None: only a plan is known
    plan: Plan | None  # that is carried out; None: it is made
    trees: tuple[Path, ...]  # whose code is rewritten


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Everything that happened in a rehearsal, with the digests of the code instead of the stand-ins'."""

    subject: Subject
    order: Order
    availabilities: Availabilities | None
    plan: Plan
    runs: tuple[Run, ...]
    verified: tuple[Outcome, ...]
    code: Code
    diary: Diary
    struck: Mapping[str, str]  # by scenario: what it did
    facts: Facts
    pinned: int  # references by digest, for which a stand-in has an image with another digest

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All outcomes, as they happened."""
        ended = self.verified[-1].at if self.verified else self.runs[-1].ended
        proof = (msgspec.structs.replace(each, at=ended) for each in self.code.proof)
        return (*(outcome for run in self.runs for outcome in run.outcomes), *self.verified, *proof)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The outcomes of the last run, and of the verification, that are not good."""
        found = (*self.runs[-1].outcomes, *self.verified)
        return tuple(each for each in found if not each.result.good)

    @property
    def exit_code(self) -> int:
        """The exit code of the last command that did not do everything; 0 where all has arrived."""
        if code := self.runs[-1].code:
            return code
        unwell = self.failed or self.code.refused or self.code.unproven
        return errors.INCOMPLETE if unwell else 0


def subject(name: str, settings: config.Settings) -> Subject:
    """Scan a tree, or read an inventory or a plan. Raises NoInput and ConfigError."""
    path = Path(name)
    if path.is_file() and (plan := _plan(path)):
        return Subject(name, None, plan, (Path(),))
    inventory = _inputs.scanned((name,), settings)
    is_document = not path.is_dir() and any(source.path != name for source in inventory.sources)
    return Subject(name, inventory, None, () if name == "-" or is_document else (path,))


def _plan(path: Path) -> Plan | None:
    with path.open("rb") as file:
        if b'"Plan"' not in file.read(200):
            return None
    content = path.read_bytes()
    return _inputs.plan_document(str(path)) if kind_of(content, str(path)) == "Plan" else None


def target(settings: config.Settings, said: To) -> config.TargetSettings:
    """Return where images go; a rehearsal needs no real project."""
    if not said.project and not settings.target.project:
        said = replace(said, project=PROJECT)
    return _inputs.target(settings, said)


def carry_out(what: Subject, order: Order) -> Rehearsal:
    """Run the migration, on this machine."""
    if what.plan is not None:
        material = Material.of_plan(what.plan, order.seed)
    else:
        material = Material.of_code(what.inventory or Inventory((), (), {}), order.settings, order.seed)
    performed = _network.run_simulated(_rehearsal_run.perform(order, material), order.start)
    return _told(what, order, material, performed)


def _told(what: Subject, order: Order, material: Material, performed: Performed) -> Rehearsal:
    """Return what happened, with the digests of the code again, and with the code rewritten."""
    back = material.stand_ins.back
    plan, keys = exchanged_plan(performed.plan, back)
    if what.plan is not None:
        plan = what.plan
    elif what.inventory is not None:
        plan = msgspec.structs.replace(plan, inventory=_digest(what.inventory))

    def told(outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
        return tuple(exchanged_outcome(each, back, keys) for each in outcomes)

    runs = tuple(replace(run, outcomes=told(run.outcomes)) for run in performed.runs)
    ended = _last(runs)
    found = performed.availabilities
    return Rehearsal(
        what,
        order,
        found and exchanged(found, back),
        plan,
        runs,
        told(performed.verified),
        _rehearsal_code.rewritten(plan, what.trees, ended, order.settings.scan),
        performed.diary,
        performed.struck,
        performed.facts,
        len(back),
    )


def _digest(inventory: Inventory) -> str:
    import hashlib

    return hashlib.sha256(encode(inventory)).hexdigest()


def _last(runs: Sequence[Run]) -> list[Outcome]:
    """Return the last outcome of each action over all runs; what was done stays done."""
    from planner.recording.joined import joined

    return joined(outcome for run in runs for outcome in run.outcomes)
