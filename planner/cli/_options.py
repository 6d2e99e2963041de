"""Options that several commands share, each spelled once, and what they say together."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from planner.cli import _choice, _completing

if TYPE_CHECKING:
    from planner.campaign import Conduct
    from planner.config import Settings, TargetSettings
    from planner.probing import Wanted

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
    help="Where files of container runtimes begin, such as a mounted image. [default: /]",
)
offline = click.option("--offline", is_flag=True, help="Ask no registry: every verdict is unknown.")
no_history = click.option("--no-history", is_flag=True, help="Keep no answers, and look at no earlier ones.")
lines = click.option(
    "--output-format",
    type=_choice.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="json is the document that other commands read; jsonl is one object a line.",
)
outcomes = click.option(
    "--output-format",
    type=_choice.Choice(["text", "jsonl"]),
    default=None,
    help="How outcomes are printed: text on a terminal and jsonl elsewhere, unless said.",
)


upstream = click.option(
    "--upstream",
    "upstreams",
    multiple=True,
    metavar="REGISTRY",
    help="A registry that is moved, such as ghcr.io (repeatable) [default: docker.io].",
)


@dataclass(frozen=True, slots=True)
class To:
    """What was said about where images go."""

    project: str | None = None
    location: str | None = None
    repository: str | None = None
    mode: str | None = None
    upstreams: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != To()

    def over(self, settings: "TargetSettings") -> "TargetSettings":
        """Return the settings with what was said."""
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
            help="A proxy that keeps what is pulled, copies, or one name before both [default: remote].",
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
    """Add options to a command, and hand over what was said with them as one value."""

    @wraps(command)
    def joined(*arguments: object, **said: Any) -> object:  # Any: what click passes
        own = {field: said.pop(field) for field in kind.__match_args__}
        return command(*arguments, **{name: kind(**own)}, **said)

    for option in reversed(options):
        joined = option(joined)
    return joined  # type: ignore[return-value]


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
            include=_globs(self.include) or scan.include,
            exclude=(*scan.exclude, *_globs(self.exclude)),
            plan_fixtures=self.plan_fixtures or scan.plan_fixtures,
        )
        return replace(settings, scan=scan)


def _globs(said: tuple[str, ...]) -> tuple[str, ...]:
    r"""Return globs, those with a `\` also as Windows means them; elsewhere it may be part of a name."""
    return tuple(dict.fromkeys(each for glob in said for each in (glob, glob.replace("\\", "/"))))


def scanning(command: F) -> F:
    """Add the options that say how to scan, and hand them over as one `scanning`."""
    several: dict[str, Any] = {"multiple": True}
    one_of = {**several, "metavar": "FORMAT", "shell_complete": _completing.formats}
    options = (
        click.option("--select", help="Read this format only (repeatable).", **one_of),
        click.option("--ignore", help="Do not read this format (repeatable).", **one_of),
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
    return collected(command, "scanning", Scanning, options)


@dataclass(frozen=True, slots=True)
class Asking:
    """What was said about what a check finds out."""

    platforms: tuple[str, ...] = ()
    deep: bool = False
    sizes: bool = False
    head_only: bool = False
    copies: str = ""

    def wanted(self, settings: "Settings") -> "Wanted":
        """Return what is wanted. Raises ConfigError for a platform or a repository that is none."""
        from planner.model.platform import parse
        from planner.model.reference import Reference
        from planner.probing import Wanted

        if self.head_only and (self.deep or self.sizes or self.platforms):
            raise click.UsageError(
                "--head-only reads no manifest, and --platform, --sizes and --deep have to"
            )
        if self.copies and "/" not in self.copies:
            raise click.BadParameter("write HOST/PROJECT/REPOSITORY", param_hint="--copies")
        if self.copies:
            Reference.parse(f"{self.copies}/library/nginx")
        platforms = () if self.head_only else self.platforms or settings.check.platforms
        return Wanted(
            tuple(dict.fromkeys(map(parse, platforms))),
            deep=self.deep,
            sizes=self.sizes,
            contents=not self.head_only,
            target=self.copies,
        )


def asking(command: F) -> F:
    """Add the options that say what a check finds out, and hand them over as one `asking`."""
    options = (
        click.option(
            "--platform", "platforms", multiple=True, metavar="OS/ARCH[/VARIANT]",
            help="A platform that is wanted: a verdict for it, and its size (repeatable).",
        ),
        click.option("--deep", is_flag=True, help="Ask the mirror for configuration and layers as well."),
        click.option("--sizes", is_flag=True, help="Read how large an image is, all platforms of it."),
        click.option("--head-only", is_flag=True, help="Read no manifest: no platforms, no sizes."),
        click.option(
            "--copies", default="", metavar="REPOSITORY",
            help="Copies of one's own to look at too: europe-docker.pkg.dev/acme/copies.",
        ),
    )  # fmt: skip
    return collected(command, "asking", Asking, options)


@dataclass(frozen=True, slots=True)
class Moving:
    """What was said about how images are moved."""

    platforms: tuple[str, ...] = ()
    attached: str = "copied"
    keep_pulls: int | None = None
    wait: bool = False
    outcomes: str = ""
    log_format: str = "text"

    def conduct(
        self,
        settings: "Settings",
        *,
        at_once: int | None = None,
        beside: int = 0,
        tasks: int = 1,
        follow: bool = False,
    ) -> "Conduct":
        """Return how they are moved. Raises ConfigError for what is no platform."""
        from planner.campaign import Conduct
        from planner.model.platform import parse
        from planner.transferring.options import Attached

        return Conduct(
            at_once=at_once or settings.budget.at_once,
            keep=settings.budget.keep if self.keep_pulls is None else self.keep_pulls,
            beside=beside,
            tasks=tasks,
            wait=self.wait,
            follow=follow,
            platforms=tuple(dict.fromkeys(map(parse, self.platforms))),
            attached=Attached(self.attached),
        )


def moving(command: F) -> F:
    """Add the options that say how images are moved, and hand them over as one `moving`."""
    options = (
        click.option(
            "--platform", "platforms", multiple=True, metavar="OS/ARCH[/VARIANT]",
            help="Only this platform of an image (repeatable) [default: all].",
        ),
        click.option(
            "--attached", type=_choice.Choice(["copied", "all", "none"]), default="copied",
            help="Signatures and the like: of what is copied, of all images, or none [default: copied].",
        ),
        click.option(
            "--keep-pulls", type=click.IntRange(min=0), metavar="N",
            help="Leave so many of Docker Hub's pulls to others [default: keep of [budget], or 0].",
        ),
        click.option("--wait", is_flag=True, help="Wait until Docker Hub's limit allows more, not exit 75."),
        click.option(
            "--outcomes", default="", metavar="FILE|URL", shell_complete=_completing.files,
            help="Record outcomes: JSON lines, SQLite (.db, .sqlite), or a folder such as gs://BUCKET/FOLDER.",
        ),
        click.option(
            "--log-format", type=_choice.Choice(["text", "json"]), default="text", show_default=True,
            help="json: one object a line on standard error, as Cloud Logging reads it.",
        ),
    )  # fmt: skip
    return collected(command, "moving", Moving, options)


def outcome_format(chosen: str | None) -> str:
    """Return how outcomes are printed."""
    return chosen or ("text" if sys.stdout.isatty() else "jsonl")
