"""Markdown: for the description of a pull request or a comment on it.

GitHub takes 65,536 characters, so at most 60,000 are written, and each table says how many of its rows were
left out, and how to get them. Texts come from scanned files: none of them can end a cell, start HTML, link
anywhere, or mention somebody.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from reports.section import Report, Section
from reports.tables import Table
from reports.writers._base import Layout, Writer, cell
from reports.writers._brief import brief

LONGEST = 60_000  # characters of a report
LONGEST_CELL = 500  # characters of a cell, before escaping
LONGEST_PROSE = 200  # the same of a sentence
OPEN_ROWS = 15  # a table with more is folded up

_CODE = re.compile(r"[^\s`|\\]*[./:@_][^\s`|\\]*\Z")  # a name that a code span can hold as it is
_MARKUP = re.compile(r"[&<>|\\`*_\[\]~$]|[@#](?=\w)|:(?=//)|(?i:www)(?=\.)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "\\": "&#92;"}
_ROOM_FOR_REMARKS = 8_000  # characters of all remarks together
_ROOM_FOR_REMARK = 160  # characters of the line that says what was left out, at most


def write(report: Report, layout: Layout) -> str:
    """Return the report, or one table of it."""
    sections = (report.show(layout.table),) if layout.table else report.sections
    title = f"## {_prose(report.title)}\n"
    sections = tuple(replace(section, table=brief(section)) for section in sections)
    tables = [_rows(section.table) for section in sections]
    remarks = list(_remarks(sections))
    bare = [_section(section, (), 0) for section in sections]
    room = LONGEST - len(title) - sum(len(block) + _ROOM_FOR_REMARK for block in (*bare, *remarks))
    filled = zip(sections, tables, _share(tables, room), remarks, strict=True)
    return "\n".join(
        (title, *(_section(section, rows[:count], len(rows), said) for section, rows, count, said in filled))
    )


def _remarks(sections: Sequence[Section]) -> Iterator[str]:
    """Yield the remarks of each section as a list, as long as there is room for them."""
    room = _ROOM_FOR_REMARKS
    for section in sections:
        said = ""
        for remark in section.remarks:
            line = f"- {_prose(remark)}\n"
            room -= len(line)
            said += line if room >= 0 else ""
        yield f"\n{said}" if said else ""


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


def _section(section: Section, rows: Sequence[str], total: int, remarks: str = "") -> str:
    lead = f"{_prose(section.lead)}\n"
    title = f"### {section.title}\n\n{lead}"
    if section.table.empty:
        return f"{title}{remarks}"
    left = total - len(rows)
    said = f"{left:,} of {total:,} rows left out: `--output-format csv --table {section.name}` writes all."
    remark = f"\n{said}\n" if left else ""
    table = "\n".join((*_header(section.table), *rows)) + f"\n{remark}"
    if len(section.table) <= OPEN_ROWS:
        return f"{title}\n{table}{remarks}"
    return (
        f"{title}\n<details><summary>{len(section.table):,} rows</summary>\n\n{table}\n</details>\n{remarks}"
    )


def _header(table: Table) -> tuple[str, str]:
    names = " | ".join(str(name).replace("_", " ") for name in table.columns)
    rule = "|".join(" ---: " if table[name].dtype.kind in "iuf" else " --- " for name in table.columns)
    return f"| {names} |", f"|{rule}|"


def _rows(table: Table) -> list[str]:
    rows = table.itertuples(index=False, name=None)
    return ["| " + " | ".join(_cell(cell(value)) for value in row) + " |" for row in rows]


def _cell(text: str) -> str:
    text = _cut(text, LONGEST_CELL)
    return f"`{text}`" if _CODE.match(text) else escape(text)


def _prose(text: str) -> str:
    return escape(_cut(cell(text), LONGEST_PROSE))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def escape(text: str) -> str:
    """Return a line of text that Markdown shows as it is."""
    return _MARKUP.sub(lambda match: _escape(match.group()), text)


def _escape(char: str) -> str:
    if char in "@#:" or len(char) > 1:
        return f"{char}<!-- -->"  # `@name` would tell that person, `#1` link an issue, `https://` any page
    return _ENTITIES.get(char, f"\\{char}")


WRITER = Writer(name="markdown", suffix=".md", write=write)
