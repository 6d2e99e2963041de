"""hub2ar formats: what the scanner knows."""

import click


@click.command("formats")
def command() -> int:
    """List the kinds of file that a scan reads, with the names it opens and where their syntax is defined."""
    from planner.scanning.catalog import formats

    for each in formats():
        click.echo(f"{each.name}\n    {' '.join(each.patterns)}\n    {each.specification}")
    return 0
