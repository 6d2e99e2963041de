"""hub2ar apply: do what a plan says."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli import _choice, _completing, _moving_options, _options

if TYPE_CHECKING:
    from planner.cli._execute import Part
    from planner.cli._log import Log
    from planner.config import Settings
    from planner.model.plan import Plan


@click.command("apply", short_help="Create a plan's repositories, warm and copy its images.")
@click.argument("plan", required=False, metavar="[PLAN]", shell_complete=_completing.files)
@_options.target
@click.option(
    "--only",
    type=_choice.Choice(["repositories", "transfers"]),
    default=None,
    help="One half: repositories and rights, or warming and copying.",
)
@click.option("--dry-run", is_flag=True, help="Show every change and request that would be made; make none.")
@click.option("--follow-tags", is_flag=True, help="Move what tags name now, whatever the plan has for them.")
@click.option("--shard", metavar="K/N", default="", help="Part K of N [default: as the engine says, or all].")
@_moving_options.moving
@_moving_options.outcomes
@_options.config
def command(
    plan: str | None,
    to: _options.To,
    only: str | None,
    dry_run: bool,
    follow_tags: bool,
    shard: str,
    moving: _moving_options.Moving,
    output_format: str | None,
    config_file: Path | None,
) -> int:
    """Create the repositories of a plan, grant its rights, warm and copy its images.

    With PLAN, does what it says without asking. Without, plans the working directory and asks.
    Safe to run again: an existing repository is changed where it differs, and no image is sent twice. The
    code is left as it is.

    Images that cost Docker Hub pulls are started as long as its limit allows. The rest is reported, with exit
    75, and left to the next run; --wait waits instead.

    \b
    Examples:
      hub2ar apply plan.json
      hub2ar apply plan.json --dry-run
      hub2ar apply plan.json --keep-pulls 30 --wait --outcomes outcomes.db
      hub2ar apply plan.json --shard 3/10 --outcomes gs://acme-moves/outcomes
    """
    import os

    from planner import config
    from planner.cli import _execute
    from planner.cli._log import Log
    from planner.split import shard_of

    log = Log(moving.log_format == "json")

    def work() -> int:
        settings = config.load(config_file)
        part = _execute.Part(only or "", *shard_of(shard, os.environ))
        told = Log(log.as_json, part.task)
        document, settings = _planned(plan, to, settings, told, ask=not dry_run)
        _execute.check(document, plan or "the plan")
        if dry_run:
            return _shown(document, settings, part, follow=follow_tags)
        return _done(document, settings, part, moving, follow_tags, output_format, told)

    return log.guard(work)


def _planned(
    name: str | None, to: _options.To, settings: "Settings", log: "Log", *, ask: bool
) -> "tuple[Plan, Settings]":
    """Read a plan, or make one of the working directory and ask whether to go on.

    Raises ConfigError where there is no project to plan for, before anything is scanned or asked.
    """
    from planner.cli import _history, _inputs, _lines, _planning, _stale, _text
    from planner.errors import ConfigError

    if name is not None:
        if to:
            raise click.UsageError("a plan says where images go; plan again with these options")
        document = _inputs.plan_document(name)
        if stale := _stale.told(document, Path.cwd()):
            log.note(stale.in_a_line)
        return document, settings
    if _inputs.projected(to.over(settings.target)).project == _inputs.PLACEHOLDER:
        hint = "give --project ID, or set project in [target] of hub2ar.toml"
        raise ConfigError("no project is set, so no image has a place to go", hint=hint)
    settings = _planning.settings(settings, to)
    means = _planning.Means(kept_in=_history.folder(settings.check, no_history=False))
    document = _planning.plan(_planning.basis((), settings, means))
    _text.say(_text.plan(document), err=True)
    _lines.remark(document.notes)
    if ask:
        _confirm()
    return document, settings


def _confirm() -> None:
    """Ask whether to go on. Raises Declined where the answer is no, or standard input ends without one."""
    from planner.cli import _stopping
    from planner.errors import Declined

    why = "the answer is no"
    try:
        if click.confirm("Do this?", err=True):
            return
    except click.Abort:
        if _stopping.asked():
            raise
        click.echo(err=True)
        why = "standard input ends before there is an answer"
    hint = "`hub2ar plan` writes plan.json, and `hub2ar apply plan.json` does not ask"
    raise Declined(f"nothing is done: {why}", hint=hint)


def _shown(document: "Plan", settings: "Settings", part: "Part", *, follow: bool) -> int:
    """Show what would be done."""
    from planner.cli import _differences, _inputs, _text

    found = _differences.compare(document, _inputs.endpoints(settings), part, follow=follow)
    _text.say(_differences.told(found))
    return _differences.pending(found)


def _done(
    document: "Plan",
    settings: "Settings",
    part: "Part",
    moving: _moving_options.Moving,
    follow: bool,
    output_format: str | None,
    log: "Log",
) -> int:
    """Do it."""
    import os

    from planner.cli import _execute, _inputs
    from planner.cli._campaign import Telling, closing
    from planner.split import attempt_of, pulled_beside

    beside, tasks = pulled_beside(document.transfers, part.number, part.count)
    conduct = moving.conduct(settings, beside=beside, tasks=tasks, follow=follow)
    chosen = _moving_options.outcome_format(output_format)
    telling = Telling(chosen, log, moving.outcomes, part.number, attempt_of(os.environ))
    seen = _execute.apply(document, _inputs.endpoints(settings), part, conduct, telling)
    closing(seen, log)
    return _execute.exit_code(seen)
