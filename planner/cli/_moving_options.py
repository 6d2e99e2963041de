"""Options that say how images are moved, and how outcomes are reported."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from planner.cli import _choice, _completing
from planner.cli._options import F, collected

if TYPE_CHECKING:
    from planner.campaign import Conduct
    from planner.config import Settings

outcomes = click.option(
    "--output-format",
    type=_choice.Choice(["text", "jsonl"]),
    default=None,
    help="How outcomes are printed [default: text on a terminal, jsonl elsewhere].",
)


@dataclass(frozen=True, slots=True)
class Moving:
    """What the options say about how images are moved."""

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
        """Return how images are moved: options win over settings.

        Raises ConfigError for an invalid platform.
        """
        from planner.campaign import Conduct
        from planner.model.platform import parse_all
        from planner.transferring.options import Attached

        return Conduct(
            at_once=at_once or settings.budget.at_once,
            keep=settings.budget.keep if self.keep_pulls is None else self.keep_pulls,
            beside=beside,
            tasks=tasks,
            wait=self.wait,
            follow=follow,
            platforms=parse_all(self.platforms),
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
            help="Leave this many of Docker Hub's pulls to others [default: keep of [budget], or 0].",
        ),
        click.option("--wait", is_flag=True, help="Wait for Docker Hub's limit instead of exiting with 75."),
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
    """Return how outcomes are printed: as was chosen, else text on a terminal and jsonl elsewhere."""
    return chosen or ("text" if sys.stdout.isatty() else "jsonl")
