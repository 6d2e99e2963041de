"""Rows as records of plain values, for JSON."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pandas as pd

from reports.tables import Table


def lines(table: Table) -> Iterator[str]:
    """Yield each row as a JSON object on one line, in ASCII: no character of it steers a terminal."""
    names = [str(name) for name in table.columns]
    values = (_plain(table.iloc[:, place]) for place in range(len(names)))
    for row in zip(*values, strict=True):
        yield json.dumps(dict(zip(names, row, strict=True)))


def _plain(values: "pd.Series[Any]") -> list[str | int | float | bool | None]:
    """Return the values of a column as Python has them; None for what is missing."""
    dated = pd.api.types.is_datetime64_any_dtype(values.dtype)
    return [
        None if absent else _time(value) if dated else value
        for value, absent in zip(values.tolist(), values.isna(), strict=True)
    ]


def _time(value: datetime) -> str:
    """Return a time in UTC as RFC 3339 has it."""
    return f"{value:%Y-%m-%dT%H:%M:%S}Z"
