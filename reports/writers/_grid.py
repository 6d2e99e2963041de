"""Tables for a page: what kind each column is, its cells for the first rows, and all rows as JSON.

The page writes the same cells from the JSON that are written here for its first rows.
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from planner.model.words import duration, size
from reports.charts import Tone
from reports.links import SourceUrl, Tree
from reports.meanings import tone
from reports.section import Section
from reports.writers._base import cell, visible

OFFERED = 200  # values of a filter that can be chosen, the most frequent
_REPEATED = 0.7  # a column with fewer distinct values than this share of its rows is written as codes
_MANY = frozenset({"owners", "roles", "platforms", "decision"})  # several values joined by ", "
_CODE = frozenset(
    {"reference", "destination", "subject", "repository", "text", "trail", "planned", "now", "made_by"}
)
_FEW = 2  # of several values, where they stand below another
_BREAK = re.compile(r"(?<=[/@,])(?=.)|(?<=:)(?=[^0-9])", re.DOTALL)
_TITLES = {"bytes": "moved", "seconds": "takes"}  # where the unit stands in the cell
_CHIPS = frozenset({"verdict", "stability", "decision", "result"})
_WIDE = frozenset({"reason", "basis", "problem", "what_to_do", "error", "why", "meaning", "detail"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column as a page shows it."""

    name: str
    title: str
    kind: str  # text, code, chip, place, number, bytes, duration, seconds, flag
    visible: bool
    beneath: int | None  # the column in whose cells it stands
    line: int | None  # of a place: the column with its line

    @property
    def numeric(self) -> bool:
        """Whether it is sorted by number."""
        return self.kind in ("number", "bytes", "duration", "seconds")

    @property
    def many(self) -> bool:
        """Whether a cell holds several values, joined by a comma."""
        return self.name in _MANY

    @property
    def class_name(self) -> str:
        """How it is laid out."""
        if self.numeric:
            return "right"
        return f"is-{self.kind}{' is-wide' if self.name in _WIDE else ''}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the first rows."""

    text: str
    kind: str
    title: str = ""
    class_name: str = ""
    tone: Tone = Tone.UNKNOWN
    href: str = ""
    under: tuple["Cell", ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: the values of a column, each with how many rows have it."""

    name: str
    title: str
    options: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Where places in the code are shown."""

    trees: tuple[Tree, ...]
    url: SourceUrl | None

    def href(self, path: str, line: int) -> str:
        """Return the address of a place; empty where there is none."""
        return self.url.of(path, line, self.trees) if self.url else ""


def columns(section: Section) -> tuple[Column, ...]:
    """Return the columns of a section, in the order of its table."""
    names = [str(name) for name in section.table.columns]
    places = "path" in names and "line" in names
    return tuple(
        Column(
            name,
            "place" if places and name == "path" else _TITLES.get(name, name.replace("_", " ")),
            _kind(section, name),
            visible=not (name in section.hidden or name in section.beneath or (places and name == "line")),
            beneath=names.index(section.beneath[name]) if name in section.beneath else None,
            line=names.index("line") if places and name == "path" else None,
        )
        for name in names
    )


def _kind(section: Section, name: str) -> str:
    dtype = section.table[name].dtype
    if pd.api.types.is_bool_dtype(dtype):
        return "flag"
    if pd.api.types.is_float_dtype(dtype):
        return "seconds" if name == "seconds" else "number"
    if pd.api.types.is_integer_dtype(dtype):
        sizes = {"size": "bytes", "bytes": "bytes", "seconds": "duration", "begins": "duration"}
        return sizes.get(name, "number")
    if name == "path":
        return "place"
    return "chip" if name in _CHIPS else "code" if name in _CODE else "text"


def rows(section: Section, shown: Sequence[Column], places: Places, limit: int) -> list[list[Cell]]:
    """Return the cells of the first rows, those that stand in others in them."""
    values = section.table.head(limit).astype(object).itertuples(index=False, name=None)
    return [
        [_cell(shown, index, row, places) for index, column in enumerate(shown) if column.visible]
        for row in values
    ]


def _cell(shown: Sequence[Column], index: int, row: Sequence[Any], places: Places) -> Cell:
    column = shown[index]
    under = tuple(
        _bare(each, row, below, places)
        for below, each in enumerate(shown)
        if each.beneath == index and row[below] != ""
    )
    bare = _bare(column, row, index, places)
    return Cell(bare.text, bare.kind, column.title, column.class_name, bare.tone, bare.href, under)


def _bare(column: Column, row: Sequence[Any], index: int, places: Places) -> Cell:
    """Return a cell without what stands below it."""
    text = _text(column.kind, row[index])
    if column.kind == "chip":
        return Cell(text, "chip" if text else "text", tone=tone(text))
    if column.many and column.beneath is not None:
        text = shortened(text)
    if column.kind == "place" and text:
        line = None if column.line is None or pd.isna(row[column.line]) else int(row[column.line])
        named = text if line is None else f"{text}:{line}"
        return Cell(named, "place", href=places.href(text, line or 1))
    return Cell(text, column.kind)


def shortened(text: str) -> str:
    """Return the first few of several values, and how many more there are."""
    values = text.split(", ")
    more = len(values) - _FEW
    return text if more <= 0 else f"{', '.join(values[:_FEW])} +{more}"


def pieces(text: str) -> list[str]:
    """Return a name in pieces between which a line may end."""
    return _BREAK.split(text)


def _text(kind: str, value: object) -> str:
    if not isinstance(value, str) and pd.isna(value):  # type: ignore[call-overload]  # any scalar
        return ""
    match kind:
        case "bytes":
            return size(int(str(value)))
        case "duration":
            return duration(int(str(value)))
        case "seconds":
            return f"{float(str(value)):.1f} s"
        case "number" if isinstance(value, int):
            return f"{value:,}"
        case _:
            return cell(value)


def choices(section: Section, shown: Sequence[Column]) -> tuple[Choice, ...]:
    """Return the filters of a section; one with a single value is none."""
    titles = {column.name: column.title for column in shown}
    found = []
    for name in section.filters:
        counts = _counts(section.table[name], many=name in _MANY)
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:OFFERED]
        if len(ranked) > 1:
            found.append(Choice(name, titles[name], tuple(sorted(ranked))))
    return tuple(found)


def _counts(values: "pd.Series[Any]", *, many: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for value, number in values.value_counts(dropna=True).items():
        for each in str(cell(value)).split(", ") if many else [cell(value)]:
            if each:
                counts[each] += int(number)
    return counts


def block(section: Section, shown: Sequence[Column]) -> str:
    """Return all rows as JSON, column by column."""
    written = [
        {
            "name": column.name,
            "title": column.title,
            "kind": column.kind,
            "visible": column.visible,
            "numeric": column.numeric,
            "className": column.class_name,
            "many": column.many,
            **({} if column.beneath is None else {"beneath": column.beneath}),
            **({} if column.line is None else {"line": column.line}),
            **_values(section.table[column.name]),
        }
        for column in shown
    ]
    return embedded({"size": len(section.table), "columns": written})


def _values(series: "pd.Series[Any]") -> dict[str, list[Any]]:
    """Return the values of a column; those of repeated texts once, and for each row which it is."""
    if pd.api.types.is_bool_dtype(series.dtype):
        return {"values": series.tolist()}
    if pd.api.types.is_numeric_dtype(series.dtype):
        return {"values": [None if pd.isna(value) else value for value in series.tolist()]}
    if not pd.api.types.is_string_dtype(series.dtype):
        return {"values": [cell(value) for value in series.tolist()]}
    codes, distinct = pd.factorize(series)
    if len(distinct) < _REPEATED * len(series):
        return {"values": [visible(text) for text in distinct], "codes": codes.tolist()}
    return {"values": [visible(text) for text in series.tolist()]}


def embedded(value: object) -> str:
    """Return JSON for a script element: no text in it ends the element or begins a comment."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
