"""hub2ar merge: inventories of many scans as one."""

import click


@click.command("merge")
@click.argument("inventories", nargs=-1, required=True, metavar="INVENTORY...")
def command(inventories: tuple[str, ...]) -> int:
    """Join what several scans found, as the tasks of a sharded scan write it.

    INVENTORY is a file, or - for standard input. What one of them builds is an output in all.

    \b
    Examples:
      hub2ar merge part-*.json > inventory.json
      gcloud storage cat 'gs://bucket/*.json' | hub2ar merge - > all.json
    """
    from planner.cli import _inputs, _text
    from planner.model.document import decode_many, encode
    from planner.model.inventory import Inventory
    from planner.repositories import merged

    read = (
        decode_many(_inputs.contents(name, "`hub2ar scan` writes one"), Inventory, name)
        for name in inventories
    )
    inventory = merged(each for documents in read for each in documents)
    click.echo(encode(inventory), nl=False)
    _text.say([_text.scan_summary(inventory)], err=True)
    return 0
