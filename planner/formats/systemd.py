"""systemd: what the commands of services pull and run."""

from collections.abc import Iterator

from planner.formats._base import Format, Given
from planner.formats._scripts import WORDS, Finding
from planner.formats._unit_files import in_commands, settings
from planner.model.source import SourceFile


def extract(source: SourceFile, _given: Given) -> Iterator[Finding]:
    """Yield what the commands of a unit name."""
    yield from in_commands(list(settings(source.text)), source.path)


FORMAT = Format(
    name="systemd",
    patterns=(
        "*.{service,socket,mount}",
        "*.service.{in,j2,jinja,jinja2,tmpl,tpl,template,erb,example,dist,sample}",
        "*.{service,socket}.d/*.conf",
    ),
    words=((b"Exec",), *WORDS),
    extract=extract,
    specification="https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html",
)
