"""Processes that files are read in end with the program, whatever ends it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planner.errors import ConfigError
from planner.scanning import workers

ROOT = Path(__file__).parents[2]
WAITING = """
from pathlib import Path
from planner.cli import _stopping
from planner.scanning import workers

with _stopping.heard():
    with workers.local(2)() as executor:
        executor.submit(Path.read_bytes, Path("pipe")).result()
"""


@pytest.fixture
def waiting(tmp_path):
    """A program whose other process waits for a pipe, and the end of that pipe to write to."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "temporary").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", WAITING],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(tmp_path / "temporary"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        pipe = os.open(tmp_path / "pipe", os.O_WRONLY)  # which waits for who reads
        yield process, pipe
        os.close(pipe)


def has_ended(pipe):
    """Return once nobody reads a pipe any more."""
    try:
        while True:
            os.write(pipe, b"x")
            time.sleep(0.01)
    except BrokenPipeError:
        return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stop_ends_them_at_once_and_none_of_them_says_anything(waiting, number):
    process, pipe = waiting
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does
    else:
        process.send_signal(number)
    said = process.communicate(timeout=20)
    assert (process.returncode, *said) == (130, b"", b"interrupted; what was done is kept\n")
    assert has_ended(pipe)


def test_they_do_not_outlive_a_program_that_is_killed_and_leave_nothing_behind(waiting, tmp_path):
    process, pipe = waiting
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert has_ended(pipe)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_error_ends_them_without_what_they_were_to_do(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match="enough"):
        _fail(tmp_path / "pipe")


def _fail(pipe):
    start = workers.local(2)
    assert start is not None
    with start() as executor:
        for _ in range(9):
            executor.submit(Path.read_bytes, pipe)
        raise ConfigError("enough")


def test_one_process_is_none_beside_the_program():
    assert workers.local(1) is None


def test_address_that_is_none_is_told_with_how_to_write_it():
    with pytest.raises(ConfigError, match="'tcp://x' is no executor") as error:
        workers.remote("tcp://x")
    assert "dask://HOST:PORT" in error.value.hint
