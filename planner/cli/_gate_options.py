"""The options of a scan that is a gate, and what they say together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from planner.cli import _completing, _options

F = TypeVar("F", bound=Callable[..., Any])  # Any: click passes whatever the options of a command are

CRITERIA = ("docker-hub", "new", "unresolved")
DOCUMENTS = ("json", "jsonl")  # the inventory, whether or not it fails
OUTPUTS = ("github", "gitlab", "junit", "sarif")  # what findings alone can be written as
REPORTS = OUTPUTS[1:]  # the same, but for what only a log makes sense of


@dataclass(frozen=True, slots=True)
class Gating:
    """What makes a scan fail, and where that is reported, as the options say."""

    fail_on: tuple[str, ...] = ()
    baseline: str = ""
    plan: str = ""
    reports: tuple[tuple[str, str], ...] = ()

    def check(self, output_format: str) -> None:
        """Raise UsageError for options that say nothing together."""
        if not self.fail_on:
            said = {"--baseline": self.baseline, "--plan": self.plan, "--report": self.reports}
            given = next((name for name, value in said.items() if value), "")
            given = given or (f"--output-format {output_format}" if output_format in OUTPUTS else "")
            if given:
                raise click.UsageError(f"{given} is for a scan with --fail-on")
        if "new" in self.fail_on and not self.baseline:
            raise click.UsageError(
                "--fail-on new compares with --baseline FILE: `hub2ar scan --output-format json` writes one"
            )


def _criteria(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return what makes the scan fail; one option may name several, with commas."""
    from planner.errors import nearest

    found = [word.strip() for value in values for word in value.split(",") if word.strip()]
    for word in found:
        if word not in CRITERIA:
            hint = nearest(word, CRITERIA) or f"one of {', '.join(CRITERIA)}"
            raise click.BadParameter(f"{word!r}; {hint}")
    return tuple(dict.fromkeys(found))


def _reports(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return what is written where: `sarif=hub2ar.sarif`."""
    found = []
    for value in values:
        name, equals, file = value.partition("=")
        if name not in REPORTS or not equals or not file:
            raise click.BadParameter(f"{value!r}; write FORMAT=FILE, with one of {', '.join(REPORTS)}")
        found.append((name, file))
    return tuple(found)


def gating(command: F) -> F:
    """Add the options that make a scan a gate, and hand them over as one `gate`."""
    options = (
        click.option(
            "--fail-on", multiple=True, metavar="WHAT", callback=_criteria,
            shell_complete=_completing.criteria,
            help="Exit 10 if there is any: docker-hub, new, unresolved (repeatable).",
        ),
        click.option(
            "--baseline", default="", metavar="FILE", shell_complete=_completing.files,
            help="With --fail-on: only what this inventory or plan does not have.",
        ),
        click.option(
            "--plan", default="", metavar="FILE", shell_complete=_completing.files,
            help="With --fail-on: suggest new names from this plan [default: as [target] says].",
        ),
        click.option(
            "--report", "reports", multiple=True, metavar="FORMAT=FILE", callback=_reports,
            help="With --fail-on: write gitlab, junit or sarif to FILE too (repeatable).",
        ),
    )  # fmt: skip
    return _options.collected(command, "gate", Gating, options)
