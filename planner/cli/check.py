"""hub2ar check: where each image can be had."""

from pathlib import Path

import click

from planner.cli import _options


@click.command("check")
@click.argument("arguments", nargs=-1, metavar="[INVENTORY|PATH|REFERENCE]...")
@_options.lines
@_options.upstream
@_options.offline
@_options.config
def command(
    arguments: tuple[str, ...],
    output_format: str,
    upstreams: tuple[str, ...],
    offline: bool,
    config_file: Path | None,
) -> int:
    """Ask Docker Hub and mirror.gcr.io about every image, without spending a pull.

    An argument is a document that scan wrote, a directory or file to scan, or a reference; by default the
    working directory. Docker Hub is asked with HEAD requests only, which do not count against its pull limit.

    \b
    Verdicts:
      cached-fresh         the mirror has what Docker Hub has
      cached-stale         the mirror has an older digest under this tag
      not-cached           the mirror does not have it
      rescue               Docker Hub has lost it, the mirror has it: copy it now
      missing-or-private   neither has it for the anonymous
      unknown              not asked, or no answer

    \b
    Examples:
      hub2ar check
      hub2ar check nginx:1.27 grafana/grafana:11.2.0
      hub2ar scan --output-format json | hub2ar check -
    """
    from planner import config
    from planner.cli import _inputs, _text
    from planner.model.document import encode, encode_line

    settings = config.load(config_file)
    given = _inputs.read(arguments, settings)
    result = _inputs.availability(given, settings, upstreams or settings.target.upstreams, offline=offline)
    match output_format:
        case "json":
            click.echo(encode(result), nl=False)
        case "jsonl":
            for item in result.images:
                click.echo(encode_line(item))
        case _:
            _text.say(map(_text.availability, result.images))
    _text.say([*result.notes, _text.check_summary(result)], err=True)
    return 0
