"""hub2ar verify: prove that every destination has what was planned."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli import _options

if TYPE_CHECKING:
    from planner.registries.oci import Registries


@click.command("verify")
@click.argument("plan", default="plan.json", metavar="[PLAN]")
@_options.outcomes
@_options.config
def command(plan: str, output_format: str | None, config_file: Path | None) -> int:
    """Ask every destination of a plan for its digest, and its platforms, and compare.

    \b
    Example:
      hub2ar verify plan.json
    """
    from planner import config
    from planner.cli import _execute, _inputs, _network, _text
    from planner.model.outcome import Outcome
    from planner.verify import verify

    settings = config.load(config_file)
    document = _inputs.plan_document(plan)
    chosen = _options.outcome_format(output_format)

    async def whole(registries: "Registries") -> list[Outcome]:
        return list(await _network.tell(verify(document, registries), chosen))

    seen = _network.ask(_inputs.endpoints(settings), whole)
    _text.say([_text.outcomes_summary(seen)], err=True)
    return _execute.exit_code(seen)
