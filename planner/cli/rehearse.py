"""hub2ar rehearse: the whole migration on this machine."""

import shutil
from pathlib import Path

import click

from planner.cli import _options


@click.command("rehearse")
@click.argument("path", default=".", metavar="[PATH]")
@_options.target
@click.option("--seed", default=0, show_default=True, help="Another seed makes another mirror.")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Keep the documents (inventory, availabilities, plan, outcomes) here.",
)  # fmt: skip
@_options.config
def command(
    path: str,
    to: _options.To,
    seed: int,
    keep: Path | None,
    config_file: Path | None,
) -> int:
    """Carry out the whole migration of PATH against stand-ins on this machine.

    Stand-ins for Docker Hub with its pull limit, mirror.gcr.io and Artifact Registry run on loopback, filled
    with small images for what the code names. check, plan, apply and verify then run for real over HTTP.
    Needs no account and no network, and changes nothing.

    \b
    Example:
      hub2ar rehearse .
    """
    from msgspec.structs import replace

    from planner import config
    from planner.cli import _inputs, _rehearsal, _text

    settings = config.load(config_file)
    settings = replace(settings, target=_rehearsal.target(settings, to))
    rehearsal = _rehearsal.carry_out(_inputs.scanned((path,), settings), settings, seed)
    _text.say(_rehearsal.story(path, rehearsal, shutil.get_terminal_size((80, 24)).columns))
    if keep:
        _rehearsal.keep(keep, rehearsal)
        click.echo(f"documents kept in {keep}", err=True)
    return _rehearsal.exit_code(rehearsal)
