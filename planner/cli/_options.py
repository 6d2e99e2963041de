"""Options that several commands share, each spelled once, and what they say together."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])  # Any: click passes whatever the options of a command are

config = click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="HUB2AR_CONFIG",
    metavar="FILE",
    help="Settings; by default the nearest hub2ar.toml at or above the working directory.",
)
offline = click.option("--offline", is_flag=True, help="Ask no registry: every verdict is unknown.")
lines = click.option(
    "--output-format",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="json is the document that other commands read; jsonl is one object a line.",
)
outcomes = click.option(
    "--output-format",
    type=click.Choice(["text", "jsonl"]),
    default=None,
    help="How outcomes are printed: text on a terminal and jsonl elsewhere, unless said.",
)


def target(command: F) -> F:
    """Add the options that say where images go."""
    for option in reversed(
        (
            click.option(
                "--project", metavar="ID", help="Google Cloud project [default: from the environment]."
            ),
            click.option("--location", metavar="NAME", help="Region or multi-region [default: us]."),
            click.option("--repository", metavar="NAME", help="Repository [default: docker-hub]."),
            click.option(
                "--mode",
                type=click.Choice(["remote", "standard", "virtual"]),
                help="A proxy that keeps what is pulled, copies, or one name before both [default: remote].",
            ),
        )
    ):
        command = option(command)
    return command


def outcome_format(chosen: str | None) -> str:
    """Return how outcomes are printed."""
    return chosen or ("text" if sys.stdout.isatty() else "jsonl")
