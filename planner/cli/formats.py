"""hub2ar formats: what the scanner knows."""

import click

from planner.cli import _completing


@click.command("formats", short_help="List the kinds of file that a scan reads.")
@click.argument("names", nargs=-1, metavar="[FORMAT]...", shell_complete=_completing.formats)
def command(names: tuple[str, ...]) -> int:
    """List the kinds of file that a scan reads, what it reads of them, and where each is specified.

    \b
    Examples:
      hub2ar formats
      hub2ar formats compose dockerfile
    """
    from planner.cli import _lines
    from planner.scanning.catalog import chosen

    catalog, width = chosen(names), _lines.columns()
    for card in catalog.cards.values():
        click.secho(card.name, bold=True)
        specification = catalog.format(card.name).specification
        for text in (catalog.description(card.name), " ".join(card.patterns), specification):
            click.echo("\n".join(_lines.wrapped(text, width, "    ")))
    return 0
