"""Rows as frames: the columns and dtypes are those of `columns.py`, however many rows there are."""

from collections.abc import Iterable, Sequence
from enum import Enum

import pandas as pd

from reports.columns import NUMBER, TEXT, Columns

Table = pd.DataFrame
Cell = object  # what pandas takes for a value; the columns say which


def frame(columns: Columns, rows: Iterable[Sequence[Cell]]) -> Table:
    """Return rows as a table with these columns and dtypes, which an empty table has too."""
    cells = [[cell.value if isinstance(cell, Enum) else cell for cell in row] for row in rows]
    dtypes = {name: column.dtype for name, column in columns.items()}
    return pd.DataFrame(cells, columns=list(columns)).astype(dtypes)


def figures(*pairs: tuple[str, int]) -> Table:
    """Return named figures, in the order given."""
    return frame({"figure": TEXT, "count": NUMBER}, pairs)
