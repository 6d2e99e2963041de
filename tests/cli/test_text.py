"""What people are told: times, sizes, counts."""

import os
import pty
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from planner.cli._text import moment, scan_summary
from planner.model.inventory import Confidence, Inventory, Occurrence, Role
from planner.model.reference import Reference

EVENING = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("UTC", "2026-11-30 20:00 UTC"),
        ("Europe/Berlin", "2026-11-30 21:00 +01:00"),
        ("America/St_Johns", "2026-11-30 16:30 -03:30"),
        ("Asia/Kolkata", "2026-12-01 01:30 +05:30"),
    ],
)
def test_time_is_that_of_clocks_here_with_the_offset(zone, told, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()
        assert moment(EVENING) == told
    time.tzset()


@pytest.mark.parametrize(
    ("more", "coloured"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, False),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, True),
    ],
    ids=str,
)
def test_terminal_shows_colours_where_it_has_them_and_they_are_wanted(more, coloured):
    assert ("\x1b[" in on_a_terminal(["show", "no-such-file"], more)) is coloured
    assert ("\x1b[" in on_a_terminal(["formats", "compose"], more)) is coloured


def on_a_terminal(words, more):
    """Return what a command shows on a terminal."""
    ours, its = pty.openpty()
    environment = {
        name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")
    }
    environment |= {"PYTHONPATH": str(Path(__file__).parents[2]), **more}
    process = subprocess.Popen(
        [sys.executable, "-m", "planner", *words], stdin=its, stdout=its, stderr=its, env=environment
    )
    os.close(its)
    shown = b""
    try:
        while some := os.read(ours, 4096):
            shown += some
    except OSError:  # as Linux tells that nobody has the other end any more
        pass
    finally:
        os.close(ours)
        process.wait(timeout=20)
    return shown.decode()


def test_thousands_are_told_apart_in_every_number_of_a_summary():
    found = tuple(
        Occurrence(
            "Dockerfile", n, 1, "dockerfile", Role.BASE, Reference.parse(f"nginx:{n}"), "", Confidence.CERTAIN
        )
        for n in range(1, 1201)
    )
    said = scan_summary(Inventory((), found, {}))
    assert said.startswith("1,200 distinct references in 1,200 places, 1,200 of them from Docker Hub")
