"""hub2ar apply: do what a plan says."""

from pathlib import Path

import click

from planner.cli import _options


@click.command("apply")
@click.argument("plan", required=False, metavar="[PLAN]")
@_options.target
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
    outcomes: Path | None,
    output_format: str | None,
    config_file: Path | None,
) -> int:
    """Create the repositories of a plan, warm and copy its images.

    With PLAN, does what it says without asking. Without, plans the working directory and asks.
    Safe to run again: what is there is not sent twice. The code is left as it is.

    \b
    Examples:
      hub2ar apply plan.json
      hub2ar apply plan.json --output-format jsonl --outcomes outcomes.jsonl
    """
    from planner import config
    from planner.cli import _execute, _history, _inputs, _planning, _text

    settings = config.load(config_file)
    if plan is None:
        settings = _planning.settings(settings, to)
        means = _planning.Means(kept_in=_history.folder(settings.check, no_history=False))
        document = _planning.plan(_planning.basis((), settings, means))
        _text.say([*_text.plan(document), *document.notes], err=True)
        click.confirm("Do this?", abort=True, err=True)
    else:
        if to:
            raise click.UsageError("a plan says where images go; plan again with these options")
        document = _inputs.plan_document(plan)
    seen = _execute.apply(
        document, _inputs.endpoints(settings), _options.outcome_format(output_format), outcomes
    )
    _text.say([_text.outcomes_summary(seen)], err=True)
    return _execute.exit_code(seen)
