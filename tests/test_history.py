"""The history: kept by many at once, after a kill, over versions, and merged in any order."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner import history
from planner.errors import ConfigError, HistoryError, NoInput
from planner.history import FILE, History
from planner.model.availability import Availability, Probe, Status, verdict
from planner.model.reference import Reference

START = datetime(2026, 11, 1, tzinfo=UTC)
A, B = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
NGINX = Reference.parse("nginx:1.27")


def probe(reference, digest, hours, **more):
    status = Status.PRESENT if digest else Status.MISSING
    return Probe(
        reference, status, START + timedelta(hours=hours), digest, code=200 if digest else 404, **more
    )


def image(name="nginx:1.27", hub=A, mirror=A, hours=0, **more):
    asked = Reference.parse(name)
    cached = Reference("mirror.gcr.io", asked.repository, asked.tag)
    probes = probe(asked, hub, hours), probe(cached, mirror, hours, **more)
    return Availability(asked, verdict(*probes), *probes)


def kept(folder, *checks):
    """Keep one image a check."""
    with History(folder) as opened:
        for number, each in enumerate(checks):
            opened.add(f"run-{number}", [each])
        return opened.stabilities()


def rows(folder):
    connection = sqlite3.connect(folder / FILE)
    try:
        return sorted(connection.execute("SELECT * FROM probes"))
    finally:
        connection.close()


def test_history_tells_what_checks_saw(tmp_path):
    found = kept(tmp_path, image(), image(mirror=None, hours=1), image(mirror=B, hours=2))[NGINX]
    assert (found.seen, found.checks, len(found.evictions), found.level) == (2, 3, 1, 1)


def test_every_probe_is_kept(tmp_path):
    kept(tmp_path, image(), image(mirror=None, hours=1))
    assert len(rows(tmp_path)) == 4


def test_mirror_that_lacks_a_blob_is_broken_and_has_dropped_nothing(tmp_path):
    found = kept(tmp_path, image(), image(hours=1, lacking=(B,)), image(hours=2))[NGINX]
    assert (found.seen, found.broken, found.evictions, found.reliable) == (3, 1, (), False)


def test_only_what_is_asked_for_is_told(tmp_path):
    kept(tmp_path, image(), image("redis:7"))
    assert list(history.read(tmp_path, [NGINX, Reference.parse("never/asked:1")])) == [NGINX]


def test_no_history_is_nothing_and_makes_no_file(tmp_path):
    assert history.read(tmp_path / "state") == {}
    assert not (tmp_path / "state").exists()


def test_same_check_kept_twice_is_kept_once(tmp_path):
    with History(tmp_path) as opened:
        for _ in range(2):
            opened.add("run", [image()])
    assert len(rows(tmp_path)) == 2


def test_place_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("HUB2AR_STATE_DIR", str(tmp_path / "own"))
    assert history.directory("chosen") == tmp_path / "own"
    monkeypatch.delenv("HUB2AR_STATE_DIR")
    assert history.directory("chosen") == Path("chosen")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert history.directory() == tmp_path / "hub2ar"
    monkeypatch.delenv("XDG_STATE_HOME")
    assert history.directory() == Path.home() / ".local" / "state" / "hub2ar"


# Many at once, and the one that is killed.

WRITER = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from test_history import image
from planner.history import History
with History(Path(sys.argv[1])) as opened:
    for number in range(20):
        opened.add(f"{{sys.argv[2]}}-{{number}}", [image(f"team/{{sys.argv[2]}}-{{n}}:1") for n in range(5)])
"""


def writer(folder, name):
    here = Path(__file__).parent
    code = WRITER.format(path=[str(here), str(here.parent)])
    return subprocess.Popen([sys.executable, "-c", code, str(folder), name])


def test_checks_that_run_at_once_keep_all_they_saw(tmp_path):
    processes = [writer(tmp_path, f"w{number}") for number in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4
    assert len(rows(tmp_path)) == 4 * 20 * 5 * 2


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = {path!r}
from test_history import image
from planner.history import History
opened = History(Path(sys.argv[1]))
opened.add("whole", [image()])
original = History._insert
def insert(self, rows):
    def until_killed():
        yield from rows
        os.kill(os.getpid(), signal.SIGKILL)
    return original(self, until_killed())
History._insert = insert
opened.add("torn", [image("team/half:1")])
"""


def test_check_that_is_killed_leaves_what_was_kept_before_and_no_half(tmp_path):
    here = Path(__file__).parent
    code = KILLED.format(path=[str(here), str(here.parent)])
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert list(kept(tmp_path, image("redis:7"))) == [NGINX, Reference.parse("redis:7")]


# Versions.


def older(folder):
    """Make a history as the first version wrote it, without the index."""
    kept(folder, image())
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    connection.execute("DROP INDEX probes_of_a_reference")
    connection.execute("PRAGMA user_version = 1")
    connection.close()


def version(folder):
    connection = sqlite3.connect(folder / FILE)
    try:
        return connection.execute("PRAGMA user_version").fetchone()[0]
    finally:
        connection.close()


def test_history_of_an_earlier_version_is_brought_up_to_date(tmp_path):
    older(tmp_path)
    assert list(kept(tmp_path, image("redis:7"))) == [NGINX, Reference.parse("redis:7")]
    assert version(tmp_path) == 2


def test_history_of_an_earlier_version_is_merged_and_left_as_it_is(tmp_path):
    older(tmp_path / "old")
    with History(tmp_path / "new") as opened:
        assert opened.merge(tmp_path / "old" / FILE) == 2
    assert version(tmp_path / "old") == 1


def test_history_of_a_later_version_is_refused_and_left_alone(tmp_path):
    kept(tmp_path, image())
    connection = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(HistoryError, match="newer hub2ar"):
        History(tmp_path)
    with History(tmp_path / "own") as opened, pytest.raises(ConfigError, match="newer hub2ar"):
        opened.merge(tmp_path / FILE)
    assert version(tmp_path) == 99


def test_damaged_history_is_told_and_left_alone(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database, but somebody's only copy" * 100)
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(HistoryError, match="cannot be used"):
        History(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(HistoryError, match="cannot be used"):
        History(tmp_path / "file")


# Merging.


def test_file_that_is_not_there_is_no_input(tmp_path):
    with History(tmp_path) as opened, pytest.raises(NoInput):
        opened.merge(tmp_path / "nowhere.sqlite")


def test_history_merged_with_itself_stays_what_it_is(tmp_path):
    kept(tmp_path, image(), image(hours=1))
    before = rows(tmp_path)
    with History(tmp_path) as opened:
        assert opened.merge(tmp_path / FILE) == 0
    assert rows(tmp_path) == before


@pytest.mark.parametrize("content", [b"", b"x" * 5000])
def test_file_that_is_no_history_is_told(tmp_path, content):
    (tmp_path / "other").write_bytes(content)
    with History(tmp_path) as opened, pytest.raises(ConfigError, match="is no history of checks"):
        opened.merge(tmp_path / "other")


@pytest.mark.parametrize(
    "change",
    [
        "reference = 'No Good'",
        "status = 'fine'",
        "place = 'moon'",
        "at = -1",
        "at = 9000000000000000000",
        "digest = X'00'",
        "code = 'many'",
    ],
)
def test_row_that_no_check_writes_is_refused_and_nothing_of_it_kept(tmp_path, change):
    kept(tmp_path / "other", image())
    connection = sqlite3.connect(tmp_path / "other" / FILE, isolation_level=None)
    connection.execute(f"UPDATE probes SET {change}")
    connection.close()
    with History(tmp_path / "own") as opened:
        with pytest.raises(ConfigError, match="is no history of checks"):
            opened.merge(tmp_path / "other" / FILE)
        assert opened.stabilities() == {}


def test_view_in_place_of_the_table_is_refused(tmp_path):
    connection = sqlite3.connect(tmp_path / "other", isolation_level=None)
    connection.execute("CREATE VIEW probes AS SELECT 1")
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    with History(tmp_path) as opened, pytest.raises(ConfigError, match="no probes"):
        opened.merge(tmp_path / "other")


def test_name_of_a_foreign_row_is_not_believed(tmp_path):
    kept(tmp_path / "other", image())
    connection = sqlite3.connect(tmp_path / "other" / FILE, isolation_level=None)
    connection.execute("UPDATE probes SET id = randomblob(16)")
    connection.close()
    kept(tmp_path / "own", image())
    with History(tmp_path / "own") as opened:
        assert opened.merge(tmp_path / "other" / FILE) == 0


check = st.tuples(
    st.sampled_from(["r1", "r2", "r3"]),
    st.builds(
        image,
        st.sampled_from(["nginx:1", "team/app:2"]),
        st.sampled_from([A, B, None]),
        st.sampled_from([A, B, None]),
        st.integers(0, 5),
    ),
)
checks = st.lists(check, max_size=5)


class Places:
    """Histories in folders of their own."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.count = 0

    def of(self, seen, *merged):
        self.count += 1
        folder = self.root / str(self.count)
        with History(folder) as opened:
            for run, each in seen:
                opened.add(run, [each])
            for other in merged:
                opened.merge(other / FILE)
        return folder


@given(checks, checks, checks)
@settings(max_examples=25)
def test_merging_is_a_union(first, second, third):
    places = Places()
    try:
        a, b, c = places.of(first), places.of(second), places.of(third)
        one = places.of([], a, b)
        assert rows(one) == rows(places.of([], b, a))  # in any order
        assert rows(one) == rows(places.of([], a, b, a, one))  # as often as one likes
        assert rows(places.of([], one, c)) == rows(places.of([], a, places.of([], b, c)))  # in any groups
        assert rows(one) == rows(places.of([*first, *second]))  # as if one had seen it all
        assert history.read(one) == history.read(places.of([], b, a))
    finally:
        shutil.rmtree(places.root)


def test_history_is_for_its_owner_alone(tmp_path):
    kept(tmp_path / "state", image())
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0
