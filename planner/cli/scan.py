"""hub2ar scan: list every image that code names."""

from pathlib import Path

import click

from planner.cli import _options


@click.command("scan")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@_options.lines
@_options.config
def command(paths: tuple[str, ...], output_format: str, config_file: Path | None) -> int:
    """List every image that the files under PATH name.

    PATH is a directory, a file, or - for standard input; by default the working directory. In a git work tree
    the files are those that git does not ignore.

    \b
    Examples:
      hub2ar scan
      hub2ar scan services/ deploy/ --output-format jsonl
      kubectl get pods -A -o json | hub2ar scan -
    """
    from planner import config
    from planner.cli import _inputs, _text
    from planner.model.document import encode, encode_line

    inventory = _inputs.scanned(paths, config.load(config_file))
    match output_format:
        case "json":
            click.echo(encode(inventory), nl=False)
        case "jsonl":
            for item in inventory.found:
                click.echo(encode_line(item))
        case _:
            _text.say(_text.inventory(inventory))
    _text.say([_text.scan_summary(inventory)], err=True)
    return 0
