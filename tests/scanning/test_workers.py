"""Processes that files are read in end with the program, whatever ends it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

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
ADDING = """
from planner.scanning import workers

with workers.local(2)() as executor:
    print(executor.submit(sum, (1, 2)).result())
"""


@pytest.fixture
def temporary():
    """A folder for temporary files, with a short name as such folders have."""
    with TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture
def waiting(tmp_path, temporary):
    """A program whose other process waits for a pipe, and the end of that pipe to write to."""
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(
        [sys.executable, "-c", WAITING],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(temporary),
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


def test_they_do_not_outlive_a_program_that_is_killed_and_leave_nothing_behind(waiting, temporary):
    process, pipe = waiting
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert has_ended(pipe)
    assert list(temporary.iterdir()) == []


def test_folder_for_temporary_files_may_have_a_long_name(tmp_path):
    """The name of a socket has about a hundred bytes at the most."""
    (folder := tmp_path / ("x" * 100)).mkdir()
    told = subprocess.run(
        [sys.executable, "-c", ADDING],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
    )
    assert (told.stdout, list(folder.iterdir())) == ("3\n", []), told.stderr


def test_error_ends_them_without_what_they_were_to_do(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    threads = threading.enumerate()
    with pytest.raises(ConfigError, match="enough"):
        _fail(tmp_path / "pipe")
    assert threading.enumerate() == threads


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
