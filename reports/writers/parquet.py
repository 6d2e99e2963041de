"""Parquet: one full table with its types, for data frames and query engines.

Each column carries what it means and its unit as metadata of its field (`description`, `unit`).
"""

from io import BytesIO

import pandas as pd

from reports import columns
from reports.section import Report
from reports.writers._base import Layout, Writer, extra


def write(report: Report, layout: Layout) -> bytes:
    """Return the table asked for, else the one that stands for the document. Raises ConfigError."""
    with extra("parquet"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    chosen = report.pick(layout.table) if layout.table else report.data[0]
    told: columns.Columns = getattr(columns, chosen.name.upper(), {})
    table = pa.Table.from_pandas(_plain(chosen.table), preserve_index=False)
    fields = [
        field.with_metadata({"description": told[field.name].meaning, "unit": told[field.name].unit})
        if field.name in told
        else field
        for field in table.schema
    ]
    written = BytesIO()
    pq.write_table(table.cast(pa.schema(fields, table.schema.metadata)), written, compression="zstd")
    return written.getvalue()


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose texts are texts even where there is none: pandas 2 has objects then."""
    texts = [name for name in table.columns if pd.api.types.is_object_dtype(table[name].dtype)]
    return table.astype(dict.fromkeys(texts, "string"))


WRITER = Writer(name="parquet", suffix=".parquet", write=write, binary=True)
