"""What an export is: a plan as files for another tool.

An export is a pure function. Whatever a plan says may come from code that nobody trusts, so every text of it
is quoted as the language of the file wants it, and comments are one line each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from planner.model.plan import Plan
from planner.model.source import SourceFile


@dataclass(frozen=True, slots=True)
class File:
    """A file of an export."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Engine:
    """How an engine is to run hub2ar; what is empty is taken from the plan, as `_engine.py` says."""

    image: str = ""  # of hub2ar
    tasks: int = 4  # that share the transfers
    parallelism: int = 0  # tasks at once; 0: all of them
    schedule: str = "17 3 * * *"  # cron, in UTC
    region: str = ""
    service_account: str = ""  # that hub2ar runs as
    folder: str = ""  # gs://BUCKET/PATH or a directory: plan.json is there, and outcomes are put there


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may choose."""

    syntax: str = ""  # one of those of the export; empty: its first
    enforce: bool = False  # guards refuse what they find, and do not only report it
    sources: Mapping[str, SourceFile] = field(default_factory=dict)  # of `Export.reads`, where they are there
    engine: Engine = Engine()  # of `Export.takes`


def _nothing(_: Plan) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Export:
    """Something that can take a plan."""

    name: str
    title: str  # one line
    render: Callable[[Plan, Options], tuple[File, ...]]
    specification: str  # URL
    syntaxes: tuple[str, ...] = ()  # that --format chooses among
    guards: bool = False  # whether it can be enforced
    reads: Callable[[Plan], tuple[str, ...]] = _nothing  # the paths of the tree whose text it needs
    takes: tuple[str, ...] = ()  # the fields of `Engine` that it is about


def printed(text: str) -> str:
    """Return a text on one line; characters that steer a terminal or end a line are written out."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text
    )


def comment(*lines: str) -> str:
    """Return lines as comments of YAML, HCL, TOML or a shell."""
    return "".join(f"# {printed(line)}".rstrip() + "\n" for line in lines)


def head(plan: Plan, name: str, *lines: str) -> str:
    """Return how a file begins: where it comes from, and how it is used."""
    made = f"{plan.created:%Y-%m-%d}"
    return comment(f"Written by `hub2ar export {name}` from the plan of {made}.", *lines)
