"""hub2ar explain: why the scanner said what it said."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.cli import _completing, _options

if TYPE_CHECKING:
    from planner.model.source import SourceFile


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
    content = file.read_bytes()
    lines = len(content.splitlines())
    if line is not None and not 1 <= line <= max(lines, 1):
        raise errors.NoInput(f"{name} has no line {line}", hint=f"it has {_text.counted(lines, 'line')}")
    root = top(file.resolve().parent)
    path = file.resolve().relative_to(root).as_posix()
    with _scanning.means(settings) as means:
        inventory = scan([root], settings, means)
    catalog = chosen(settings.select, settings.ignore)
    question = Question(
        File(path, f"{root.as_posix()}/{path}"),
        content,
        line or 0,
        catalog,
        partial(_source, root),
        settings.include,
        settings.exclude,
    )
    _text.say(explanation(question, inventory))
    return 0


def _source(root: Path, path: str) -> "SourceFile | None":
    """Return the text of a file of the tree; None where it cannot be read."""
    from planner.model.source import SourceFile

    try:
        return SourceFile(path, (root / path).read_bytes().decode("utf-8", "surrogateescape"))
    except OSError:
        return None


def _parts(place: str) -> tuple[str, int | None]:
    """Split FILE:LINE, None where there is no line; a name with a colon is a file that is there."""
    name, _, line = place.rpartition(":")
    if name and line.isdecimal() and not Path(place).exists():
        return name, int(line)
    return place, None
