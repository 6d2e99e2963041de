"""A scan as a gate (--fail-on): findings are compared with a baseline, reported, and make the exit code."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from msgspec import structs

from planner import errors
from planner.cli import _ground, _inputs, _lines, _scanning, _text
from planner.cli._gate_options import OUTPUTS, Gating
from planner.config import Settings
from planner.gate import Question, of_inventory
from planner.gating.decided import NO_FIXES, Fixes, carried
from planner.gating.ground import Ground
from planner.gating.planned import inventory_of
from planner.model.finding import Criterion, Findings
from planner.model.inventory import Inventory
from planner.model.plan import CreateRepository, Plan, Rewrite
from planner.model.words import counted
from reports.findings import line_of, summary

_SUMMARY = "GITHUB_STEP_SUMMARY"


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan found, and where it looked."""

    inventory: Inventory
    trees: Sequence[Path] = ()  # files and folders here; what else is scanned has no texts and no edits
    only: frozenset[str] | None = None  # files whose findings count; None: all


def run(scanned: Scanned, gate: Gating, settings: Settings, output_format: str) -> int:
    """Report the findings, and return the exit code: 10 where there are any."""
    settings = structs.replace(settings, target=_inputs.projected(settings.target))
    found = _found(scanned, gate, settings)
    if output_format in OUTPUTS:
        _write(found, output_format, "-")
    else:
        _text.say(map(line_of, found.found), err=output_format != "text")
    if output_format == "github":
        _summarised(found)
    for name, file in gate.reports:
        _write(found, name, file)
    _lines.remark(_remarks(found, settings, gate))
    return errors.PENDING if found.found else 0


def _found(scanned: Scanned, gate: Gating, settings: Settings) -> Findings:
    carry = _plan(gate.plan) if gate.plan else None
    question = Question(
        frozenset(map(Criterion, gate.fail_on)),
        settings.target.upstreams,
        _baseline(gate.baseline) if gate.baseline else None,
        moved=_moved(carry, settings),
        only=scanned.only,
    )
    found = of_inventory(scanned.inventory, question)
    if not found.found:  # as nearly always: then nothing has to be planned
        return found
    plan = carried(carry, scanned.inventory) if carry else _planned(scanned.inventory, settings)
    question = replace(question, plan=plan)
    ground, fixes = _fixes(scanned, plan, settings)
    return of_inventory(scanned.inventory, question, ground, fixes)


def _plan(name: str) -> Plan:
    """Read the plan that says where images go. Raises ConfigError for one without a project."""
    plan = _inputs.plan_document(name)
    _inputs.check_project(plan, name)
    return plan


def _baseline(name: str) -> Inventory:
    """Read what findings are compared with. Raises ConfigError for any other document."""
    document = _inputs.any_document(name)
    match document:
        case Inventory():
            return document
        case Plan():
            return inventory_of(document)
    raise errors.ConfigError(
        f"{name} is no baseline: it is neither an inventory nor a plan",
        hint="`hub2ar scan --output-format json` writes one",
    )


def _moved(plan: Plan | None, settings: Settings) -> dict[str, str]:
    """Return upstreams by the prefix of the repositories that hold their images."""
    from planner.planning.layout import layouts

    if plan:
        made = (each for each in plan.actions if isinstance(each, CreateRepository))
        return {each.target.prefix: each.registry for each in made}
    places = layouts(settings.target)
    return {
        target.prefix: own.registry
        for own in places.values()
        for target in (own.front, own.remote, own.standard)
        if target
    }


def _planned(inventory: Inventory, settings: Settings) -> Plan:
    """Return what the settings say of an inventory; without a project, not where images go."""
    from planner import plan
    from planner.planning.cases import Basis

    made = plan.plan(Basis(inventory, settings=settings), datetime.now(UTC))
    if settings.target.project != _inputs.PLACEHOLDER:
        return made
    return structs.replace(made, actions=tuple(e for e in made.actions if not isinstance(e, Rewrite)))


def _fixes(scanned: Scanned, plan: Plan, settings: Settings) -> tuple[Ground, Fixes]:
    """Return the files of the findings, and for each finding the edit that a second scan has proved."""
    from planner.gating import fixes
    from planner.rewrite import rewrite
    from planner.scan import places

    limit = settings.scan.max_file_size
    paths = {each.path for each in scanned.inventory.found}
    if not scanned.trees or not any(isinstance(each, Rewrite) for each in plan.actions):
        return _ground.ground(scanned.trees, paths, limit), NO_FIXES
    with _scanning.means(settings.scan) as means:
        result = rewrite(plan, places(scanned.trees), settings.scan, means)
    for each in result.repositories:
        if each.refused:
            _lines.remark([f"note: no fixes for {each.top}: {each.refused}"])
    ground = _ground.ground(scanned.trees, paths | fixes.files(result), limit)
    return ground, fixes.fixes(result, ground)


def _write(found: Findings, name: str, file: str) -> None:
    """Write findings to a file, whole or not at all; `-` is standard output. Raises ConfigError."""
    from planner.cli import _whole
    from reports.report import told, writer
    from reports.writers._base import Layout, pieces

    _whole.write(pieces(writer(name).write(told(found), Layout())), file)


def _summarised(found: Findings) -> None:
    """Add the findings to the step's summary, whose file GitHub names and whose size it limits."""
    from reports.writers.github import LARGEST, job_summary

    name = os.environ.get(_SUMMARY)
    if not name or not (found.found or found.known):
        return
    try:
        with Path(name).open("ab") as file:
            file.write(job_summary(found, LARGEST - file.tell()).encode())
    except OSError as error:
        _lines.remark([f"note: no summary: {errors.reason(error)}"])


def _remarks(found: Findings, settings: Settings, gate: Gating) -> Iterator[str]:
    """Yield what findings come to, and what would make them tell more."""
    yield summary(found)
    if found.gone:
        yield f"note: {counted(found.gone, 'place')} of the baseline no longer there: write it anew"
    unsaid = settings.target.project == _inputs.PLACEHOLDER and not gate.plan
    if unsaid and any(each.criterion is Criterion.DOCKER_HUB for each in found.found):
        yield "note: nothing says what to write instead: set project in [target], or give --plan"
