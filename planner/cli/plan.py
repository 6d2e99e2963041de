"""hub2ar plan: what should come from where."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli import _completing, _options

if TYPE_CHECKING:
    from planner.model.plan import Plan

_SHOWN = 20  # actions of a kind; `show` prints all


@click.command("plan", short_help="Decide where every image should come from, and write a plan.")
@click.argument("arguments", nargs=-1, metavar="[INVENTORY|PATH]...", shell_complete=_completing.files)
@_options.target
@click.option(
    "-o",
    "--output",
    default="plan.json",
    show_default=True,
    metavar="FILE",
    shell_complete=_completing.files,
    help="The plan; - is stdout.",
)
@click.option(
    "--demand",
    "demand_files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="How often images are pulled: a log, an export, pods (repeatable).",
)
@click.option(
    "--explain",
    "explained",
    metavar="REFERENCE",
    help="Say why this image comes from where it does, rule by rule; write nothing.",
)
@click.option(
    "--owner",
    "owners",
    multiple=True,
    metavar="NAME",
    help="Only files of this owner, as CODEOWNERS has it (repeatable); nobody: files without one.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    shell_complete=_completing.files,
    help="An earlier plan: print what has changed since, not the whole.",
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit 10 when something is to be done.")
@_options.offline
@_options.no_history
@_options.config
def command(
    arguments: tuple[str, ...],
    to: _options.To,
    output: str,
    demand_files: tuple[Path, ...],
    explained: str | None,
    owners: tuple[str, ...],
    baseline: str | None,
    detailed_exitcode: bool,
    offline: bool,
    no_history: bool,
    config_file: Path | None,
) -> int:
    """Decide for every image where it should come from, and write that as a plan.

    Scans and checks what PATH names, or reads the documents of earlier scans and checks. Nothing is changed
    anywhere: `apply` does what the plan says.

    What is pulled most is moved first. --demand says how often: Cloud Logging's entries about pods, the
    result of the documented query over them, Docker Hub's usage CSV, or `kubectl get pods -A -o json`.
    Without it, what is named most often comes first.

    \b
    Signs:   + create   * warm   > copy   ~ rewrite   = keep   ! for you to decide

    \b
    Examples:
      hub2ar plan --project acme-prod --location europe
      hub2ar plan inventory.json availabilities.json --mode standard
      hub2ar plan --demand pulls.jsonl --demand usage.csv
      hub2ar plan --baseline plan.json --output new.json
      hub2ar plan --explain nginx:1.27
    """
    from planner import config, errors
    from planner.cli import _changes_text, _history, _inputs, _lines, _planning, _reasons, _text
    from planner.model.plan import Keep, Manual
    from planner.planning.cut import by_owner

    settings = _planning.settings(config.load(config_file), to)
    means = _planning.Means(offline, _history.folder(settings.check, no_history=no_history), demand_files)
    old = _inputs.plan_document(baseline) if baseline else None
    asked = _reasons.asked(explained) if explained else None
    basis = _planning.basis(arguments, settings, means)
    document = _planning.plan(basis)
    if asked:
        _text.say(_reasons.reasons(basis, document, asked))
        return 0
    if owners:
        document = by_owner(document, owners)
    said = _text.plan(document, _SHOWN) if old is None else _changes_text.changes(old, document)
    _inputs.write(output, document)
    _text.say(said, err=output == "-")
    _lines.remark(document.notes)
    pending = any(not isinstance(action, Keep | Manual) for action in document.actions)
    if output != "-":
        _lines.remark(
            [f"written to {output}; {_next(document, output) if pending else 'nothing is to be done'}"]
        )
    return errors.PENDING if detailed_exitcode and pending else 0


def _next(document: "Plan", name: str) -> str:
    """Return what comes after this plan: to carry it out, or to make one that can be."""
    from planner.cli._inputs import PLACEHOLDER

    if any(target.project == PLACEHOLDER for target in document.targets):
        return "next: hub2ar plan --project ID"
    return f"next: hub2ar apply {shlex.quote(name)}"
