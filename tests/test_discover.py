from pathlib import Path

import pytest

from planner import discover


def test_plug_in_is_summed_up_without_being_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    package = tmp_path / "some_plug_ins"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "csv.py").write_text('"""CSV: one table, in full.\n\nMore.\n"""\n\nraise ValueError\n')
    (package / "json.py").write_text('"""JSON: all tables."""\n')
    monkeypatch.syspath_prepend(tmp_path)
    said = [discover.summary("some_plug_ins", name) for name in discover.names("some_plug_ins")]
    assert said == ["one table, in full", "all tables"]
