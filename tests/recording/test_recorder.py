"""Outcomes as they are kept: in files, databases and object stores."""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from planner.errors import ConfigError, RecordError
from planner.model.outcome import Outcome, Result
from planner.recording import objects
from planner.recording.reading import contents, is_outcomes, outcomes
from planner.recording.recorder import recording

DONE = Outcome("k1", "copy", "us-docker.pkg.dev/p/r/nginx:1", Result.DONE, f"sha256:{'a' * 64}", 7, pulls=2)
FAILED = Outcome("k2", "copy", "us-docker.pkg.dev/p/r/redis:7", Result.FAILED, error="gone")


def read(place):
    return [each for name, content in contents(place) for each in outcomes(content, name)[0]]


def kept(place, *, shard=1, attempt=0, of=(DONE, FAILED)):
    with recording(place, shard, attempt) as recorder:
        for each in of:
            recorder.append(each)


@pytest.fixture(params=["outcomes.jsonl", "outcomes.db", "outcomes.sqlite", "url"])
def place(request, tmp_path):
    return f"file://{tmp_path}/outcomes" if request.param == "url" else str(tmp_path / request.param)


def test_what_is_recorded_is_read_again_with_the_time_of_recording(place):
    kept(place)
    found = read(place)
    assert [(each.key, each.result, each.bytes, each.pulls) for each in found] == [
        ("k1", Result.DONE, 7, 2),
        ("k2", Result.FAILED, 0, 0),
    ]
    assert all(each.at and each.at.tzinfo for each in found)


def test_second_run_adds_to_the_first(place):
    kept(place, of=[DONE])
    kept(place, of=[FAILED])
    assert [each.key for each in read(place)] == ["k1", "k2"]


def test_what_happened_is_kept_when_the_run_ends_with_an_error(place):
    def interrupted():
        with recording(place) as recorder:
            recorder.append(DONE)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [each.key for each in read(place)] == ["k1"]


def test_no_place_is_no_record():
    kept("")


@pytest.mark.parametrize("name", ["outcomes.jsonl", "outcomes.db"])
def test_place_that_cannot_be_written_is_an_error_at_once(tmp_path, name):
    place = f"{tmp_path}/nowhere/{name}"
    with pytest.raises(RecordError, match=r"cannot be recorded in .*nowhere"), recording(place):
        pytest.fail("the run has begun")


def test_full_disk_is_an_error_at_the_end():
    told = []

    def kept_in_vain():
        with recording("/dev/full", told=told.append) as recorder:
            recorder.append(DONE)
            recorder.append(FAILED)

    with pytest.raises(RecordError, match="no space left on device; 2 outcomes are not in it"):
        kept_in_vain()
    assert [said.partition(": ")[0] for said in told] == ["outcomes cannot be recorded in '/dev/full'"]


def test_error_of_the_run_goes_before_that_of_its_record():
    def interrupted():
        with recording("/dev/full") as recorder:
            recorder.append(DONE)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()


def test_what_is_no_database_is_an_error_at_once(tmp_path):
    place = tmp_path / "outcomes.db"
    place.write_text("something else, and long enough to have a header of a database\n" * 99)
    with pytest.raises(RecordError, match="not a database"), recording(str(place)):
        pytest.fail("the run has begun")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="nothing tells what is open")
def test_what_is_no_database_is_let_go(tmp_path):
    place = tmp_path / "outcomes.db"
    place.write_text("no database" * 100)
    with pytest.raises(RecordError) as caught, recording(str(place)):
        pass
    held = [each for each in Path("/proc/self/fd").iterdir() if os.path.realpath(each) == str(place)]
    assert (held, place.name in caught.value.message) == ([], True)


def test_store_that_is_not_there_is_an_error_at_once(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(RecordError), recording(f"file://{tmp_path}/file/outcomes"):
        pytest.fail("the run has begun")


def test_store_that_needs_another_package_is_told_with_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(ConfigError, match="needs gcsfs") as told, recording("gs://bucket/outcomes"):
        pytest.fail("the run has begun")
    assert told.value.hint == "pip install 'hub2ar[gcs]'"


def test_url_without_fsspec_is_told_with_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ConfigError, match="needs fsspec"), recording("gs://bucket/outcomes"):
        pytest.fail("the run has begun")


def test_scheme_that_nobody_knows_is_told():
    with pytest.raises(ConfigError, match="nope"), recording("nope://bucket/outcomes"):
        pytest.fail("the run has begun")


def test_torn_line_of_a_killed_writer_stays_alone(tmp_path):
    place = tmp_path / "outcomes.jsonl"
    place.write_bytes(b'{"kind":"Outcome","key":"k0","acti')
    kept(str(place))
    found, notes = outcomes(place.read_bytes(), "outcomes.jsonl")
    assert [each.key for each in found] == ["k1", "k2"]
    assert notes == ["outcomes.jsonl:1: a line without an end is left out; its writer was stopped"]


@pytest.mark.parametrize("cut", [1, 9, 40, 100])
def test_whole_line_of_another_writer_in_a_torn_one_is_read(tmp_path, cut):
    """The disk was full for the first one, or it was killed, while the second went on."""
    place = tmp_path / "outcomes.jsonl"
    kept(str(place))
    first, second = place.read_bytes().splitlines(keepends=True)
    found, notes = outcomes(first[:cut] + second + first, "outcomes.jsonl")
    assert [each.key for each in found] == ["k2", "k1"]
    assert notes == ["outcomes.jsonl:1: a line without an end is left out; its writer was stopped"]


def test_line_that_is_no_outcome_is_told_with_its_number():
    good = b'{"kind":"Outcome","key":"k","action":"copy","subject":"s","result":"done"}\n'
    with pytest.raises(ConfigError, match=r"o\.jsonl:2: \$\.result"):
        outcomes(good + good.replace(b"done", b"well"), "o.jsonl")


WRITER = """
import sys
from planner.model.outcome import Outcome, Result
from planner.recording.recorder import recording
with recording(sys.argv[1]) as recorder:
    for number in range(50):
        recorder.append(Outcome(f"{sys.argv[2]}-{number}", "copy", "s" * number * 40, Result.DONE))
"""


@pytest.mark.parametrize("name", ["outcomes.jsonl", "outcomes.db"])
def test_lines_of_many_writers_never_mix(tmp_path, name):
    place = str(tmp_path / name)
    command = [sys.executable, "-c", WRITER, place]
    root = Path(__file__).parents[2]
    writers = [subprocess.Popen([*command, str(number)], cwd=root) for number in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert sorted(each.key for each in read(place)) == sorted(f"{w}-{n}" for w in range(4) for n in range(50))


def test_outcome_is_in_the_file_before_the_next_one(tmp_path):
    place = tmp_path / "outcomes.jsonl"
    with recording(str(place)) as recorder:
        recorder.append(DONE)
        assert json.loads(place.read_text())["key"] == "k1"


def test_pipe_is_written_to_as_well(tmp_path):
    place = tmp_path / "pipe"
    os.mkfifo(place)
    reader = os.open(place, os.O_RDONLY | os.O_NONBLOCK)
    with recording(str(place)) as recorder:
        recorder.append(DONE)
        assert json.loads(os.read(reader, 4096))["key"] == "k1"
    os.close(reader)


def test_database_can_be_asked(tmp_path):
    place = tmp_path / "outcomes.db"
    kept(str(place))
    connection = sqlite3.connect(place)
    assert connection.execute("SELECT result, sum(bytes) FROM outcomes GROUP BY result").fetchall() == [
        ("done", 7),
        ("failed", 0),
    ]
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_each_task_and_attempt_has_an_object_of_its_own(tmp_path):
    place = f"file://{tmp_path}/outcomes"
    kept(place, shard=3, attempt=1, of=[DONE])
    kept(place, shard=2, of=[FAILED])
    kept(place, shard=3, attempt=1, of=[])
    assert sorted(path.name for path in (tmp_path / "outcomes").iterdir()) == [
        "2-0.jsonl",
        "3-1.jsonl",
        "3-2.jsonl",
    ]
    assert [each.key for each in read(f"{place}/3-*.jsonl")] == ["k1"]
    assert [each.key for each in read(f"{place}/2-0.jsonl")] == ["k2"]


def test_store_without_files_keeps_outcomes_too():
    place = f"memory://{uuid4().hex}/outcomes"
    kept(place)
    assert sorted(each.key for each in read(place)) == ["k1", "k2"]


def test_object_is_written_while_the_run_goes_on(tmp_path):
    recorder = objects.Objects(f"file://{tmp_path}/outcomes", 1, 0, pause=0)
    recorder.append(DONE)
    while not Path(recorder.name).read_bytes():
        pass
    recorder.close()
    assert Path(recorder.name).read_bytes().count(b"\n") == 1


def test_time_that_an_outcome_has_stays(tmp_path):
    place, moment = str(tmp_path / "o.jsonl"), datetime(2026, 11, 30, tzinfo=UTC)
    with recording(place) as recorder:
        recorder.append(Outcome("k", "copy", "s", Result.DONE, at=moment))
    assert read(place)[0].at == moment


def test_record_is_known_by_its_first_line(tmp_path):
    kept(str(tmp_path / "o.jsonl"))
    assert is_outcomes((tmp_path / "o.jsonl").read_bytes())
    assert not is_outcomes(b'{"kind": "Inventory"}')
