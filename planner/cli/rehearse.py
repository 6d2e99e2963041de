"""hub2ar rehearse: the whole migration on this machine."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner import discover
from planner.cli import _completing, _options

if TYPE_CHECKING:
    from planner.cli._rehearsal import Rehearsal
    from planner.rehearsal.stage import Scenario

_SCENARIOS = "planner.rehearsal.scenarios"


class _Rehearse(click.Command):
    """A command whose help lists what can go wrong."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and a line for each scenario."""
        super().format_options(ctx, formatter)
        with formatter.section("Scenarios"):
            formatter.write_dl([(name, _scenario(name).summary) for name in _scenarios()])


def _scenarios() -> Sequence[str]:
    return [name.replace("_", "-") for name in discover.names(_SCENARIOS)]


def _scenario(name: str) -> "Scenario":
    from planner.rehearsal.stage import Scenario

    return discover.load(_SCENARIOS, name.replace("-", "_"), Scenario, "SCENARIO")


def _known(_: click.Context, __: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of scenarios. Raises BadParameter with the nearest one for another."""
    from planner.errors import nearest

    for name in names:
        if name not in _scenarios():
            hint = nearest(name, _scenarios()) or f"known are {', '.join(_scenarios())}"
            raise click.BadParameter(f"no scenario {name!r}; {hint}")
    return tuple(dict.fromkeys(names))


@click.command("rehearse", cls=_Rehearse, short_help="Carry out the whole move here, against stand-ins.")
@click.argument("path", default=".", metavar="[PATH|PLAN]", shell_complete=_completing.files)
@_options.target
@click.option(
    "--scenario", "scenarios", multiple=True, metavar="NAME", callback=_known,
    shell_complete=_completing.scenarios,
    help="Make something go wrong (repeatable); --help lists what can.",
)  # fmt: skip
@click.option(
    "--seed", default=0, show_default=True, help="Seed of what the mirror holds, and of all chance."
)
@click.option(
    "--start", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), default="2026-01-05", metavar="TIME",
    show_default=True, help="Its start on the simulated clock, in UTC: 2026-01-05T14:30.",
)  # fmt: skip
@click.option(
    "--wait/--no-wait", default=True, show_default=True,
    help="Wait for Docker Hub's limit on the simulated clock, or exit 75 as apply does.",
)  # fmt: skip
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Keep documents, patches and report.html here.",
)  # fmt: skip
@click.option("--open", "opens", is_flag=True, help="Open the report in a browser.")
@_options.config
def command(
    path: str,
    to: _options.To,
    scenarios: tuple[str, ...],
    seed: int,
    start: datetime,
    wait: bool,
    keep: Path | None,
    opens: bool,
    config_file: Path | None,
) -> int:
    """Carry out the whole migration of PATH, or a PLAN, against stand-ins on this machine.

    Stand-ins for Docker Hub with its limits, mirror.gcr.io and Artifact Registry are filled with small images
    for what the code names. check, plan, apply and verify then run for real over HTTP, on a simulated clock
    on which days pass in seconds, and rewrite edits the code in memory. Needs no account and no network, and
    changes nothing. The exit code is that of the migration.

    \b
    Examples:
      hub2ar rehearse .
      hub2ar rehearse . --scenario docker-hub-down --keep rehearsal --open
    """
    from msgspec.structs import replace

    from planner import config
    from planner.cli import _lines, _rehearsal, _rehearsal_story, _text
    from planner.cli._rehearsal_order import Order

    settings = config.load(config_file)
    what = _rehearsal.subject(path, settings)
    if what.plan is not None and to:
        raise click.UsageError("a plan says where images go; plan again with these options")
    settings = replace(settings, target=_rehearsal.target(settings, to))
    wrong = {name: _scenario(name) for name in scenarios}
    order = Order(settings, seed, start.replace(tzinfo=UTC), wrong, wait)
    rehearsal = _rehearsal.carry_out(what, order)
    _text.say(_rehearsal_story.story(rehearsal, _lines.columns()))
    _leave(rehearsal, keep, opens=opens)
    return rehearsal.exit_code


def _leave(rehearsal: "Rehearsal", keep: Path | None, *, opens: bool) -> None:
    from planner.cli import _lines, _rehearsal_files

    if keep:
        _rehearsal_files.keep(keep, rehearsal)
        _lines.remark([f"documents, patches and report.html are in {keep}"])
    if opens:
        place, shown = _rehearsal_files.show(rehearsal, keep)
        click.echo(
            f"the report is {place}" + ("" if shown else "; there is no display to open it on"), err=True
        )
