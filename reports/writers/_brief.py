"""What of a table is shown where there is little room: a terminal, a pull request."""

import pandas as pd

from reports.section import Section
from reports.tables import Table


def brief(section: Section) -> Table:
    """Return the columns that matter most, path and line in one."""
    table = section.table[[name for name in section.brief or section.table.columns if name in section.table]]
    if "path" not in table or "line" not in table:
        return table
    rows = zip(table["path"], table["line"], strict=True)
    places = [path if pd.isna(line) else f"{path}:{line}" for path, line in rows]
    columns = ["place" if name == "path" else str(name) for name in table.columns if name != "line"]
    return table.assign(place=places)[columns]
