"""Write what the code knows of tables between the marks of a file: .ci/tables.py docs/reporting.md."""

import sys
from collections.abc import Iterator
from pathlib import Path

from reports import columns
from reports.full import MEANINGS

BEGIN = "<!-- tables: from the code, by `make docs` -->\n"
END = "<!-- end of tables -->\n"
TYPES = {
    "str": "text",
    "int64": "integer",
    "Int64": "integer, may be missing",
    "float64": "number, may be missing",
    "bool": "yes or no",
    "datetime64[us, UTC]": "time, may be missing",
}


def document(text: str) -> str:
    """Return a document with the tables as they are now."""
    head, _, rest = text.partition(BEGIN)
    _, _, foot = rest.partition(END)
    return f"{head}{BEGIN}{''.join(map(section, MEANINGS))}\n{END}{foot}"


def section(name: str) -> str:
    """Return what there is to say of one table."""
    return "\n" + "\n".join((f"#### {name}\n", f"{MEANINGS[name]}\n", *rows(name))) + "\n"


def rows(name: str) -> Iterator[str]:
    """Yield the lines of the table of columns."""
    yield "| column | type | unit | what it says |"
    yield "|---|---|---|---|"
    for title, column in getattr(columns, name.upper()).items():
        yield f"| `{title}` | {TYPES[column.dtype]} | {column.unit} | {column.meaning} |"


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.write_text(document(place.read_text(encoding="utf-8")), encoding="utf-8")
