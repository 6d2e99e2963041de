"""hub2ar report: documents as a report."""

from pathlib import Path

import click


@click.command("report")
@click.argument("file", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--output-format",
    type=click.Choice(["text", "markdown", "csv", "html", "github", "gitlab", "junit", "sarif"]),
    default="text", show_default=True, metavar="FORMAT",
    help="text for a terminal, markdown for a pull request, csv for a spreadsheet, html for a browser;"
    " findings of the code as github (annotations), gitlab (code quality), junit or sarif.",
)  # fmt: skip
@click.option(
    "-o", "--output", default="-", metavar="FILE", help="Write to FILE; - is standard output, the default."
)
@click.option("--table", default="", metavar="NAME", help="Only this table of the report.")
@click.option(
    "--source-url", default="", metavar="TEMPLATE",
    help="Where the code is, for links of html; {path}, {line}, {revision} and {tree} are filled in.",
)  # fmt: skip
def command(file: tuple[str, ...], output_format: str, output: str, table: str, source_url: str) -> int:
    """Write a report of documents: an inventory, availabilities, a history, a plan, outcomes.

    FILE is what scan, check, plan or apply wrote, outcomes as JSON lines; - is standard input. Several files
    make one report on the whole migration. html is one page that needs nothing else, and is always that.

    \b
    Examples:
      hub2ar report plan.json
      hub2ar report plan.json --output-format markdown > plan.md
      hub2ar report outcomes.jsonl --output-format csv --table outcomes
      hub2ar report inventory.json plan.json --output-format html -o report.html \\
        --source-url 'https://github.com/acme/web/blob/{revision}/{path}#L{line}'
    """
    import shutil

    from planner import errors
    from planner.cli import _inputs
    from planner.model.diagnosis import Diagnosis
    from reports.documents import Document
    from reports.links import SourceUrl
    from reports.report import render_all
    from reports.writers._base import Layout

    if source_url and output_format != "html":
        raise click.UsageError("--source-url is for --output-format html")
    documents: list[Document] = []
    for name in file:
        document = _inputs.any_document(name)
        if isinstance(document, Diagnosis):
            raise errors.NoInput(f"{name} is a diagnosis", hint="`hub2ar show FILE` prints it")
        documents.append(document)
    link = SourceUrl.parse(source_url) if source_url else None
    width = shutil.get_terminal_size((80, 24)).columns
    _written(render_all(documents, output_format, Layout(width, table, link)), output)
    return 0


def _written(text: str, name: str) -> None:
    """Write a report whole or not at all; `-` is standard output. Raises ConfigError."""
    import os

    from planner.errors import ConfigError

    if name == "-":
        click.echo(text, nl=False)
        return
    path = Path(name)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ConfigError(f"{name!r} cannot be written: {(error.strerror or '').lower()}") from error
