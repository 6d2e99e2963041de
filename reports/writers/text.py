"""Text: aligned columns for a terminal, no colour.

Cells are wrapped at spaces, and words too long for their column are shortened in the middle, so that the tag
of a reference and the line of a place are always there in full. A table whose tags alone need more than the
width is wider than asked.
"""

import re
import textwrap
from collections.abc import Sequence

from reports.section import Report, Section
from reports.tables import Table
from reports.writers._base import Layout, Writer, cell

_GAP = "  "
_ELLIPSIS = "…"
_NARROW_PROSE = 30  # columns to which prose is wrapped before names are shortened
_LEAST_WORD = 12  # columns that a word keeps before anything of it is left out
_LEAST_NAME = 8  # the same for what stands before a tag
_VERSION = re.compile(rf"(?::[\w.-]+{_ELLIPSIS}?)?(?:@\w+:\w+{_ELLIPSIS}?)?,?\Z")  # tag, digest, or line
_DIGEST = re.compile(r"(\bsha(?:256|384|512):[a-f0-9]{12})[a-f0-9]{52,}")


def write(report: Report, layout: Layout) -> str:
    """Return the report, or one table of it, in lines of at most `layout.width` where tags allow."""
    if layout.table:
        return _table(report.show(layout.table).table, layout.width)
    sections = (_section(section, layout.width) for section in report.sections)
    return "\n".join((f"{cell(report.title)}\n", *sections))


def _section(section: Section, width: int) -> str:
    head = textwrap.fill(f"{section.title}: {cell(section.lead)}", max(width, 20), break_on_hyphens=False)
    return f"{head}\n" if section.table.empty else f"{head}\n\n{_table(section.table, width)}"


def _table(table: Table, width: int) -> str:
    header = [str(name).replace("_", " ") for name in table.columns]
    rows = [[cell(value) for value in row] for row in table.itertuples(index=False, name=None)]
    widths = _widths([header, *rows], width)
    right = [table[name].dtype.kind in "iuf" for name in table.columns]
    rule = _GAP.join("-" * size for size in widths)
    body = (line for row in rows for line in _row(row, widths, right))
    return "\n".join((*_row(header, widths, right), rule, *body)) + "\n"


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the width of each column: what it needs, but squeezed until all fit: first prose, then names."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    room = width - len(_GAP) * (len(columns) - 1)
    prose = [any(" " in text for text in column[1:]) for column in columns]
    for squeezed, narrowest in ((prose, _NARROW_PROSE), ([True] * len(columns), 0)):
        floors = [max(narrowest, *map(_least, column)) for column in columns]
        ceiling = max(widths)
        while sum(widths) > room and ceiling > narrowest:
            ceiling -= 1
            widths = [
                max(min(size, ceiling), min(size, floor)) if chosen else size
                for size, floor, chosen in zip(widths, floors, squeezed, strict=True)
            ]
    return widths


def _least(text: str) -> int:
    """Return the columns that a cell needs to keep what has to stay."""
    return max((_least_of_word(word) for word in text.split()), default=0)


def _least_of_word(word: str) -> int:
    name, version = _split(word)
    return min(len(word), len(version) + min(len(name), _LEAST_NAME) if version else _LEAST_WORD)


def _split(word: str) -> tuple[str, str]:
    """Split a word into what may be shortened and what may not: a tag, a line, the beginning of a digest."""
    short = _DIGEST.sub(rf"\1{_ELLIPSIS}", word)
    match = _VERSION.search(short)
    start = match.start() if match else 0
    return (short[:start], short[start:]) if start else (short, "")


def _shorten(word: str, width: int) -> str:
    """Return a word in `width` columns, its middle left out, its tag never."""
    if len(word) <= width:
        return word
    name, version = _split(word)
    if len(name) + len(version) <= width:
        return name + version
    room = max(width - len(version) - len(_ELLIPSIS), 1)
    head = (room + 2) // 3  # the end of a name says more than its beginning
    return name[:head] + _ELLIPSIS + name[len(name) - room + head :] + version


def _row(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    """Return the lines of a row, as many as its longest cell has."""
    cells = [_wrap(text, width) for text, width in zip(row, widths, strict=True)]
    lines = []
    for index in range(max(map(len, cells))):
        pieces = [wrapped[index] if index < len(wrapped) else "" for wrapped in cells]
        aligned = (
            piece.rjust(width) if flush else piece.ljust(width)
            for piece, width, flush in zip(pieces, widths, right, strict=True)
        )
        lines.append(_GAP.join(aligned).rstrip())
    return lines


def _wrap(text: str, width: int) -> list[str]:
    lines = [""]
    for word in (_shorten(word, width) for word in text.split()):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


WRITER = Writer(name="text", suffix=".txt", write=write)
