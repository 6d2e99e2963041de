"""Options that several commands share, each spelled once, and the values that some of them make together."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from planner.cli import _choice, _completing

if TYPE_CHECKING:
    from planner.config import Settings, TargetSettings

F = TypeVar("F", bound=Callable[..., Any])  # Any: click passes whatever the options of a command are

config = click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="HUB2AR_CONFIG",
    metavar="FILE",
    help="Settings; by default the nearest hub2ar.toml at or above the working directory.",
)
root = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("/"),
    metavar="DIR",
    help="The root folder of the runtimes' files, such as a mounted image. [default: /]",
)
offline = click.option("--offline", is_flag=True, help="Ask no registry: every verdict is unknown.")
no_history = click.option("--no-history", is_flag=True, help="Neither keep answers nor use earlier ones.")
lines = click.option(
    "--output-format",
    type=_choice.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="json is the document that other commands read; jsonl is one object a line.",
)
upstream = click.option(
    "--upstream",
    "upstreams",
    multiple=True,
    metavar="REGISTRY",
    help="A registry to move away from, such as ghcr.io (repeatable) [default: docker.io].",
)


@dataclass(frozen=True, slots=True)
class To:
    """What the options say about where images go."""

    project: str | None = None
    location: str | None = None
    repository: str | None = None
    mode: str | None = None
    upstreams: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != To()

    def over(self, settings: "TargetSettings") -> "TargetSettings":
        """Return the settings with what the options say in their place."""
        from msgspec.structs import replace

        from planner.model.repository import Mode

        return replace(
            settings,
            project=self.project or settings.project,
            location=self.location or settings.location,
            repository=self.repository or settings.repository,
            mode=Mode(self.mode) if self.mode else settings.mode,
            upstreams=self.upstreams or settings.upstreams,
        )


def target(command: F) -> F:
    """Add the options that say where images go, and hand them over as one `to`."""
    options = (
        click.option("--project", metavar="ID", help="Google Cloud project [default: from the environment]."),
        click.option("--location", metavar="NAME", help="Region or multi-region [default: us]."),
        click.option("--repository", metavar="NAME", help="Repository [default: docker-hub]."),
        click.option(
            "--mode",
            type=_choice.Choice(["remote", "standard", "virtual"]),
            help="A caching proxy, copies, or one name in front of both [default: remote].",
        ),
        upstream,
    )
    return collected(command, "to", To, options)


def collected(
    command: F,
    name: str,
    kind: type[Any],  # a dataclass
    options: tuple[Callable[[F], F], ...],
) -> F:
    """Add options to a command, which is given their values as one argument `name`, of the type `kind`."""

    @wraps(command)
    def joined(*arguments: object, **said: Any) -> object:  # Any: what click passes
        own = {field: said.pop(field) for field in kind.__match_args__}
        return command(*arguments, **{name: kind(**own)}, **said)

    for option in reversed(options):
        joined = option(joined)
    return joined  # type: ignore[return-value]  # it is called as the command is


@dataclass(frozen=True, slots=True)
class Scanning:
    """What the options say about how to scan."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    plan_fixtures: bool = False
    no_cache: bool = False
    jobs: int = 0

    def over(self, settings: "Settings") -> "Settings":
        """Return the settings with the options: --select and --include replace, the others add to them."""
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
    several: dict[str, Any] = {"multiple": True}
    one_of = {**several, "metavar": "FORMAT", "shell_complete": _completing.formats}
    options = (
        click.option("--select", help="Read this format only (repeatable).", **one_of),
        click.option("--ignore", help="Do not read this format (repeatable).", **one_of),
        click.option("--include", metavar="GLOB", help="Only paths like this (repeatable).", **several),
        click.option("--exclude", metavar="GLOB", help="No paths like this (repeatable).", **several),
        click.option("--plan-fixtures", is_flag=True, help="Treat fixtures of tests as code."),
        click.option("--no-cache", is_flag=True, help="Read every file, and keep no results."),
        click.option(
            "--jobs",
            type=click.IntRange(0, 64),
            default=0,
            metavar="N",
            help="Processes; 0 is one for each core, where it pays. [default: 0]",
        ),
    )
    return collected(command, "scanning", Scanning, options)
