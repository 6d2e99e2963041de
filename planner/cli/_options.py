"""Options that several commands share, each spelled once, and what they say together."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from planner.config import Settings

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


@dataclass(frozen=True, slots=True)
class Scanning:
    """What was said about how to scan."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    plan_fixtures: bool = False
    no_cache: bool = False
    jobs: int = 0

    def over(self, settings: "Settings") -> "Settings":
        """Return the settings with what was said: what is selected replaces, what is left out adds up."""
        from msgspec.structs import replace

        scan = settings.scan
        scan = replace(
            scan,
            select=self.select or scan.select,
            ignore=(*scan.ignore, *self.ignore),
            include=self.include or scan.include,
            exclude=(*scan.exclude, *self.exclude),
            plan_fixtures=self.plan_fixtures or scan.plan_fixtures,
        )
        return replace(settings, scan=scan)


def scanning(command: F) -> F:
    """Add the options that say how to scan, and hand them over as one `scanning`."""

    @wraps(command)
    def collected(*arguments: object, **options: Any) -> object:  # Any: what click passes
        said = {name: options.pop(name) for name in Scanning.__dataclass_fields__}
        return command(*arguments, scanning=Scanning(**said), **options)

    several: dict[str, Any] = {"multiple": True}
    for option in reversed(
        (
            click.option("--select", metavar="FORMAT", help="Read this format only (repeatable).", **several),
            click.option(
                "--ignore", metavar="FORMAT", help="Do not read this format (repeatable).", **several
            ),
            click.option("--include", metavar="GLOB", help="Only paths like this (repeatable).", **several),
            click.option("--exclude", metavar="GLOB", help="No paths like this (repeatable).", **several),
            click.option("--plan-fixtures", is_flag=True, help="Take fixtures of tests for code."),
            click.option("--no-cache", is_flag=True, help="Read every file, and keep no results."),
            click.option(
                "--jobs",
                type=click.IntRange(0, 64),
                default=0,
                metavar="N",
                help="Processes; 0 is one for each core, where it pays. [default: 0]",
            ),
        )
    ):
        collected = option(collected)
    return collected  # type: ignore[return-value]  # click's decorators return a command's function


def outcome_format(chosen: str | None) -> str:
    """Return how outcomes are printed."""
    return chosen or ("text" if sys.stdout.isatty() else "jsonl")
