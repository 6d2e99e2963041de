"""Records whose place cannot be written for a while: nothing is lost, and the run goes on."""

import resource
import signal

import pytest
from applying import begun, lines, standing
from campaigns import copy, names

from planner.errors import RecordError
from planner.model.outcome import Outcome, Result
from planner.recording.lasting import Lasting
from planner.recording.lines import Lines
from planner.recording.reading import outcomes
from planner.rehearsal.limits import Limits

OUTCOMES = [Outcome(f"k{number}", "copy", "s", Result.DONE) for number in range(5)]


class Place:
    """Takes what it is given, or nothing while it is full."""

    def __init__(self) -> None:
        self.full = False
        self.kept: list[str] = []
        self.closed = False

    def append(self, outcome: Outcome) -> None:
        if self.full:
            raise RecordError("full")
        assert outcome.at
        self.kept.append(outcome.key)

    def close(self) -> None:
        self.closed = True


def test_what_could_not_be_written_is_written_before_the_next():
    place, told = Place(), []
    record = Lasting(place, told.append)
    for number, outcome in enumerate(OUTCOMES):
        place.full = number in (1, 2)
        record.append(outcome)
    record.close()
    assert place.kept == ["k0", "k1", "k2", "k3", "k4"]
    assert told == ["full; what happens meanwhile is recorded later, if it can be"]


def test_what_is_not_written_in_the_end_is_counted():
    place = Place()
    record = Lasting(place, lambda _: None)
    place.full = True
    record.append(OUTCOMES[0])
    with pytest.raises(RecordError, match="full; 1 outcome is not in it"):
        record.close()
    assert place.closed


@pytest.fixture
def limited():
    """Limit the size of files, as a disk does that is full; `limited(bytes)`, -1 for none."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (soft if size < 0 else size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", range(150, 330, 7))
def test_line_that_was_cut_off_by_a_full_disk_is_written_again_on_its_own(tmp_path, limited, size):
    place = tmp_path / "outcomes.jsonl"
    record = Lasting(Lines(str(place)), lambda _: None)
    record.append(OUTCOMES[0])
    limited(size)
    record.append(OUTCOMES[1])
    record.append(OUTCOMES[2])
    limited(-1)
    record.append(OUTCOMES[3])
    record.close()
    found, _ = outcomes(place.read_bytes(), "outcomes.jsonl")
    assert [each.key for each in found] == ["k0", "k1", "k2", "k3"]


NAMES = ("redis", "nginx", "postgres", "httpd", "memcached", "busybox", "golang", "node", "mongo", "alpine")
SOURCES = names(*NAMES)


@pytest.mark.parametrize(("name", "size"), [("outcomes.jsonl", 700), ("outcomes.db", 38_000)])
def test_every_image_is_done_although_the_disk_is_full(tmp_path, name, size):
    jobs = [copy(each) for each in SOURCES]

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    with standing(tmp_path, jobs, Limits()):
        process = begun(tmp_path, "apply", "plan.json", "--outcomes", name, preexec_fn=little)
        out, err = process.communicate()
        assert [each["result"] for each in lines(out)] == ["done"] * len(jobs)
        assert process.returncode == 1
        assert f"note: outcomes cannot be recorded in {name!r}" in err.decode()
        assert "not in it\nhint: " in err.decode()
        again = begun(tmp_path, "apply", "plan.json", "--outcomes", name)
        out, _ = again.communicate()
        assert ([each["result"] for each in lines(out)], again.returncode) == (["present"] * len(jobs), 0)
        merged, _ = begun(tmp_path, "merge", name).communicate()
        assert len(lines(merged)) == len(jobs)


@pytest.mark.parametrize("name", ["outcomes.jsonl", "outcomes.db"])
def test_record_of_a_run_that_was_stopped_and_went_on_is_whole(tmp_path, name):
    """As a machine does that sleeps, or an engine that holds a container."""
    jobs = [copy(each) for each in SOURCES]
    with standing(tmp_path, jobs, Limits()):
        process = begun(tmp_path, "apply", "plan.json", "--outcomes", name)
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        other = begun(tmp_path, "apply", "plan.json", "--outcomes", name)
        assert (other.communicate(), other.returncode)[1] == 0
        process.send_signal(signal.SIGCONT)
        process.communicate()
        assert process.returncode == 0
        merged, _ = begun(tmp_path, "merge", name).communicate()
        assert {each["result"] for each in lines(merged)} <= {"done", "present"}
        assert len(lines(merged)) == len(jobs)
