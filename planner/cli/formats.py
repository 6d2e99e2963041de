"""hub2ar formats: what the scanner knows."""

import click

from planner.cli import _completing


@click.command("formats")
@click.argument("names", nargs=-1, metavar="[FORMAT]...", shell_complete=_completing.formats)
def command(names: tuple[str, ...]) -> int:
    """List the kinds of file that a scan reads: what of them, under which names, and where that is defined.

    \b
    Examples:
      hub2ar formats
      hub2ar formats compose dockerfile
    """
    from planner.scanning.catalog import chosen

    catalog = chosen(names)
    for card in catalog.cards.values():
        click.secho(card.name, bold=True)
        click.echo(f"    {catalog.description(card.name)}")
        click.echo(f"    {' '.join(card.patterns)}\n    {catalog.format(card.name).specification}")
    return 0
