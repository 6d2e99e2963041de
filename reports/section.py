"""What a report is made of, before any writer gives it a form."""

from dataclasses import dataclass

from planner.errors import ConfigError
from reports.tables import Table


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: `1 image`, `3 images`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


@dataclass(frozen=True, slots=True)
class Section:
    """A table with what it shows. Writers pass over a section without rows, its lead aside."""

    name: str  # for `--table`
    title: str
    lead: str  # one sentence
    table: Table


@dataclass(frozen=True, slots=True)
class Report:
    """A document as sections, from what everybody asks to the full list.

    `data` are the full tables, for programs; the first stands for the document. Sections are narrower.
    """

    title: str
    sections: tuple[Section, ...]
    data: tuple[Section, ...]

    def pick(self, name: str) -> Section:
        """Return the table of that name, the full one where there are two. Raises ConfigError."""
        tables = {section.name: section for section in (*self.sections, *self.data)}
        if name not in tables:
            raise ConfigError(
                f"no table {name!r} in this report", hint=f"tables: {', '.join(sorted(tables))}"
            )
        return tables[name]
