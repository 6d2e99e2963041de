"""What commands write: files whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.cli import _whole
from planner.errors import ConfigError


def test_pieces_follow_each_other_in_a_file(tmp_path: Path):
    _whole.write(iter(["a\n", b"\xff", "\udcfe"]), str(tmp_path / "out"))
    assert (tmp_path / "out").read_bytes() == b"a\n\xff\xfe"


def test_pieces_follow_each_other_on_standard_output(capfdbinary: pytest.CaptureFixture[bytes]):
    _whole.write(["a\n", b"\xff"], "-")
    assert capfdbinary.readouterr().out == b"a\n\xff"


@pytest.mark.parametrize("name", ["taken", "taken/", "nowhere/out", "."])
def test_what_cannot_be_written_is_named_and_leaves_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").mkdir()
    with pytest.raises(ConfigError, match="cannot be written"):
        _whole.write(["new"], name)
    assert [path.name for path in tmp_path.rglob("*")] == ["taken"]


def test_file_stays_as_it_was_where_a_piece_fails(tmp_path: Path):
    def pieces() -> Iterator[str]:
        yield "half"
        raise ConfigError("no more")

    file = tmp_path / "out"
    file.write_text("before")
    with pytest.raises(ConfigError, match="no more"):
        _whole.write(pieces(), str(file))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"out": "before"}
