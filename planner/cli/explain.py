"""hub2ar explain: why the scanner said what it said."""

from pathlib import Path

import click

from planner.cli import _completing, _options


@click.command("explain")
@click.argument("place", metavar="FILE:LINE", shell_complete=_completing.files)
@_options.config
def command(place: str, config_file: Path | None) -> int:
    """Say why a line names an image, or why it does not.

    The whole tree that the file belongs to is scanned, because values may come from other files. Without a
    line everything that was found in the file is explained.

    \b
    Examples:
      hub2ar explain docker-compose.yml:14
      hub2ar explain charts/web/values.yaml
    """
    from planner import config, errors
    from planner.cli import _scanning, _text
    from planner.scan import scan
    from planner.scanning.catalog import chosen
    from planner.scanning.explain import Question, explanation
    from planner.scanning.reading import File
    from planner.sources.worktree import top

    name, line = _parts(place)
    file = Path(name)
    if not file.is_file():
        file = Path(name.replace("\\", "/"))  # as Windows writes it
    if not file.is_file():
        raise errors.NoInput(f"{name!r} is no file", hint="write FILE:LINE, such as compose.yaml:12")
    settings = config.load(config_file).scan
    root = top(file.resolve().parent)
    path = file.resolve().relative_to(root).as_posix()
    with _scanning.means(settings) as means:
        inventory = scan([root], settings, means)
    catalog = chosen(settings.select, settings.ignore)
    question = Question(
        File(path, f"{root.as_posix()}/{path}"),
        file.read_bytes(),
        line,
        catalog,
        settings.include,
        settings.exclude,
    )
    _text.say(explanation(question, inventory))
    return 0


def _parts(place: str) -> tuple[str, int]:
    """Split FILE:LINE; a name with a colon is a file that is there."""
    name, _, line = place.rpartition(":")
    if name and line.isdecimal() and not Path(place).exists():
        return name, int(line)
    return place, 0
