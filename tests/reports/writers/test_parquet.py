"""Parquet, as pyarrow and pandas read it."""

from io import BytesIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from planner.model.availability import Availabilities
from planner.model.inventory import Inventory
from planner.model.plan import Plan
from reports import tables
from reports.columns import TEXT
from reports.report import Document, render
from reports.section import Full, Report
from reports.tables import frame
from reports.writers._base import Layout
from reports.writers.parquet import WRITER


def read(content: object) -> pa.Table:
    assert isinstance(content, bytes)
    return pq.read_table(BytesIO(content))


def test_types_are_kept(availabilities: Availabilities):
    kinds = {
        field.name: field.type for field in read(render(availabilities, "parquet", table="probes")).schema
    }
    assert {name: str(kinds[name]) for name in ("size", "at", "code")} == {
        "size": "int64",
        "at": "timestamp[us, tz=UTC]",
        "code": "int64",
    }
    assert pa.types.is_string(kinds["reference"]) or pa.types.is_large_string(kinds["reference"])


def test_pandas_reads_the_same_table_back(plan: Plan):
    content = render(plan, "parquet", table="actions")
    assert isinstance(content, bytes)
    expected = tables.actions(plan)
    found = pd.read_parquet(BytesIO(content))
    assert found["wave"].dtype == "Int64"
    texts = expected.dtypes.to_dict()  # pandas 2 has two types for texts
    pd.testing.assert_frame_equal(found.astype(texts), expected)


def test_missing_number_is_null_and_no_text_is_empty(availabilities: Availabilities):
    rows = read(render(availabilities, "parquet", table="probes")).to_pylist()
    assert ([row["code"] for row in rows], rows[1]["detail"]) == ([401, 200, None], "")


def test_column_carries_its_meaning_and_unit(availabilities: Availabilities):
    field = read(render(availabilities, "parquet", table="probes")).schema.field("size")
    told = {key: value for key, value in field.metadata.items() if not key.startswith(b"PARQUET")}
    assert told == {b"description": b"of all platforms", b"unit": b"bytes, compressed"}


def test_table_without_rows_has_its_types():
    schema = read(render(Inventory((), (), {}), "parquet")).schema
    assert (str(schema.field("line").type), str(schema.field("pulled").type)) == ("int64", "bool")


@pytest.mark.parametrize("hostile", ["=1+1", "\x00", "\x1b[31m", "a\nb", "'; drop table x; --"])
def test_text_is_kept_as_it_is(hostile: str):
    table = frame({"a": TEXT}, [(hostile,)])
    report = Report("Title", (), (Full("t", "T", "Rows.", lambda: table),))
    assert read(WRITER.write(report, Layout())).to_pylist() == [{"a": hostile}]


def test_document_stands_for_itself(document: Document):
    assert read(render(document, "parquet")).num_rows > 0
