import pytest
from trees import Counted, Memory

from planner.config import ScanSettings
from planner.scan import Place, scan_places
from planner.scanning import gather, workers
from planner.scanning.gather import Means
from planner.sources.cache import Cache

DOCKERFILES = ScanSettings(select=("dockerfile", "compose", "dotenv"))


def files(count):
    return tuple((f"d{number}/Dockerfile", f"FROM image{number}:1\n") for number in range(count))


def scanned(tree, **means):
    return scan_places([Place(tree, "memory")], DOCKERFILES, Means(10**6, **means))


def references(inventory):
    return [str(item.reference) for item in inventory.occurrences]


@pytest.fixture
def few(monkeypatch):
    """Let other processes pay for small trees."""
    monkeypatch.setattr(gather, "_PAYS", 2)
    monkeypatch.setattr(gather, "CHUNK", 4)


def test_other_processes_find_what_this_one_finds(few):
    tree = Memory(files(10))
    assert scanned(tree, executor=workers.local(2)) == scanned(tree)


def test_small_tree_starts_no_process():
    def start():
        raise AssertionError("started")

    assert len(references(scanned(Memory(files(3)), executor=start))) == 3


def test_file_that_kills_its_process_is_told_and_all_others_are_read(few):
    found = scanned(Memory((*files(6), ("x/Dockerfile", "DEATH"))), executor=workers.local(2))
    assert len(references(found)) == 6
    assert [(item.path, "process died" in item.reason) for item in found.unresolved] == [
        ("x/Dockerfile", True)
    ]


def test_second_scan_reads_nothing(tmp_path, kept_in):
    tree = Counted(Memory(files(5)))
    cache = kept_in(tmp_path)
    first = scanned(tree, cache=cache)
    tree.read.clear()
    assert (scanned(tree, cache=cache), tree.read) == (first, [])


def test_only_what_changed_is_read_again(tmp_path, kept_in):
    cache = kept_in(tmp_path)
    scanned(Memory(files(5)), cache=cache)
    tree = Counted(Memory((*files(5)[1:], ("d0/Dockerfile", "FROM other\n"))))
    found = references(scanned(tree, cache=cache))
    assert (tree.read, "docker.io/library/other" in found) == (["d0/Dockerfile"], True)


def test_change_of_a_value_reaches_the_file_that_uses_it(tmp_path, kept_in):
    cache = kept_in(tmp_path)

    def compose(version):
        return Memory((("compose.yaml", "services: {a: {image: 'x:${V}'}}\n"), (".env", f"V={version}\n")))

    assert references(scanned(compose(1), cache=cache)) == ["docker.io/library/x:1"]
    assert references(scanned(compose(2), cache=cache)) == ["docker.io/library/x:2"]


def test_same_content_under_another_path_is_reported_there(tmp_path, kept_in):
    cache = kept_in(tmp_path)
    scanned(Memory((("a/Dockerfile", "FROM x\n"),)), cache=cache)
    found = scanned(Memory((("b/Dockerfile", "FROM x\n"),)), cache=cache)
    assert [item.path for item in found.occurrences] == ["b/Dockerfile"]


def test_file_without_identity_is_read_every_time(tmp_path, kept_in):
    tree = Counted(Memory(files(2), identified=False))
    cache = kept_in(tmp_path)
    scanned(tree, cache=cache)
    tree.read.clear()
    scanned(tree, cache=cache)
    assert len(tree.read) == 2


def test_other_settings_are_another_result(tmp_path, kept_in):
    cache = kept_in(tmp_path)
    tree = Memory(files(2))
    scanned(tree, cache=cache)
    only = ScanSettings(select=("dockerfile",), exclude=("d0/**",))
    found = scan_places([Place(tree, "memory")], only, Means(10**6, cache))
    assert references(found) == ["docker.io/library/image1:1"]


def test_kept_bytes_that_are_damaged_are_read_anew(tmp_path, monkeypatch, kept_in):
    cache = kept_in(tmp_path)
    expected = scanned(Memory(files(2)), cache=cache)
    real = Cache.read
    monkeypatch.setattr(Cache, "read", lambda self, keys: dict.fromkeys(real(self, keys), b"\xc1 no reading"))
    assert scanned(Memory(files(2)), cache=cache) == expected
