"""hub2ar report: a document as a report."""

import shutil

import click


@click.command("report")
@click.argument("file", metavar="FILE")
@click.option(
    "--output-format", type=click.Choice(["text", "markdown", "csv"]), default="text", show_default=True,
    help="text for a terminal, markdown for a pull request, csv for a spreadsheet.",
)  # fmt: skip
@click.option("--table", default="", metavar="NAME", help="Only this table of the report.")
def command(file: str, output_format: str, table: str) -> int:
    """Write a report of a document: an inventory, availabilities, a history, a plan, or outcomes.

    FILE is what scan, check, plan or apply wrote, outcomes as JSON lines; - is standard input. The report
    goes to standard output.

    \b
    Examples:
      hub2ar report plan.json
      hub2ar report plan.json --output-format markdown > plan.md
      hub2ar report outcomes.jsonl --output-format csv --table outcomes
    """
    from planner import errors
    from planner.cli import _inputs
    from planner.model.diagnosis import Diagnosis
    from reports.report import render

    document = _inputs.any_document(file)
    if isinstance(document, Diagnosis):
        raise errors.NoInput(f"{file} is a diagnosis", hint="`hub2ar show FILE` prints it")
    width = shutil.get_terminal_size((80, 24)).columns
    click.echo(render(document, output_format, width=width, table=table), nl=False)
    return 0
