import os
import socket

import pytest
from repository import committed, git

from planner.config import ScanSettings
from planner.errors import ConfigError, NoInput, Unavailable
from planner.repositories import Repository, listed, merged, scan_all, shard
from planner.scanning import workers

ONLY = ScanSettings(select=("dockerfile",))


def references(inventory):
    return [(item.path, str(item.reference)) for item in inventory.occurrences]


@pytest.fixture
def two(tmp_path):
    committed(tmp_path / "a", Dockerfile="FROM nginx:1\n")
    committed(tmp_path / "b", Dockerfile="FROM redis:7\n")
    return Repository(str(tmp_path / "a")), Repository(str(tmp_path / "b"))


def scanned(repositories, folder, **more):
    return scan_all(repositories, ONLY, folder, **more)


def test_list_has_paths_urls_revisions_and_comments():
    text = "# all of them\nbackend\n\nhttps://h/x.git v1  # pinned\nbackend\n"
    assert listed(text, "list") == (Repository("backend"), Repository("https://h/x.git", "v1"))


@pytest.mark.parametrize("line", ["a b c", "--upload-pack=x"])
def test_line_that_is_no_repository_is_told_with_its_place(line):
    with pytest.raises(ConfigError, match="list:2"):
        listed(f"a\n{line}\n", "list")


@pytest.mark.parametrize(
    "line", ["https://a:secret@h/x.git b c", "u:secret@h:x b c", "-x https://h/?t=secret"]
)
def test_password_of_a_line_that_is_no_repository_is_not_printed(line):
    with pytest.raises(ConfigError) as told:
        listed(line, "list")
    assert "secret" not in told.value.message


@pytest.mark.parametrize("place", ["http://[::bad/y.git", "u:secret@127.0.0.1:x/y.git", "ftp://u:secret@h/x"])
def test_place_that_is_no_place_is_told_and_its_password_is_not(place, tmp_path):
    (problem,) = scanned([Repository(place)], tmp_path / "kept").found
    assert problem.reason
    assert "secret" not in str(problem)


def test_empty_list_is_no_input():
    with pytest.raises(NoInput):
        listed("# nothing\n", "list")


def test_paths_begin_with_the_repository(two, tmp_path):
    assert references(scanned(two, tmp_path / "kept")) == [
        (f"{tmp_path}/a/Dockerfile", "docker.io/library/nginx:1"),
        (f"{tmp_path}/b/Dockerfile", "docker.io/library/redis:7"),
    ]


def test_repository_that_cannot_be_read_is_told_and_the_others_are_read(two, tmp_path):
    gone = Repository(str(tmp_path / "gone"))
    inventory = scanned((gone, *two, Repository("file:///no/where.git")), tmp_path / "kept")
    assert len(inventory.occurrences) == 2
    reasons = sorted(item.reason for item in inventory.unresolved)
    assert [reason.partition(":")[0] for reason in reasons] == [f"'{tmp_path}/gone' is no directory", "file"]


def test_revision_of_a_listed_path(two, tmp_path):
    committed(tmp_path / "a", Dockerfile="FROM nginx:2\n")
    found = scanned([Repository(two[0].place, "HEAD~1")], tmp_path / "kept")
    assert references(found) == [(f"{tmp_path}/a/Dockerfile", "docker.io/library/nginx:1")]


def test_bare_repository_of_a_list(two, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", "a", "a.git")
    found = scanned([Repository(str(tmp_path / "a.git"))], tmp_path / "kept")
    assert references(found) == [(f"{tmp_path}/a.git/Dockerfile", "docker.io/library/nginx:1")]


def test_processes_find_the_same(two, tmp_path):
    alone = scanned(two, tmp_path / "kept")
    assert scanned(two, tmp_path / "kept", start=workers.local(2)) == alone


def test_progress_tells_every_repository(two, tmp_path):
    said = []
    scanned(two, tmp_path / "kept", progress=lambda *each: said.append(each))
    assert said == [(1, 2, two[0].name), (2, 2, two[1].name)]


@pytest.mark.parametrize("count", [1, 3, 10])
def test_parts_are_the_list_and_do_not_overlap(count):
    everything = [Repository(str(number)) for number in range(7)]
    parts = [each for number in range(count) for each in shard(everything, number + 1, count)]
    assert sorted(parts, key=str) == sorted(everything, key=str)


def test_merging_the_parts_gives_the_whole(two, tmp_path):
    whole = scanned(two, tmp_path / "kept")
    assert merged([scanned([each], tmp_path / "kept") for each in reversed(two)]).found == whole.found


def test_merging_with_itself_changes_nothing(two, tmp_path):
    whole = scanned(two, tmp_path / "kept")
    assert merged([whole, whole]) == whole


def test_cluster_loses_a_worker_and_the_scan_loses_nothing(tmp_path):
    """Two workers of a Dask cluster; one is killed while it scans, and its repositories are scanned again."""
    from distributed import LocalCluster

    count = 12
    for number in range(count):
        committed(tmp_path / f"r{number}", Dockerfile=f"FROM image{number}:1\n")
    repositories = [Repository(str(tmp_path / f"r{number}")) for number in range(count)]
    killed = []
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:

        def kill(done, *_):
            if not killed:
                worker = next(iter(cluster.workers.values()))
                killed.append(worker.pid)
                os.kill(worker.pid, 9)

        address = cluster.scheduler_address.replace("tcp://", "dask://")
        found = scanned(repositories, tmp_path / "kept", start=workers.remote(address), progress=kill)
    assert len(killed) == 1
    assert sorted(str(item.reference) for item in found.found) == sorted(
        f"docker.io/library/image{number}:1" for number in range(count)
    )


def test_one_repository_goes_to_the_cluster_as_many_do(two, tmp_path):
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        address = cluster.scheduler_address.replace("tcp://", "dask://")
        found = scanned(two[:1], tmp_path / "kept", start=workers.remote(address))
        assert [prefix for prefix in cluster.scheduler.task_prefixes if prefix.startswith("scan_one")]
    assert references(found) == [(f"{two[0].name}/Dockerfile", "docker.io/library/nginx:1")]


def test_cluster_that_does_not_answer_is_told_for_one_repository_as_well(two, tmp_path):
    with socket.socket() as bound:  # and not listening, so that nothing else takes the port
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with pytest.raises(Unavailable, match="no Dask scheduler answers"):
            scanned(two[:1], tmp_path / "kept", start=workers.remote(f"dask://127.0.0.1:{port}"))


def test_repository_that_is_alone_is_read_in_many_processes(tmp_path):
    root = tmp_path / "large"
    committed(root, **{f"d{number}__Dockerfile": f"FROM nginx:{number}\n" for number in range(2_100)})
    alone = [Repository(str(root))]
    started = []

    def start():
        started.append(1)
        return workers.local(2)()

    found = scanned(alone, tmp_path / "kept", files=start)
    assert (started, len(found.occurrences)) == ([1], 2_100)


@pytest.mark.parametrize(
    "address", ["localhost:8786", "dask://host", "http://host:1", "dask://h:x", "dask://[h:1"]
)
def test_address_that_is_no_cluster_is_told(address):
    with pytest.raises(ConfigError, match="no executor"):
        workers.remote(address)
