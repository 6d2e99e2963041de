import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import ConfigError
from reports.writers._base import extra, pieces, visible


def test_package_that_is_not_there_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match="pyarrow is not installed") as caught, extra("parquet"):
        import pyarrow.parquet  # noqa: F401
    assert caught.value.hint == "pip install 'hub2ar[parquet]'"


def test_text_is_one_piece_and_a_stream_many():
    assert (list(pieces("ab")), list(pieces(iter(["a", "b"])))) == (["ab"], ["a", "b"])


@given(st.text())
def test_what_is_written_out_is_all_that_a_terminal_would_obey(text: str):
    hidden = {"\u061c", "\u200e", "\u200f", *map(chr, (*range(0x2028, 0x202F), *range(0x2066, 0x206A)))}
    hidden |= {chr(code) for code in (*range(32), *range(127, 160))}
    shown = visible(text)
    assert not hidden.intersection(shown)
    assert shown == text or hidden.intersection(text)
