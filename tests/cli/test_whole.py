"""What commands write: files whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
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


def test_pipe_stays_a_pipe_and_gets_the_pieces(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with _reading(pipe) as read:
        _whole.write(["a", b"b"], str(pipe))
        assert os.read(read, 10) == b"ab"
    assert pipe.is_fifo()


def test_device_that_is_full_stays_and_is_told(tmp_path: Path):
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    with pytest.raises(ConfigError, match="no space left on device"):
        _whole.write(["a"], str(full))
    assert full.is_char_device()


def test_link_stays_one_and_what_it_leads_to_is_written(tmp_path: Path):
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "file").write_text("before")
    (tmp_path / "link").symlink_to(tmp_path / "far" / "file")
    _whole.write(["after"], str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far" / "file").read_text() == "after"


@contextmanager
def _reading(pipe: Path) -> Iterator[int]:
    """Open a pipe to read, before anybody writes."""
    read = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        yield read
    finally:
        os.close(read)
