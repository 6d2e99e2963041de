"""What a report is made of, before any writer gives it a form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from planner.errors import ConfigError, nearest
from planner.model.finding import Findings
from reports.charts import Chart, Tone
from reports.links import Tree
from reports.tables import Table


@dataclass(frozen=True, slots=True)
class Section:
    """A table with what it shows. Writers skip a section without rows, its lead aside."""

    name: str  # for `--table`
    title: str
    lead: str  # one sentence
    table: Table
    charts: tuple[Chart, ...] = ()
    filters: tuple[str, ...] = ()  # columns whose values a reader may choose from
    remarks: tuple[str, ...] = ()  # sentences that belong below the table
    beneath: Mapping[str, str] = field(default_factory=dict)  # a column: the one below which it may stand
    hidden: tuple[str, ...] = ()  # columns for filters and programs only
    brief: tuple[str, ...] = ()  # columns where there is little room, if they are there; empty: all


@dataclass(frozen=True, slots=True)
class Full:
    """A table with all columns, for programs. It is made each time that somebody asks for it."""

    name: str  # for `--table`
    title: str
    lead: str  # one sentence
    make: Callable[[], Table]

    @property
    def table(self) -> Table:
        """The table."""
        return self.make()


@dataclass(frozen=True, slots=True)
class Figure:
    """The answer to a question that everybody asks."""

    question: str
    answer: str  # a number with its unit, or a few words
    remark: str  # a sentence
    tone: Tone = Tone.NEUTRAL
    share: float | None = None  # 0 to 1, where the answer is a part of a whole


@dataclass(frozen=True, slots=True)
class Report:
    """A document as sections, from what everybody asks to the full list.

    `data` are the full tables, for programs; the first stands for the document. Sections are narrower.
    """

    title: str
    sections: tuple[Section, ...]
    data: tuple[Full, ...]
    subtitle: str = ""
    figures: tuple[Figure, ...] = ()  # instead of a summary's table, for writers that can lay them out
    trees: tuple[Tree, ...] = ()  # that places are in
    findings: Findings | None = None  # for writers of findings; None: they were not asked for

    def pick(self, name: str) -> Section:
        """Return the table of that name for programs: of two the full one. Raises ConfigError."""
        return self._full(name) or self._section(name) or self._none(name)

    def show(self, name: str) -> Section:
        """Return the table of that name for people: of two the narrow one. Raises ConfigError."""
        return self._section(name) or self._full(name) or self._none(name)

    def _full(self, name: str) -> Section | None:
        found = (Section(name, each.title, each.lead, each.table) for each in self.data if each.name == name)
        return next(found, None)

    def _section(self, name: str) -> Section | None:
        return next((each for each in self.sections if each.name == name), None)

    def _none(self, name: str) -> NoReturn:
        known = {each.name for each in self.data} | {each.name for each in self.sections}
        hint = nearest(name, sorted(known)) or f"tables: {', '.join(sorted(known))}"
        raise ConfigError(f"no table {name!r} in this report", hint=hint)
