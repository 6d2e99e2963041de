import os
import subprocess
import sys

import pytest

from planner.errors import SourceError
from planner.rewriting.writing import Content, distinct, real, recover, replace_all


@pytest.fixture
def files(tmp_path):
    root = tmp_path / "tree"
    root.mkdir()
    for name in "abc":
        (root / name).write_bytes(b"old")
    return root


def contents(root, names="abc", before=b"old"):
    return [Content(root / name, before, b"new") for name in names]


def held(root):
    return {path.name: path.read_bytes() for path in sorted(root.iterdir())}


def test_files_are_replaced_and_nothing_is_left_beside_them(files, tmp_path):
    replace_all(contents(files), tmp_path / "journal")
    assert held(files) == dict.fromkeys("abc", b"new")
    assert not (tmp_path / "journal").exists()


@pytest.mark.parametrize("mode", [0o755, 0o600, 0o444])
def test_mode_stays(files, tmp_path, mode):
    (files / "a").chmod(mode)
    replace_all(contents(files, "a"), tmp_path / "journal")
    assert (files / "a").stat().st_mode & 0o7777 == mode


def test_file_that_somebody_changes_meanwhile_stops_all(files, tmp_path):
    (files / "c").write_bytes(b"other")
    with pytest.raises(SourceError, match="is being changed by somebody else"):
        replace_all(contents(files), tmp_path / "journal")
    assert held(files) == {"a": b"old", "b": b"old", "c": b"other"}


def test_file_that_is_gone_stops_all(files, tmp_path):
    (files / "c").unlink()
    with pytest.raises(SourceError, match="cannot be written: no such file"):
        replace_all(contents(files), tmp_path / "journal")
    assert held(files) == dict.fromkeys("ab", b"old")


def test_file_that_there_is_no_room_for_is_named(files, tmp_path):
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from planner.rewriting.writing import Content, replace_all\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))\n"
        "root, news = Path(sys.argv[1]), {'a': b'new', 'b': bytes(9999), 'c': b'new'}\n"
        "replace_all([Content(root / n, b'old', new) for n, new in news.items()], Path(sys.argv[2]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(files), str(tmp_path / "journal")], capture_output=True, text=True
    )
    assert f"{files / 'b'} cannot be written: file too large" in done.stderr
    assert held(files) == dict.fromkeys("abc", b"old")


def test_what_was_replaced_is_put_back_where_the_rest_cannot_be(files, tmp_path):
    (files / "d").mkdir()
    (files / "d" / "x").write_bytes(b"old")
    last = Content(files / "d" / "x", b"old", b"new")
    script = (
        "import sys; from pathlib import Path\n"
        "from planner.rewriting import writing\n"
        "from planner.rewriting.writing import Content, replace_all\n"
        "root, count = Path(sys.argv[1]), [0]\n"
        "replace = Path.replace\n"
        "def third(self, to):\n"
        "    count[0] += self.name.startswith('.hub2ar-')\n"
        "    if count[0] == 3: raise OSError(28, 'No space left on device', str(to))\n"
        "    return replace(self, to)\n"
        "Path.replace = third\n"
        "replace_all([Content(root / n, b'old', b'new') for n in 'abc'], Path(sys.argv[2]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(files), str(tmp_path / "journal")], capture_output=True, text=True
    )
    assert "no space left on device" in done.stderr
    assert {name: (files / name).read_bytes() for name in "abc"} == dict.fromkeys("abc", b"old")
    assert (last.path.read_bytes(), len(list(files.iterdir()))) == (b"old", 4)


KILLED = (
    "import os, sys; from pathlib import Path\n"
    "from planner.rewriting.writing import Content, replace_all\n"
    "root, limit, count = Path(sys.argv[1]), int(sys.argv[3]), [0]\n"
    "replace = Path.replace\n"
    "def dying(self, to):\n"
    "    count[0] += 1\n"
    "    if count[0] == limit: os.kill(os.getpid(), 9)\n"
    "    return replace(self, to)\n"
    "Path.replace = dying\n"
    "replace_all([Content(root / n, b'old', b'new') for n in 'abc'], Path(sys.argv[2]))\n"
)


@pytest.mark.parametrize("step", range(1, 6))
def test_run_that_was_killed_is_finished_or_undone_by_the_next(files, tmp_path, step):
    journal = tmp_path / "journal"
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(files), str(journal), str(step)], capture_output=True
    )
    assert done.returncode == -9
    recover(journal)
    assert held(files) in (dict.fromkeys("abc", b"old"), dict.fromkeys("abc", b"new"))
    assert not journal.exists()


def test_file_that_was_changed_after_the_kill_is_left_alone(files, tmp_path):
    journal = tmp_path / "journal"
    subprocess.run([sys.executable, "-c", KILLED, str(files), str(journal), "4"], capture_output=True)
    (files / "c").write_bytes(b"mine")
    recover(journal)
    assert held(files) == {"a": b"new", "b": b"new", "c": b"mine"}


def test_journal_that_is_none_is_told(tmp_path):
    (tmp_path / "journal").write_bytes(b"{")
    with pytest.raises(SourceError, match="cannot be read"):
        recover(tmp_path / "journal")


def test_nothing_is_recovered_where_nothing_was_begun(tmp_path):
    assert recover(tmp_path / "journal") == 0


def test_link_within_the_tree_is_followed_and_stays_a_link(files, tmp_path):
    (files / "link").symlink_to("a")
    replace_all([Content(real(files, "link"), b"old", b"new")], tmp_path / "journal")
    assert ((files / "link").is_symlink(), (files / "a").read_bytes()) == (True, b"new")


def test_link_out_of_the_tree_is_refused(files, tmp_path):
    (tmp_path / "outside").write_bytes(b"old")
    (files / "link").symlink_to("../outside")
    with pytest.raises(SourceError, match="outside of"):
        real(files, "link")


def test_link_that_leads_nowhere_is_refused(files):
    (files / "link").symlink_to("link")
    with pytest.raises(SourceError, match="cannot be read"):
        real(files, "link")


def test_file_of_two_names_is_written_once(files):
    assert len(distinct([*contents(files, "a"), *contents(files, "a")])) == 1


def test_file_of_two_names_that_are_edited_differently_is_refused(files):
    with pytest.raises(SourceError, match="by two names"):
        distinct([Content(files / "a", b"old", b"x"), Content(files / "a", b"old", b"y")])


def test_name_of_any_bytes_is_written(files, tmp_path):
    path = files / os.fsdecode(b"caf\xe9\n -x")
    path.write_bytes(b"old")
    replace_all([Content(path, b"old", b"new")], tmp_path / "journal")
    assert path.read_bytes() == b"new"
