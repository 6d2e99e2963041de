import sys

import pytest

from planner.errors import ConfigError
from reports.writers._base import extra, pieces


def test_package_that_is_not_there_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match="pyarrow is not installed") as caught, extra("parquet"):
        import pyarrow.parquet  # noqa: F401
    assert caught.value.hint == "pip install 'hub2ar[parquet]'"


def test_text_is_one_piece_and_a_stream_many():
    assert (list(pieces("ab")), list(pieces(iter(["a", "b"])))) == (["ab"], ["a", "b"])
