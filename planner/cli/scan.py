"""hub2ar scan: every image that code names."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli import _options

if TYPE_CHECKING:
    from planner.model.inventory import Inventory


@click.command("scan")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@_options.lines
@_options.config
@_options.scanning
@click.option("--revision", metavar="REV", help="Read this commit of the repository PATH, bare or not.")
@click.option(
    "--repositories",
    metavar="LIST",
    help="Read the repositories that a file lists: a path or a git URL on each line, a revision after it.",
)
@click.option(
    "--shard", metavar="K/N", default="", help="Part K of N of the list [default: as the engine says]."
)
@click.option(
    "--executor", metavar="ADDRESS", default="", help="Scan the list on a Dask cluster: dask://HOST:PORT."
)
def command(
    paths: tuple[str, ...],
    output_format: str,
    config_file: Path | None,
    scanning: _options.Scanning,
    revision: str | None,
    repositories: str | None,
    shard: str,
    executor: str,
) -> int:
    """List every image that the files under PATH name.

    PATH is a directory, a file, or - for standard input; by default the working directory. In a git work tree
    the files are those that git does not ignore.

    \b
    Examples:
      hub2ar scan
      hub2ar scan services/ deploy/ --output-format jsonl
      hub2ar scan --revision v1.4 ../backend.git
      hub2ar scan --repositories repositories.txt --output-format json
      kubectl get pods -A -o json | hub2ar scan -
    """
    from planner import config
    from planner.cli import _scanning
    from planner.errors import ConfigError

    settings = scanning.over(config.load(config_file))
    if repositories is not None and (paths or revision is not None):
        raise ConfigError("--repositories names all that is scanned", hint="leave out PATH and --revision")
    if (shard or executor) and repositories is None:
        raise ConfigError(
            "--shard and --executor spread repositories, and are for --repositories LIST",
            hint="write a list, which may have one line; the files of PATH are read by --jobs processes",
        )
    if repositories is not None:
        inventory = _scanning.repositories(repositories, settings.scan, scanning, shard, executor)
    elif revision is not None:
        inventory = _scanning.revision(paths or (".",), revision, settings.scan, scanning)
    else:
        inventory = _scanning.trees(paths, settings, scanning)
    _print(inventory, output_format)
    if settings.scan.include and not inventory.found:
        globs = ", ".join(map(repr, settings.scan.include))
        click.echo(f"note: nothing is found in paths like {globs}", err=True)
    return 0


def _print(inventory: "Inventory", output_format: str) -> None:
    from planner.cli import _text
    from planner.model.document import encode, encode_line

    match output_format:
        case "json":
            click.echo(encode(inventory), nl=False)
        case "jsonl":
            click.echo(b"".join(encode_line(item) + b"\n" for item in inventory.found), nl=False)
        case _:
            _text.say(_text.inventory(inventory))
    _text.say([_text.scan_summary(inventory)], err=True)
