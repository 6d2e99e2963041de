"""Who stops a process is heard wherever it is: temporary files go, one line says it, the code is 130."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from applying import ROOT

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
SAID = "interrupted; what was done is kept\n"
READING = [
    *(
        "scan -",
        "plan --offline --project acme-prod -",
        "show -",
        "apply -",
        "rewrite -",
        "verify -",
        "report -",
        "merge -",
    ),
    *("export terraform -", "mirror verify -", "check --offline -"),
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / ".git").mkdir()  # no settings from above
    return tmp_path


def started(folder, *words, **more):
    """Start Python in a folder."""
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def until(true):
    """Return once something is so."""
    while not true():
        time.sleep(0.01)


def reads(process):
    """Tell whether a process waits in read(2) for its standard input."""
    with suppress(OSError):
        return Path(f"/proc/{process.pid}/syscall").read_text(encoding="ascii").startswith("0 0x0 ")
    return True


def stopped(folder, program, number):
    """Return what a program says, and its exit code, that gets a signal while it reads."""
    with started(folder, "-c", program, stdin=subprocess.PIPE) as process:
        until(lambda: reads(process))
        process.send_signal(number)
        return *process.communicate(timeout=20), process.returncode


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("words", READING)
def test_command_that_reads_ends_with_130_and_one_line(folder, words, number):
    with started(folder, "-m", "planner", *words.split(), stdin=subprocess.PIPE) as process:
        until(lambda: reads(process))
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, "", SAID)


WRITING = """
import sys
from planner.cli import _stopping, _whole

def pieces():
    yield "half"
    sys.stdout.write("begun")
    sys.stdout.flush()
    sys.stdin.read()

with _stopping.heard():
    _whole.write(pieces(), "out")
"""


@pytest.mark.parametrize("number", SIGNALS)
def test_half_of_a_file_is_removed(folder, number):
    (folder / "out").write_text("before")
    with started(folder, "-c", WRITING, stdin=subprocess.PIPE) as process:
        until(lambda: reads(process))
        assert [path.name for path in folder.iterdir() if path.name.startswith(".out.")] != []
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, SAID)
    assert {path.name for path in folder.iterdir()} == {".git", "out"}
    assert (folder / "out").read_text() == "before"


IMPORTING = """
import sys
from planner.cli import _stopping

with _stopping.heard():
    sys.stdin.read()
    from planner.cli.main import main
"""


def test_stop_before_the_command_is_there_is_said_too(folder):
    assert stopped(folder, IMPORTING, signal.SIGTERM) == ("", SAID, 130)


EXECUTING = """
import sys
from planner.cli import _stopping
with _stopping.heard():
    exec("sys.stdin.read()")
"""


@pytest.mark.parametrize("number", SIGNALS)
def test_stop_while_a_text_is_executed_ends_with_130_too(folder, number):
    """As in the middle of an import that defines dataclasses: Python would end by the signal."""
    assert stopped(folder, EXECUTING, number) == ("", SAID, 130)


DEFINING = """
import sys
from planner.cli import _stopping

class Named:
    def __set_name__(self, owner, name):
        sys.stdin.read()

with _stopping.heard():
    class Owner:
        named = Named()
"""


def test_stop_in_the_definition_of_a_class_is_no_error(folder):
    """As in the middle of an import: what is raised there arrives as another error."""
    assert stopped(folder, DEFINING, signal.SIGTERM) == ("", SAID, 130)


EARLY = """
import os, signal, sys

class Finder:
    def find_spec(self, name, path, target=None):
        if name == "planner.cli._stopping":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
import planner.__main__
"""


def test_ctrl_c_before_signals_are_heard_shows_no_traceback(folder):
    with started(folder, "-c", EARLY) as process:
        assert (process.communicate(timeout=20), process.returncode) == (("", ""), -signal.SIGINT)


SWALLOWING = """
import sys
from planner.cli import _stopping

class Careless:
    def __del__(self):
        sys.stdin.read()  # what is raised here is lost

with _stopping.heard():
    careless = Careless()
    del careless
    sys.stdin = open("pipe")
"""


def test_stop_that_is_lost_where_nothing_can_be_raised_comes_again(folder):
    os.mkfifo(folder / "pipe")  # nobody ever writes to it
    assert stopped(folder, SWALLOWING, signal.SIGTERM) == ("", SAID, 130)


TWICE = """
import signal, sys
from planner.cli import _stopping

with _stopping.heard():
    try:
        sys.stdin.read()
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM):
            signal.raise_signal(number)
        print("cleaned")
"""


def test_more_signals_do_not_disturb_what_cleans_up(folder):
    assert stopped(folder, TWICE, signal.SIGINT) == ("cleaned\n", SAID, 130)


ENDED = """
import signal, sys
from planner.cli import _stopping

class Late:
    def __del__(self):
        signal.raise_signal(signal.SIGTERM)

with _stopping.heard():
    pass
late = Late()
%s
sys.exit(4)
"""


@pytest.mark.parametrize("when", ["del late", "", "sys.modules['late'] = late"])
def test_stop_after_the_end_changes_nothing(folder, when):
    with started(folder, "-c", ENDED % when) as process:
        assert (process.communicate(timeout=20), process.returncode) == (("", ""), 4)


def test_signal_that_is_ignored_stays_so(folder):
    code = "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + TWICE.replace(
        "signal.SIGTERM, signal.SIGINT, signal.SIGTERM", ""
    )
    with started(folder, "-c", code, stdin=subprocess.PIPE) as process:
        until(lambda: reads(process))
        process.send_signal(signal.SIGHUP)
        assert (process.communicate("", timeout=20), process.returncode) == (("cleaned\n", ""), 0)


FAILING = """
import signal, sys
from planner.cli import _stopping
from planner.cli.main import hub2ar, run

@hub2ar.command("x")
def command():
    try:
        sys.stdin.read()
    except KeyboardInterrupt:
        raise ImportError("something else came of it")

hub2ar.list_commands = lambda ctx: ["x"]
hub2ar.get_command = lambda ctx, name: command
with _stopping.heard():
    sys.exit(run(["x"]))
"""


def test_what_comes_of_a_stop_is_no_bug(folder):
    assert stopped(folder, FAILING, signal.SIGTERM) == ("", SAID, 130)
