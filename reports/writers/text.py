"""Text: aligned columns as wide as the terminal, in colour where it has any.

Cells are wrapped at spaces, and words too long for their column are shortened in the middle, so that the tag
of a reference and the line of a place are always there in full. A table whose tags alone need more than the
width is wider than asked. Long tables show their first rows, and say how to get the others.

Colours are one control sequence (SGR of ECMA-48), put around texts that are laid out already; a library for
them would be one more dependency, and would lay out tables without knowing which end of a name has to stay.
"""

import re
import textwrap
from collections.abc import Mapping, Sequence

from reports.charts import Tone
from reports.meanings import TONES
from reports.section import Report, Section
from reports.tables import Table
from reports.writers._base import Layout, Writer, cell
from reports.writers._brief import brief

SHOWN = 40  # rows of a table, where all tables are shown
_GAP = "  "
_PLAIN = Layout()
_BOLD = "1"
_STYLES: Mapping[Tone | None, str] = {
    Tone.GOOD: "32",  # green
    Tone.LATE: "33",  # yellow
    Tone.NEUTRAL: "36",  # cyan
    Tone.RISK: "31",  # red
    Tone.LOST: "35",  # magenta
    Tone.UNKNOWN: "2",  # faint
}  # parameters of SGR; the words are there without them
_ELLIPSIS = "…"
_NARROW_PROSE = 30  # columns to which prose is wrapped before names are shortened
_LEAST_WORD = 12  # columns that a word keeps before anything of it is left out
_LEAST_NAME = 8  # the same for what stands before a tag
_VERSION = re.compile(rf"(?::[\w.-]+{_ELLIPSIS}?)?(?:@\w+:\w+{_ELLIPSIS}?)?,?\Z")  # tag, digest, or line
_DIGEST = re.compile(r"(\bsha(?:256|384|512):[a-f0-9]{12})[a-f0-9]{52,}")


def write(report: Report, layout: Layout) -> str:
    """Return the report, or one table of it, in lines of at most `layout.width` where tags allow."""
    if layout.table:
        return _table(report.show(layout.table).table, layout)
    title = _painted(cell(report.title), _BOLD, layout)
    sections = (_section(section, layout) for section in report.sections)
    return "\n".join((f"{title}\n", *sections))


def _section(section: Section, layout: Layout) -> str:
    said = f"{section.title}: {cell(section.lead)}"
    head = _wrapped(said, layout.width).replace(section.title, _painted(section.title, _BOLD, layout), 1)
    blocks = [head]
    if not section.table.empty:
        blocks.append(_table(brief(section).head(SHOWN), layout).rstrip("\n"))
    if len(section.table) > SHOWN:
        blocks.append(f"{len(section.table) - SHOWN:,} more: --table {section.name}")
    if section.remarks:
        blocks.append("\n".join(_wrapped(cell(remark), layout.width) for remark in section.remarks))
    return "\n\n".join(blocks) + "\n"


def _wrapped(text: str, width: int) -> str:
    return textwrap.fill(text, max(width, 20), break_on_hyphens=False)


def _table(table: Table, layout: Layout) -> str:
    header = [str(name).replace("_", " ") for name in table.columns]
    rows = [[cell(value) for value in row] for row in table.itertuples(index=False, name=None)]
    widths = _widths([header, *rows], layout.width)
    right = [table[name].dtype.kind in "iuf" for name in table.columns]
    rule = _GAP.join("-" * size for size in widths)
    body = (line for row in rows for line in _row(row, widths, right, layout))
    return "\n".join((*_row(header, widths, right), rule, *body)) + "\n"


def _painted(text: str, style: str, layout: Layout) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if layout.colour and style and text else text


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


def _row(
    row: Sequence[str], widths: Sequence[int], right: Sequence[bool], layout: Layout = _PLAIN
) -> list[str]:
    """Return the lines of a row, as many as its longest cell has."""
    cells = [_wrap(text, width) for text, width in zip(row, widths, strict=True)]
    styles = [_STYLES.get(TONES.get(text.split(",")[0]), "") for text in row]
    lines = []
    for index in range(max(map(len, cells))):
        pieces = [wrapped[index] if index < len(wrapped) else "" for wrapped in cells]
        aligned = (
            _aligned(_painted(piece, style, layout), width - len(piece), flush)
            for piece, width, flush, style in zip(pieces, widths, right, styles, strict=True)
        )
        lines.append(_GAP.join(aligned).rstrip())
    return lines


def _aligned(text: str, blanks: int, flush: bool) -> str:
    return " " * blanks + text if flush else text + " " * blanks


def _wrap(text: str, width: int) -> list[str]:
    lines = [""]
    for word in (_shorten(word, width) for word in text.split()):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


WRITER = Writer(name="text", suffix=".txt", write=write)
