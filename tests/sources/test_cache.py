import sqlite3
import subprocess
import sys

from planner.sources.cache import _DECIDING, directory, key


def test_what_was_written_is_read(tmp_path, kept_in):
    cache = kept_in(tmp_path)
    cache.write([(b"a", b"1"), (b"b", b"")])
    assert dict(cache.read([b"a", b"b", b"c"])) == {b"a": b"1", b"b": b""}


def test_it_is_there_after_closing(tmp_path, kept_in):
    first = kept_in(tmp_path)
    first.write([(b"a", b"1")])
    first.close()
    assert dict(kept_in(tmp_path).read([b"a"])) == {b"a": b"1"}


def test_more_keys_than_a_statement_takes(tmp_path, kept_in):
    cache = kept_in(tmp_path)
    rows = [(str(number).encode(), b"x") for number in range(2_000)]
    cache.write(rows)
    assert dict(cache.read(name for name, _ in rows)) == dict(rows)


def test_damaged_file_is_thrown_away(tmp_path, kept_in):
    (tmp_path / "results.sqlite").write_bytes(b"no database, and rather long" * 100)
    cache = kept_in(tmp_path)
    cache.write([(b"a", b"1")])
    assert (dict(cache.read([b"a"])), cache.problem) == ({b"a": b"1"}, "")


def test_file_that_is_damaged_further_in_is_told_and_gone_the_next_time(tmp_path, kept_in):
    cache = kept_in(tmp_path)
    cache.write([(str(number).encode() * 9, b"x" * 4000) for number in range(200)])
    cache.close()
    file = tmp_path / "results.sqlite"
    content = bytearray(file.read_bytes())
    content[4096 : len(content)] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)
    broken = kept_in(tmp_path)
    assert dict(broken.read([b"0" * 9])) == {}
    assert "results are not kept" in broken.problem
    again = kept_in(tmp_path)
    again.write([(b"a", b"1")])
    assert (dict(again.read([b"a"])), again.problem) == ({b"a": b"1"}, "")


def test_folder_that_cannot_be_made_is_done_without(tmp_path, kept_in):
    (tmp_path / "file").write_text("")
    cache = kept_in(tmp_path / "file" / "cache")
    cache.write([(b"a", b"1")])
    assert (dict(cache.read([b"a"])), cache.problem != "") == ({}, True)


def test_another_schema_is_replaced(tmp_path, kept_in):
    with sqlite3.connect(tmp_path / "results.sqlite") as connection:
        connection.execute("CREATE TABLE results (other)")
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    cache = kept_in(tmp_path)
    cache.write([(b"a", b"1")])
    assert dict(cache.read([b"a"])) == {b"a": b"1"}


def test_many_processes_write_at_once(tmp_path, kept_in):
    code = (
        "import sys; from pathlib import Path; from planner.sources.cache import Cache\n"
        "for number in range(30):\n"
        "    cache = Cache(Path(sys.argv[1]))\n"
        "    cache.write([(f'{sys.argv[2]} {number} {i}'.encode(), b'x') for i in range(20)])\n"
        "    assert not cache.problem, cache.problem\n"
        "    cache.close()\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), str(which)], stderr=subprocess.PIPE)
        for which in range(4)
    ]
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [(b"", 0)] * 4
    keys = [f"{which} {number} {i}".encode() for which in range(4) for number in range(30) for i in range(20)]
    assert len(kept_in(tmp_path).read(keys)) == len(keys)


def test_writer_that_is_killed_leaves_what_it_had_written(tmp_path, kept_in):
    code = (
        "import os, signal, sys; from pathlib import Path; from planner.sources.cache import Cache\n"
        "cache = Cache(Path(sys.argv[1])); cache.write([(b'a', b'1')])\n"
        "cache._connection.execute('BEGIN'); cache._connection.execute(\"DELETE FROM results\")\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    cache = kept_in(tmp_path)
    assert (dict(cache.read([b"a"])), cache.problem) == ({b"a": b"1"}, "")


def test_parts_of_a_key_are_kept_apart():
    assert key("a", "bc") != key("ab", "c")


def test_results_depend_on_every_package_that_a_scan_imports():
    script = "import sys; from planner.scan import scan; print(*(n for n in sys.modules if 'planner.' in n))"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    packages = {name.split(".")[1] for name in loaded.stdout.split() if name.count(".") > 1}
    assert packages <= set(_DECIDING)


def test_place_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("HUB2AR_CACHE_DIR", str(tmp_path))
    assert directory() == tmp_path
