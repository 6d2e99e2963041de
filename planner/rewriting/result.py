"""What becomes of trees that are rewritten: files, places that are served, what is left or refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.model.inventory import Inventory
from planner.model.plan import Rewrite
from planner.model.reference import Reference
from planner.model.words import few
from planner.rewriting.choice import Left
from planner.rewriting.edits import Edit
from planner.rewriting.files import Planned


def together(reasons: Sequence[str]) -> str:
    """Return why a repository is refused, in one line however much is wrong with it."""
    return few(reasons, between="; ")


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that is edited."""

    file: Planned
    edits: tuple[Edit, ...]  # of what it held when the plan was made
    after: bytes

    @property
    def pending(self) -> bool:
        """Whether it has not been written yet."""
        return self.file.now != self.after


@dataclass(frozen=True, slots=True)
class Served:
    """A central place that is edited, and what it serves."""

    name: str
    title: str
    unseen: str  # what the second scan does not prove
    places: tuple[str, ...]  # path:line, as they are afterwards
    rewrites: tuple[Rewrite, ...]


@dataclass(frozen=True, slots=True)
class Repository:
    """What becomes of the files of one repository: all of it, or nothing where it is refused."""

    top: Path
    files: tuple[Changed, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()  # that the edits make true
    left: tuple[Left, ...] = ()
    refused: str = ""  # why nothing is changed
    central: tuple[Served, ...] = ()  # places that gave many of them their names at once

    @property
    def pending(self) -> tuple[Changed, ...]:
        """The files that have not been written yet."""
        return tuple(each for each in self.files if each.pending)


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What becomes of all repositories, and what the code named before."""

    repositories: tuple[Repository, ...]
    before: Inventory
    moved: Mapping[int, Reference]  # destinations, by the index of what was found
    notes: tuple[str, ...] = ()  # what else names what was moved
