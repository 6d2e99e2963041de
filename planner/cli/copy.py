"""hub2ar copy: one image from one registry to another."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli import _options

if TYPE_CHECKING:
    from planner.model.outcome import Outcome
    from planner.registries.oci import Registries


@click.command("copy")
@click.argument("source", metavar="SRC")
@click.argument("destination", metavar="DST")
@_options.outcomes
@_options.config
def command(source: str, destination: str, output_format: str | None, config_file: Path | None) -> int:
    """Copy the image SRC to DST with its digest, all its platforms included.

    \b
    Example:
      hub2ar copy nginx:1.27 europe-docker.pkg.dev/acme/images/library/nginx:1.27
    """
    from planner import config
    from planner.cli import _execute, _inputs, _network, _text
    from planner.model.document import encode_line
    from planner.model.reference import Reference
    from planner.transfer import copy_one

    settings = config.load(config_file)
    origin, target = Reference.parse(source), Reference.parse(destination)

    async def whole(registries: "Registries") -> "Outcome":
        return await copy_one(origin, target, registries)

    outcome = _network.ask(_inputs.endpoints(settings), whole)
    if _options.outcome_format(output_format) == "jsonl":
        click.echo(encode_line(outcome))
    else:
        _text.say([_text.outcome(outcome)])
    return _execute.exit_code([outcome])
