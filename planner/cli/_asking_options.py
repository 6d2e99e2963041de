"""Options that say what a check finds out."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from planner.cli._options import F, collected

if TYPE_CHECKING:
    from planner.config import Settings
    from planner.probing import Wanted


@dataclass(frozen=True, slots=True)
class Asking:
    """What the options say about what a check finds out."""

    platforms: tuple[str, ...] = ()
    deep: bool = False
    sizes: bool = False
    head_only: bool = False
    copies: str = ""

    def wanted(self, settings: "Settings") -> "Wanted":
        """Return what a check is to find out. Raises ConfigError for an invalid platform or repository."""
        from planner.model.platform import parse_all
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
            parse_all(platforms),
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
        click.option("--sizes", is_flag=True, help="Read how large an image is, all platforms together."),
        click.option("--head-only", is_flag=True, help="Read no manifest: no platforms, no sizes."),
        click.option(
            "--copies", default="", metavar="REPOSITORY",
            help="Your own copies to check too: europe-docker.pkg.dev/acme/copies.",
        ),
    )  # fmt: skip
    return collected(command, "asking", Asking, options)
