"""Write what `--help` says of every command: .ci/commands.py docs/commands.md docs/man.

The first is one page of Markdown, the second a folder with a manual page for each command.
"""

import inspect
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from planner import __version__, errors
from planner.cli.main import hub2ar

HEAD = """# Commands

Written by `make docs` from the code: what `hub2ar COMMAND --help` says, and the manual pages too
(`man hub2ar-scan`). [errors.md](errors.md) has the exit codes.
"""
BAR = "\\|"  # in a cell of a table
VERBATIM = "\b"  # how click marks a paragraph whose lines stay as they are


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Prose, or lines as they are below a title, which may be empty."""

    title: str
    lines: tuple[str, ...]
    prose: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All that is said of one command."""

    name: str  # as it is called: `hub2ar mirror config`
    usage: str  # what follows the name
    paragraphs: tuple[Paragraph, ...]
    options: tuple[tuple[str, str], ...]
    commands: tuple[tuple[str, str], ...]  # names of those below it, and what each does

    @property
    def summary(self) -> str:
        """What the command does, in its first sentence without a full stop."""
        text = " ".join(self.paragraphs[0].lines)
        return re.split(r"[.:;](?: |$)", text)[0]


def pages(command: click.Command = hub2ar, parent: click.Context | None = None) -> Iterator[Page]:
    """Yield a command and then those below it, in the order of its help."""
    context = command.make_context(command.name, [], parent, resilient_parsing=True)
    below = []
    if isinstance(command, click.Group):
        found = ((name, command.get_command(context, name)) for name in command.list_commands(context))
        below = [(name, each) for name, each in found if each is not None]
    own = [list(pages(each, context)) for _, each in below]
    yield Page(
        context.command_path,
        " ".join(command.collect_usage_pieces(context)),
        tuple(_paragraphs(command.help or "")),
        tuple(_options(command, context)),
        tuple((each[0].name, each[0].summary) for each in own),
    )
    for each in own:
        yield from each


def _paragraphs(text: str) -> Iterator[Paragraph]:
    for part in re.split(r"\n[ \t]*\n", inspect.cleandoc(text)):
        lines = part.strip("\n").splitlines()
        if lines[0].strip() != VERBATIM:
            yield Paragraph("", tuple(line.strip() for line in lines), prose=True)
        elif lines[1].endswith(":") and not lines[1].startswith(" "):
            yield Paragraph(
                lines[1].removesuffix(":"), tuple(textwrap.dedent("\n".join(lines[2:])).splitlines()), False
            )
        else:
            yield Paragraph("", tuple(lines[1:]), prose=False)


def _options(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    for parameter in command.get_params(context):
        record = None if isinstance(parameter, click.Argument) else parameter.get_help_record(context)
        if record is not None:
            yield record


def markdown() -> str:
    """Return the page of all commands."""
    return HEAD + "".join(_markdown(page) for page in pages())


def _markdown(page: Page) -> str:
    parts = [f"## {page.name}", f"```text\n{page.name} {page.usage}\n```"]
    for paragraph in page.paragraphs:
        if paragraph.prose:
            parts.append(_escaped(" ".join(paragraph.lines)))
        else:
            title = f"**{paragraph.title}**\n\n" if paragraph.title else ""
            language = "sh" if paragraph.title.startswith("Example") else "text"
            parts.append(f"{title}```{language}\n" + "\n".join(paragraph.lines) + "\n```")
    if page.commands:
        links = [(f"[{name}](#{name.replace(' ', '-')})", said) for name, said in page.commands]
        parts.append(_table("command", "what it does", links))
    parts.append(
        _table("option", "meaning", [(f"`{names}`", _escaped(said)) for names, said in page.options])
    )
    return "\n" + "\n\n".join(parts) + "\n"


def _table(first: str, second: str, rows: Iterable[tuple[str, str]]) -> str:
    lines = (" | ".join(each.replace("|", BAR) for each in row) for row in rows)
    return "\n".join((f"| {first} | {second} |", "|---|---|", *(f"| {line} |" for line in lines)))


def _escaped(text: str) -> str:
    """Keep Markdown from reading what stands in help as its own: `<`, `*`, brackets of defaults."""
    return re.sub(r"(`[^`]*`)|([<*_\[\]])", lambda found: found[1] or "\\" + found[2], text)


def manuals() -> dict[str, str]:
    """Return each manual page by the name of its file."""
    found = list(pages())
    return {f"{page.name.replace(' ', '-')}.1": _manual(page, found[0]) for page in found}


def _manual(page: Page, top: Page) -> str:
    title = page.name.replace(" ", "-")
    parts = [
        f'.TH {title.upper()} 1 "" "hub2ar {__version__}" "User Commands"',
        ".SH NAME",
        f"{_roff(title)} \\- {_roff(page.summary[:1].lower() + page.summary[1:])}",
        ".SH SYNOPSIS",
        f".B {_roff(page.name)}\n{_roff(page.usage)}",
        ".SH DESCRIPTION",
        *_described(page),
        ".SH OPTIONS",
        *(f".TP\n.B {_roff(names)}\n{_roff(said)}" for names, said in page.options),
    ]
    if page.commands:
        parts += [".SH COMMANDS", *(f".TP\n.B {_roff(name)}\n{_roff(said)}" for name, said in page.commands)]
    parts += [".SH EXIT STATUS", *(f".TP\n.B {code}\n{_roff(said)}" for code, said in errors.EXITS.items())]
    others = [name for name, _ in (*page.commands, *top.commands)] if page is top else [top.name]
    named = [f".BR {_roff(name.replace(' ', '-'))} (1)" for name in dict.fromkeys(others)]
    parts += [".SH SEE ALSO", " ,\n".join(named)]
    return "\n".join(parts) + "\n"


def _described(page: Page) -> Iterator[str]:
    for number, paragraph in enumerate(page.paragraphs):
        if paragraph.title.startswith("Example"):
            yield ".SH EXAMPLES"
        elif paragraph.title:
            yield f".PP\n{_roff(paragraph.title)}:"
        elif number:
            yield ".PP"
        if paragraph.prose:
            yield _roff(" ".join(paragraph.lines))
        else:
            yield ".nf\n" + "\n".join(map(_roff, paragraph.lines)) + "\n.fi"


def _roff(text: str) -> str:
    """Return a text as roff takes it: no line is a request, and a hyphen is one that can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(markdown(), encoding="utf-8")
    folder = Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    for stale in folder.glob("*.1"):
        stale.unlink()
    for name, text in manuals().items():
        (folder / name).write_text(text, encoding="utf-8")
