"""hub2ar apply: do what a plan says."""

from pathlib import Path

import click

from planner.cli import _options


@click.command("apply")
@click.argument("plan", required=False, metavar="[PLAN]")
@_options.target
@click.option(
    "--only",
    type=click.Choice(["repositories", "transfers"]),
    default=None,
    help="One half: make repositories and give rights, or warm and copy images.",
)
@click.option(
    "--dry-run", is_flag=True, help="Show how repositories and rights differ from the plan; change nothing."
)
@click.option(
    "--outcomes",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Append outcomes here.",
)
@_options.outcomes
@_options.config
def command(
    plan: str | None,
    to: _options.To,
    only: str | None,
    dry_run: bool,
    outcomes: Path | None,
    output_format: str | None,
    config_file: Path | None,
) -> int:
    """Create the repositories of a plan, give its rights, warm and copy its images.

    With PLAN, does what it says without asking. Without, plans the working directory and asks.
    Safe to run again: a repository that is there is changed where it differs, and no image is sent twice.
    The code is left as it is.

    \b
    Examples:
      hub2ar apply plan.json
      hub2ar apply plan.json --only repositories --dry-run
      hub2ar apply plan.json --output-format jsonl --outcomes outcomes.jsonl
    """
    from planner import config
    from planner.cli import _execute, _history, _inputs, _planning, _stale, _text

    if dry_run and only == _execute.TRANSFERS:
        raise click.UsageError("--dry-run is about repositories; `hub2ar show` lists what is transferred")
    settings = config.load(config_file)
    if plan is None:
        settings = _planning.settings(settings, to)
        means = _planning.Means(kept_in=_history.folder(settings.check, no_history=False))
        document = _planning.plan(_planning.basis((), settings, means))
        _text.say([*_text.plan(document), *document.notes], err=True)
        if not dry_run:
            click.confirm("Do this?", abort=True, err=True)
    else:
        if to:
            raise click.UsageError("a plan says where images go; plan again with these options")
        document = _inputs.plan_document(plan)
        if stale := _stale.told(document, Path.cwd()):
            _text.say([f"note: {stale.message} ({stale.hint})"], err=True)
    _execute.check(document, plan or "the plan")
    endpoints = _inputs.endpoints(settings)
    if dry_run:
        findings = _execute.compare(document, endpoints)
        _text.say(_execute.compared(findings))
        return _execute.pending(findings)
    seen = _execute.apply(document, endpoints, _options.outcome_format(output_format), outcomes, only or "")
    _text.say([_text.outcomes_summary(seen)], err=True)
    return _execute.exit_code(seen)
