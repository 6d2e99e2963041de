"""Progress: counted as it goes on, and seen on a terminal, off it, and by engines."""

import os
import pty
from datetime import UTC, datetime

import pytest
from applying import begun, lines, standing
from campaigns import copy, names
from msgspec.structs import replace

from planner.cli._log import Log
from planner.cli._progress import Progress
from planner.cli._views import Lines, Screen
from planner.model.availability import PullLimit
from planner.model.outcome import Outcome, Result
from planner.model.plan import key
from planner.rehearsal.limits import Limits

REDIS, NGINX, HTTPD = [replace(copy(each), size=1000) for each in names("redis", "nginx", "httpd")]
MEGA = 1_000_000  # bytes


class Run:
    """A campaign of which a test says how far it is."""

    def __init__(self, *jobs):
        self.now, self.received, self.limit = 0.0, 0, None
        self.progress = Progress(jobs, lambda: self.received, lambda: self.limit, lambda: self.now)

    def end(self, job, result=Result.DONE, size=0):
        self.progress.ended(job, Outcome(key(job), "copy", str(job.destination), result, bytes=size))

    @property
    def line(self):
        return self.progress.line()


def test_line_tells_images_bytes_rate_time_and_pulls():
    run = Run(*(replace(job, size=50 * MEGA) for job in (REDIS, NGINX)))
    assert run.line == "0 of 2 images, 0 B moved"
    first, _ = run.progress.jobs
    run.progress.started(first)
    run.now, run.received, run.limit = 10.0, 50 * MEGA, PullLimit(100, 88, 21600)
    run.end(first, size=50 * MEGA)
    assert run.line == ("1 of 2 images, 50.0 MB moved, 5.0 MB/s, 10 s left, 88 of 100 pulls left")


def test_time_goes_by_images_where_a_size_is_not_known():
    run = Run(REDIS, replace(NGINX, size=None), HTTPD)
    run.now = 60.0
    run.end(REDIS)
    assert "2 min left" in run.line


def test_rate_is_that_of_late():
    run = Run(REDIS)
    for run.now in range(0, 101, 10):
        run.received = 10_000 if run.now <= 50 else 10_000 + 1024 * (int(run.now) - 50)
        told = run.progress.rate
    assert told == 1024


def test_failures_are_told():
    run = Run(REDIS, NGINX)
    run.end(REDIS, Result.FAILED)
    assert run.line.endswith("1 failed")


def test_workers_are_told_as_long_as_they_work():
    run = Run(REDIS, NGINX)
    run.progress.started(REDIS)
    run.now = 3.0
    run.progress.started(NGINX)
    assert [" ".join(each.split()) for each in run.progress.workers()] == [
        f"3 s {REDIS.destination}",
        f"0 s {NGINX.destination}",
    ]
    run.progress.ended(REDIS, None)
    run.end(NGINX)
    assert list(run.progress.workers()) == []


def test_wait_is_told_until_it_goes_on():
    run = Run(REDIS)
    run.progress.waits("2 of 8 pulls are left", datetime(2026, 11, 30, 20, tzinfo=UTC))
    assert run.progress.waiting == "waiting until 2026-11-30 20:00 UTC at the latest: 2 of 8 pulls are left"
    run.progress.started(REDIS)
    assert run.progress.waiting == ""


def test_screen_is_no_taller_for_many_workers(capsys):
    jobs = [copy(each) for each in names(*(f"image{number}" for number in range(20)))]
    run = Run(*jobs)
    for job in jobs:
        run.progress.started(job)
    Screen(run.progress, lambda: 80).show()
    assert capsys.readouterr().err.splitlines()[-1] == "  and 8 more"


def test_name_cannot_steer_the_terminal(capsys):
    run = Run(REDIS)
    run.progress.waits("\x1b[2J", datetime(2026, 11, 30, tzinfo=UTC))
    Screen(run.progress, lambda: 80).show()
    assert "\\x1b[2J" in capsys.readouterr().err


def test_entry_of_a_log_has_what_cloud_logging_knows_and_figures_beside(capsys):
    run = Run(REDIS)
    run.limit = PullLimit(100, 88, 21600)
    Lines(run.progress, Log(as_json=True, task="2/3")).show()
    output = capsys.readouterr()
    (entry,) = lines(output.err.encode())
    assert output.out == ""
    assert datetime.fromisoformat(entry.pop("time")).tzinfo
    assert entry == {
        "severity": "INFO",
        "message": "0 of 1 image, 0 B moved, 88 of 100 pulls left",
        "task": "2/3",
        "images": 1,
        "done": 0,
        "bytes": 0,
        "pulls_left": 88,
    }


def on_a_terminal(folder, *arguments, stdout=None):
    """Run the command with a pseudo-terminal as its standard error, and as its output unless one is given."""
    ours, theirs = pty.openpty()
    out = theirs if stdout is None else stdout
    process = begun(folder, *arguments, stdout=out, stderr=theirs, environment={"TERM": "xterm"})
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 65536):
            said += piece
    except OSError:  # the other side has gone
        pass
    os.close(ours)
    return process.wait(), said.decode()


SLOW = Limits(pulls=4, window=2)


def test_terminal_shows_what_goes_on_and_keeps_what_is_data(tmp_path):
    with standing(tmp_path, [REDIS, NGINX], SLOW):
        code, said = on_a_terminal(tmp_path, "apply", "plan.json", "--wait")
        assert code == 0
        assert "\x1b[" in said
        assert "waiting until 20" in said
        assert "of 4 pulls left" in said
        kept = screen(said)
        assert [line.split()[:3] for line in kept[:2]] == [
            ["done", "copy", str(REDIS.destination)],
            ["done", "copy", str(NGINX.destination)],
        ]
        assert kept[2].startswith("2 outcomes: 2 done (")
        assert len(kept) == 3


def screen(said):
    """Return the lines that a terminal shows in the end."""
    shown = [""]
    for part in said.replace("\r\n", "\n").split("\x1b["):
        if part.startswith("J"):
            del shown[-1:]
            shown.append("")
            part = part[1:]
        elif "A\r" in part:
            up = int(part.partition("A")[0])
            del shown[len(shown) - up :]
            part = part.partition("A\r")[2]
        first, *rest = part.split("\n")
        shown[-1] += first
        shown += rest
    return [line for line in shown if line]


def test_output_in_a_file_is_data_only(tmp_path):
    with standing(tmp_path, [REDIS, NGINX], SLOW), (tmp_path / "out").open("wb") as out:
        code, said = on_a_terminal(tmp_path, "apply", "plan.json", "--wait", stdout=out)
        assert code == 0
        assert "\x1b[" in said
        assert [each["result"] for each in lines((tmp_path / "out").read_bytes())] == ["done", "done"]


@pytest.mark.parametrize("how", [[], ["--log-format", "json"]])
def test_off_a_terminal_there_are_lines_and_no_control_sequences(tmp_path, how):
    with standing(tmp_path, [REDIS, NGINX], SLOW):
        out, err = begun(tmp_path, "apply", "plan.json", "--wait", *how).communicate()
        assert [each["result"] for each in lines(out)] == ["done", "done"]
        assert b"\x1b" not in err
        said = [each["message"] for each in lines(err)] if how else err.decode().splitlines()
        assert "waiting until 20" in said[0]
        assert said[-1].startswith("2 outcomes: 2 done (")


def test_engine_hears_of_what_failed_and_of_errors_with_their_severity(tmp_path):
    with standing(tmp_path, [REDIS], Limits()) as world:
        world.docker_hub.storage.repositories.clear()
        _, err = begun(tmp_path, "apply", "plan.json", "--log-format", "json").communicate()
        entries = lines(err)
        assert [each["severity"] for each in entries] == ["ERROR", "INFO"]
        assert entries[0]["key"] == key(REDIS)
        _, err = begun(tmp_path, "apply", "nowhere.json", "--log-format", "json").communicate()
        (entry,) = lines(err)
        assert (entry["severity"], entry["hint"]) == ("ERROR", "`hub2ar plan` writes a plan")
