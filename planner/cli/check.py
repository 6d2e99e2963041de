"""hub2ar check: where each image is available."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli import _asking_options, _completing, _options

if TYPE_CHECKING:
    from planner.config import Settings
    from planner.model.availability import Availabilities


@click.command("check", short_help="Ask where every image is available, without spending a pull.")
@click.argument(
    "arguments",
    nargs=-1,
    metavar="[INVENTORY|PATH|REFERENCE]...",
    shell_complete=_completing.files,
)
@_asking_options.asking
@click.option("--history", is_flag=True, help="Ask no registry: show what earlier checks saw at the mirror.")
@click.option(
    "--merge-history", "merged", multiple=True, metavar="FILE",
    type=click.Path(path_type=Path), help="Import the history of another machine (repeatable).",
)  # fmt: skip
@_options.no_history
@_options.lines
@_options.upstream
@_options.offline
@_options.config
def command(
    arguments: tuple[str, ...],
    asking: _asking_options.Asking,
    history: bool,
    merged: tuple[Path, ...],
    no_history: bool,
    output_format: str,
    upstreams: tuple[str, ...],
    offline: bool,
    config_file: Path | None,
) -> int:
    """Ask Docker Hub and mirror.gcr.io about every image, without spending a pull.

    An argument is a document that scan wrote, a directory or file to scan, or a reference; by default the
    working directory. Docker Hub is asked with HEAD requests, which do not count against its pull limit; what
    an image holds is read at the mirror. Every answer is kept, and --history shows what they come to.

    \b
    Verdicts:
      cached-fresh         the mirror has what Docker Hub has
      cached-stale         the mirror has an older digest under this tag
      not-cached           the mirror does not have it, or not all of it
      rescue               Docker Hub has lost it, the mirror has it: copy it now
      missing-or-private   neither gives it to anonymous users
      unknown              not asked, or no answer

    \b
    Examples:
      hub2ar check
      hub2ar check nginx:1.27 --platform linux/arm64 --deep
      hub2ar scan --output-format json | hub2ar check -
      hub2ar check --history nginx:1.27
    """
    from planner import config
    from planner.cli import _history, _inputs

    if history and no_history:
        raise click.UsageError("--history and --no-history contradict each other")
    settings = config.load(config_file)
    if history or merged:
        return _tell_history(arguments, settings, merged, output_format)
    wanted = asking.wanted(settings)
    given = _inputs.read(arguments, settings)
    kept_in = _history.folder(settings.check, no_history=no_history or offline)
    chosen = upstreams or settings.target.upstreams
    result = _inputs.availability(given, settings, chosen, offline=offline, kept_in=kept_in, wanted=wanted)
    return _print(result, output_format, kept_in)


def _print(result: "Availabilities", output_format: str, kept_in: Path | None) -> int:
    """Print a check, with what the history knows of it."""
    from planner.cli import _checked, _history, _lines, _text
    from planner.model.document import encode, encode_line

    match output_format:
        case "json":
            click.echo(encode(result), nl=False)
        case "jsonl":
            for item in result.images:
                click.echo(encode_line(item))
        case _:
            asked = {item.hub.reference for item in result.images if item.hub}
            kept = _history.known(kept_in, asked) if asked else {}
            for item in result.images:
                known = kept.get(item.hub.reference) if item.hub else None
                _text.say(_checked.availability(item, _lines.columns(), known))
            _lines.remark(["", *_checked.follows(result), ""] if result.images else [])
    _lines.remark((*result.notes, _checked.summary(result)))
    return _checked.exit_code(result)


def _tell_history(
    arguments: tuple[str, ...], settings: "Settings", merged: tuple[Path, ...], output_format: str
) -> int:
    """Take over other histories, and print what is known: of what is named, else of everything."""
    from planner.cli import _checked, _inputs, _lines, _text
    from planner.history import History, directory
    from planner.model.document import encode, encode_line
    from planner.model.stability import Stabilities

    wanted = None
    if arguments:
        named = _inputs.named(_inputs.read(arguments, settings), settings.target.upstreams)
        wanted = {origin.as_asked for each in named if (origin := each.origin(settings.target.upstreams))}
    with History(directory(settings.check.state_dir)) as history:
        for file in merged:
            _text.say([f"{file}: {_text.counted(history.merge(file), 'answer')} taken over"], err=True)
        result = Stabilities(tuple(history.stabilities(wanted).values()))
    match output_format:
        case "json":
            click.echo(encode(result), nl=False)
        case "jsonl":
            for kept in result.images:
                click.echo(encode_line(kept))
        case _:
            for kept in result.images:
                _text.say(_checked.stability(kept, _lines.columns()))
    _lines.remark([_checked.histories_summary(result.images)])
    return 0
