"""hub2ar report: documents as a report."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner import discover
from planner.cli import _choice, _colours, _completing

if TYPE_CHECKING:
    from reports.documents import Document
    from reports.writers._base import Writer

_WRITERS = "reports.writers"


class _Command(click.Command):
    """A command whose help lists the outputs that there are, each with its own words."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and below them the outputs."""
        super().format_options(ctx, formatter)
        with formatter.section("Output formats"):
            formatter.write_dl(
                [(name, discover.summary(_WRITERS, name)) for name in discover.names(_WRITERS)]
            )


@click.command("report", cls=_Command, short_help="Write a report as HTML, Markdown, CSV, SARIF and others.")
@click.argument("file", metavar="[FILE]...", nargs=-1, shell_complete=_completing.files)
@click.option(
    "--output-format", type=_choice.Choice(discover.names(_WRITERS)), metavar="FORMAT",
    default="text", show_default=True, help=f"{', '.join(discover.names(_WRITERS))}.",
)  # fmt: skip
@click.option(
    "-o",
    "--output",
    default="-",
    metavar="FILE",
    shell_complete=_completing.files,
    help="Write to FILE; - is standard output, the default.",
)
@click.option(
    "--history", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    help="Earlier inventories, plans and outcomes: the use of Docker Hub over time.",
)  # fmt: skip
@click.option(
    "--table", default="", metavar="NAME", shell_complete=_completing.tables,
    help="Only this table of the report.",
)  # fmt: skip
@click.option(
    "--source-url", default="", metavar="TEMPLATE",
    help="Where the code is, for links of html; {path}, {line}, {revision} and {tree} are filled in.",
)  # fmt: skip
def command(
    file: tuple[str, ...],
    output_format: str,
    output: str,
    history: Path | None,
    table: str,
    source_url: str,
) -> int:
    """Write a report of documents: an inventory, availabilities, a history, a plan, outcomes.

    FILE is what scan, check, plan or apply wrote, outcomes as JSON lines; - is standard input. Several files
    make one report on the whole migration. html is always a single page that needs nothing else. With
    --history the report covers the time before as well; without FILE, only that.

    \b
    Examples:
      hub2ar report plan.json
      hub2ar report plan.json --output-format markdown > plan.md
      hub2ar report outcomes.jsonl --output-format csv --table outcomes
      hub2ar report --history archive/ --output-format html -o trend.html
      hub2ar report inventory.json plan.json --output-format html -o report.html \\
        --source-url 'https://github.com/acme/web/blob/{revision}/{path}#L{line}'
    """
    from planner.cli import _lines, _whole
    from reports.links import SourceUrl
    from reports.report import render_all, writer
    from reports.writers._base import Layout, pieces

    if not file and history is None:
        raise click.UsageError("name a FILE, or a folder with --history")
    if source_url and output_format != "html":
        raise click.UsageError("--source-url is for --output-format html")
    chosen = writer(output_format)
    _check(chosen, output)
    documents = [_document(name) for name in file]
    if history is not None:
        from planner.cli import _earlier

        documents.append(_earlier.trend(history, file))
    link = SourceUrl.parse(source_url) if source_url else None
    layout = Layout(_lines.columns(), table, link, _coloured(output))
    _whole.write(pieces(render_all(documents, output_format, layout)), output)
    return 0


def _check(chosen: "Writer", output: str) -> None:
    """Raise ConfigError for bytes that would be written to a terminal."""
    import sys

    from planner.errors import ConfigError

    if chosen.binary and output == "-" and sys.stdout.isatty():
        raise ConfigError(
            f"{chosen.name} is nothing that a terminal shows",
            hint=f"write it to a file: -o report{chosen.suffix}",
        )


def _coloured(output: str) -> bool:
    """Return whether the report goes to a terminal that shows colours, and is wanted in them."""
    import sys

    return output == "-" and sys.stdout.isatty() and _colours.wanted()


def _document(name: str) -> "Document":
    """Read a document that a report can be made of. Raises NoInput."""
    from planner import errors
    from planner.cli import _inputs
    from planner.model.diagnosis import Diagnosis

    document = _inputs.any_document(name)
    if isinstance(document, Diagnosis):
        raise errors.NoInput(f"{name} is a diagnosis", hint="`hub2ar show FILE` prints it")
    return document
