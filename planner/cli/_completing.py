"""What a shell is offered for a word: files, folders, and the names that hub2ar knows.

Each function is a `shell_complete` of click: https://click.palletsprojects.com/en/stable/shell-completion/
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from planner import discover

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def files(_: click.Context, __: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Let the shell offer files and folders."""
    return _paths(begun, "file")


def folders(_: click.Context, __: click.Parameter, begun: str) -> "list[CompletionItem]":
    """Let the shell offer folders."""
    return _paths(begun, "dir")


def formats(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Offer the formats of a scan."""
    return _beginning(begun, discover.names("planner.formats"))


def exports(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Offer the exports."""
    return _beginning(begun, _spelled("planner.exports"))


def runtimes(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Offer the runtimes that can be told of a mirror."""
    return _beginning(begun, _spelled("planner.runtimes"))


def scenarios(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Offer what can go wrong in a rehearsal."""
    return _beginning(begun, _spelled("planner.rehearsal.scenarios"))


def tables(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Offer the full tables of reports, whichever documents they are of."""
    from reports.full import MEANINGS

    return _beginning(begun, sorted(MEANINGS))


def criteria(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Offer what makes a scan fail, after each comma."""
    from planner.cli._gate_options import CRITERIA

    before, comma, last = begun.rpartition(",")
    return [f"{before}{comma}{name}" for name in _beginning(last, CRITERIA)]


def _paths(begun: str, kind: str) -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem  # only a shell asks for it

    return [CompletionItem(begun, type=kind)]


def _spelled(package: str) -> list[str]:
    return [name.replace("_", "-") for name in discover.names(package)]


def _beginning(begun: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(begun)]
