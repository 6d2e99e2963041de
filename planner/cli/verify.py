"""hub2ar verify: prove that images arrived, may be read and are named, and tell what is pulled still."""

import re
from pathlib import Path

import click

from planner.cli import _choice, _completing, _moving_options, _options

_ADDRESS = re.compile(r"(?:serviceAccount:)?([^\s@:]+@[^\s@:]+)\Z")


@click.command("verify")
@click.argument("plan", default="plan.json", metavar="[PLAN]", shell_complete=_completing.files)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--only",
    multiple=True,
    type=_choice.Choice(["destinations", "access", "code"]),
    help="Prove this part only (repeatable) [default: all three].",
)
@click.option(
    "--platform",
    "platforms",
    multiple=True,
    metavar="OS/ARCH[/VARIANT]",
    help="A platform that has to be there (repeatable) [default: platforms of [check]].",
)
@click.option(
    "--as",
    "accounts",
    multiple=True,
    metavar="SERVICE_ACCOUNT",
    help="An account that has to be able to pull, besides the plan's readers (repeatable).",
)
@click.option("--strict", is_flag=True, help="Images that are new in the code are failures too.")
@click.option(
    "--runtime-log",
    "logs",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Report from a log what is still pulled (repeatable); only that, unless --only is given.",
)
@_moving_options.outcomes
@_options.config
def command(
    plan: str,
    paths: tuple[Path, ...],
    only: tuple[str, ...],
    platforms: tuple[str, ...],
    accounts: tuple[str, ...],
    strict: bool,
    logs: tuple[Path, ...],
    output_format: str | None,
    config_file: Path | None,
) -> int:
    """Prove that a plan has been carried out and its code rewritten.

    Every destination answers with the planned digest, and holds its platforms, configuration and layers.
    Whoever runs this, and the readers of the plan, may read it: tested as them, or going by policies. The
    trees below PATH, by default those of the plan, name what was planned, and nothing else has changed.

    A runtime log is what `plan --demand` reads: entries of Cloud Logging, the result of the documented query,
    Docker Hub's usage report, pods of a cluster. Exit 4: something is not so, or cannot be known.
    Exit 10: something is still pulled from its old registry.

    \b
    Examples:
      hub2ar verify
      hub2ar verify plan.json --only destinations --platform linux/arm64
      hub2ar verify plan.json --only access --as run@acme.iam.gserviceaccount.com
      hub2ar verify plan.json ../backend --only code --strict
      hub2ar verify plan.json --runtime-log pulls.jsonl
    """
    from planner import config
    from planner.cli import _lines
    from planner.cli._verifying import Asked, Telling, verify

    if accounts and only and "access" not in only:
        raise click.UsageError("--as is for --only access")
    asked = Asked(
        plan,
        paths,
        config.load(config_file),
        only,
        platforms,
        tuple(map(_address, accounts)),
        logs,
        strict,
    )
    width = _lines.columns()
    return verify(asked, Telling(_moving_options.outcome_format(output_format), width))


def _address(said: str) -> str:
    """Return the address of a service account. Raises BadParameter for what is none."""
    found = _ADDRESS.match(said)
    if found is None:
        raise click.BadParameter(
            f"{said!r} is no address such as run@acme.iam.gserviceaccount.com", param_hint="--as"
        )
    return found[1]
