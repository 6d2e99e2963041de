"""Markdown: for the description of a pull request or a comment on it.

GitHub takes 65,536 characters, so at most 60,000 are written, and each table says how many of its rows were
left out. Texts come from scanned files: none of them can end a cell, start HTML, or mention somebody.
"""

import re
from collections.abc import Sequence

from reports.section import Report, Section
from reports.tables import Table
from reports.writers._base import Layout, Writer, cell

LONGEST = 60_000  # characters of a report
LONGEST_CELL = 500  # characters of a cell, before escaping
OPEN_ROWS = 15  # a table with more is folded up

_CODE = re.compile(r"[^\s`|\\]*[./:@_][^\s`|\\]*\Z")  # a name that a code span can hold as it is
_MARKUP = re.compile(r"[&<>|\\`*_\[\]~$]|[@#](?=\w)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "\\": "&#92;"}
_ROOM_FOR_REMARK = 60  # characters of the line that says what was left out, at most


def write(report: Report, layout: Layout) -> str:
    """Return the report, or one table of it."""
    sections = (report.show(layout.table),) if layout.table else report.sections
    title = f"## {escape(cell(report.title))}\n"
    tables = [_rows(section.table) for section in sections]
    bare = [_section(section, (), 0) for section in sections]
    shown = _share(tables, LONGEST - len(title) - sum(len(block) + _ROOM_FOR_REMARK for block in bare))
    filled = zip(sections, tables, shown, strict=True)
    return "\n".join(
        (title, *(_section(section, rows[:count], len(rows)) for section, rows, count in filled))
    )


def _share(tables: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return how many rows of each table are shown: small tables whole, the others share what is left."""
    shown = [0] * len(tables)
    sizes = [sum(len(row) + 1 for row in rows) for rows in tables]
    order = sorted(range(len(tables)), key=sizes.__getitem__)
    for place, index in enumerate(order):
        share = room // (len(order) - place)
        for row in tables[index]:
            share -= len(row) + 1
            if share < 0:
                break
            room -= len(row) + 1
            shown[index] += 1
    return shown


def _section(section: Section, rows: Sequence[str], total: int) -> str:
    lead = f"{escape(cell(section.lead))}\n"
    title = f"### {section.title}\n\n{lead}"
    if section.table.empty:
        return title
    left = total - len(rows)
    remark = f"\n{left} of {total} rows left out.\n" if left else ""
    table = "\n".join((*_header(section.table), *rows)) + f"\n{remark}"
    if len(section.table) <= OPEN_ROWS:
        return f"{title}\n{table}"
    return f"{title}\n<details><summary>{len(section.table)} rows</summary>\n\n{table}\n</details>\n"


def _header(table: Table) -> tuple[str, str]:
    names = " | ".join(str(name).replace("_", " ") for name in table.columns)
    rule = "|".join(" ---: " if table[name].dtype.kind in "iuf" else " --- " for name in table.columns)
    return f"| {names} |", f"|{rule}|"


def _rows(table: Table) -> list[str]:
    rows = table.itertuples(index=False, name=None)
    return ["| " + " | ".join(_cell(cell(value)) for value in row) + " |" for row in rows]


def _cell(text: str) -> str:
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - 1] + "…"
    return f"`{text}`" if _CODE.match(text) else escape(text)


def escape(text: str) -> str:
    """Return a line of text that Markdown shows as it is."""
    return _MARKUP.sub(lambda match: _escape(match.group()), text)


def _escape(char: str) -> str:
    if char in "@#":
        return f"{char}<!-- -->"  # `@name` would tell that person, `#1` link an issue
    return _ENTITIES.get(char, f"\\{char}")


WRITER = Writer(name="markdown", suffix=".md", write=write)
