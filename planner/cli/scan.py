"""hub2ar scan: every image that code names."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli import _choice, _completing, _gate_options, _options

if TYPE_CHECKING:
    from planner.config import Settings
    from planner.model.inventory import Inventory

_AT_ONCE = 1_000  # lines that are in memory while they are printed


@click.command("scan")
@click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=_completing.files)
@click.option(
    "--output-format",
    type=_choice.Choice(["text", *_gate_options.DOCUMENTS, *_gate_options.OUTPUTS]),
    default="text",
    show_default=True,
    metavar="FORMAT",
    help="text; json is the document that other commands read, jsonl one object a line. With --fail-on also"
    " github (annotations), gitlab (code quality), junit or sarif.",
)
@_options.config
@_options.scanning
@click.option("--revision", metavar="REV", help="Read this commit of the repository PATH, bare or not.")
@click.option(
    "--context",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Read all of DIR, so that values cross files, and report what concerns PATH.",
)
@click.option(
    "--repositories",
    metavar="LIST",
    shell_complete=_completing.files,
    help="Read the repositories that a file lists: a path or a git URL on each line, a revision after it.",
)
@click.option(
    "--shard", metavar="K/N", default="", help="Part K of N of the list [default: as the engine says]."
)
@click.option(
    "--executor", metavar="ADDRESS", default="", help="Scan the list on a Dask cluster: dask://HOST:PORT."
)
@_gate_options.gating
def command(
    paths: tuple[str, ...],
    output_format: str,
    config_file: Path | None,
    scanning: _options.Scanning,
    revision: str | None,
    context: Path | None,
    repositories: str | None,
    shard: str,
    executor: str,
    gate: _gate_options.Gating,
) -> int:
    """List every image that the files under PATH name.

    PATH is a directory, a file, or - for standard input; by default the working directory. In a git work tree
    the files are those that git does not ignore. With --fail-on only what fails is listed.

    \b
    Examples:
      hub2ar scan
      hub2ar scan services/ deploy/ --output-format jsonl
      hub2ar scan --revision v1.4 ../backend.git
      hub2ar scan --repositories repositories.txt --output-format json
      hub2ar scan --fail-on docker-hub --baseline inventory.json
      hub2ar scan --fail-on new,unresolved --baseline inventory.json \\
        --output-format github --report sarif=hub2ar.sarif
      kubectl get pods -A -o json | hub2ar scan -
    """
    from planner import config

    settings = scanning.over(config.load(config_file))
    gate.check(output_format)
    where = _Where(paths, revision, context, repositories, shard, executor)
    where.check()
    inventory, only = where.inventory(settings, scanning), where.only()
    if output_format in _gate_options.DOCUMENTS or not gate.fail_on:
        _print(_within(inventory, only), output_format)
    code = 0
    if gate.fail_on:
        from planner.cli import _gate

        code = _gate.run(_gate.Scanned(inventory, where.trees(), only), gate, settings, output_format)
    _remark(inventory, settings)
    return code


@dataclass(frozen=True, slots=True)
class _Where:
    """What is scanned: paths, a commit of them, or a list of repositories."""

    paths: tuple[str, ...]
    revision: str | None
    context: Path | None
    repositories: str | None
    shard: str
    executor: str

    def check(self) -> None:
        """Raise ConfigError for what cannot be meant together."""
        from planner.errors import ConfigError

        others = self.paths or self.revision is not None or self.context
        if self.repositories is not None and others:
            raise ConfigError(
                "--repositories names all that is scanned", hint="leave out PATH, --revision and --context"
            )
        if (self.shard or self.executor) and self.repositories is None:
            raise ConfigError(
                "--shard and --executor spread repositories, and are for --repositories LIST",
                hint="write a list, which may have one line; the files of PATH are read by --jobs processes",
            )
        if self.context and self.revision is not None:
            raise ConfigError(
                "--context is a folder of files, and --revision names a commit", hint="leave one of them out"
            )

    def inventory(self, settings: "Settings", scanning: _options.Scanning) -> "Inventory":
        """Scan it."""
        from planner.cli import _scanning

        if self.repositories is not None:
            return _scanning.repositories(
                self.repositories, settings.scan, scanning, self.shard, self.executor
            )
        if self.revision is not None:
            return _scanning.revision(self.paths or (".",), self.revision, settings.scan, scanning)
        return _scanning.trees((str(self.context),) if self.context else self.paths, settings, scanning)

    def only(self) -> frozenset[str] | None:
        """Return the files that are reported; None: all that are read."""
        if self.context is None:
            return None
        from planner.cli import _ground

        return _ground.touched(self.context, self.paths)

    def trees(self) -> "list[Path]":
        """Return what of it lies on this machine as files and folders."""
        from planner.cli import _inputs

        if self.repositories is not None or self.revision is not None:
            return []
        return [self.context] if self.context else _inputs.trees(self.paths)


def _within(inventory: "Inventory", only: frozenset[str] | None) -> "Inventory":
    """Return what was found in some files, or is set there."""
    if only is None:
        return inventory
    from msgspec.structs import replace

    from planner.gate import touches

    return replace(inventory, found=tuple(each for each in inventory.found if touches(each, only)))


def _print(inventory: "Inventory", output_format: str) -> None:
    from planner.cli import _text
    from planner.model.document import encode_line, encoded

    match output_format:
        case "json":
            for piece in encoded(inventory):
                click.echo(piece, nl=False)
        case "jsonl":
            for start in range(0, len(inventory.found), _AT_ONCE):
                some = inventory.found[start : start + _AT_ONCE]
                click.echo(b"".join(encode_line(item) + b"\n" for item in some), nl=False)
        case _:
            _text.say(_text.inventory(inventory))


def _remark(inventory: "Inventory", settings: "Settings") -> None:
    """Say what the scan comes to."""
    from planner.cli import _lines, _text

    _lines.remark([_text.scan_summary(inventory)])
    if settings.scan.include and not inventory.found:
        globs = ", ".join(map(repr, settings.scan.include))
        _lines.remark([f"note: nothing is found in paths like {globs}"])
