import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from repository import committed, git

from planner.config import ScanSettings
from planner.errors import SourceError
from planner.scan import Place, scan_places
from planner.sources import locking
from planner.sources.clone import fetched, is_url, redacted, short_name
from planner.sources.locking import alone


@pytest.fixture
def remote(tmp_path):
    """A repository that lets clones leave blobs out, by its URL."""
    root = tmp_path / "remote"
    root.mkdir()
    committed(root, Dockerfile="FROM nginx:1\n", huge__data="x" * 100_000)
    git(root, "config", "uploadpack.allowFilter", "true")
    git(root, "config", "uploadpack.allowAnySHA1InWant", "true")
    return f"file://{root}"


def references(revision):
    return [
        str(item.reference)
        for item in scan_places([Place(revision, "r")], ScanSettings(select=("dockerfile",))).occurrences
    ]


def blobs(repository):
    listed = git(repository, "cat-file", "--batch-all-objects", "--batch-check", "--unordered")
    return [line for line in listed.splitlines() if " blob " in line]


def test_remote_repository_is_read(remote, tmp_path):
    assert references(fetched(remote, "", tmp_path / "kept")) == ["docker.io/library/nginx:1"]


def test_only_blobs_that_are_read_are_fetched(remote, tmp_path):
    revision = fetched(remote, "", tmp_path / "kept")
    before = len(blobs(revision.repository))
    references(revision)
    assert (before, len(blobs(revision.repository))) == (0, 1)


def test_second_fetch_sees_what_is_new(remote, tmp_path):
    fetched(remote, "", tmp_path / "kept")
    committed(Path(remote.removeprefix("file://")), Dockerfile="FROM nginx:2\n")
    assert references(fetched(remote, "", tmp_path / "kept")) == ["docker.io/library/nginx:2"]


def test_what_a_killed_fetch_left_does_not_stop_the_next_one(remote, tmp_path):
    place = fetched(remote, "", tmp_path / "kept").repository
    left = [place / name for name in ("shallow.lock", "config.lock", "objects/pack/tmp_pack_x")]
    left += [each.with_name(f"{each.name}.lock") for each in (place / "refs" / "hub2ar").iterdir()]
    for each in left:
        each.write_bytes(b"half")
    committed(Path(remote.removeprefix("file://")), Dockerfile="FROM nginx:2\n")
    assert references(fetched(remote, "", tmp_path / "kept")) == ["docker.io/library/nginx:2"]
    assert [each for each in left if each.exists()] == []


def test_scans_that_want_a_remote_repository_at_once_all_read_it(remote, tmp_path):
    def read(_):
        return references(fetched(remote, "", tmp_path / "kept"))

    with ThreadPoolExecutor(4) as executor:
        assert list(executor.map(read, range(4))) == [["docker.io/library/nginx:1"]] * 4


def test_fetch_that_goes_on_without_its_scan_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(locking, "PATIENCE", 0)
    with alone(tmp_path / "lock") as lock:
        going_on = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=(lock,))
    with going_on, pytest.raises(TimeoutError), alone(tmp_path / "lock"):
        pass
    with alone(tmp_path / "lock"):
        pass


def test_revision_of_a_remote_repository(remote, tmp_path):
    root = Path(remote.removeprefix("file://"))
    git(root, "tag", "v1")
    committed(root, Dockerfile="FROM nginx:2\n")
    assert references(fetched(remote, "v1", tmp_path / "kept")) == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize("url", ["file:///nowhere/at/all", "https://user:secret@127.0.0.1:1/x.git"])
def test_remote_that_does_not_answer_is_told_without_credentials(url, tmp_path):
    with pytest.raises(SourceError) as told:
        fetched(url, "", tmp_path)
    assert "cannot be fetched" in told.value.message
    assert "secret" not in told.value.message


def test_place_that_cannot_be_written_is_told_with_where_else(remote, tmp_path):
    (tmp_path / "kept").touch()
    with pytest.raises(SourceError, match=r"cannot be fetched: .*kept") as told:
        fetched(remote, "", tmp_path / "kept")
    assert "HUB2AR_CACHE_DIR" in told.value.hint


def test_advice_of_git_is_not_the_reason(tmp_path):
    with pytest.raises(SourceError) as told:
        fetched("ssh://127.0.0.1:1/x", "", tmp_path)
    assert "fatal: Could not read from remote repository" in told.value.message
    assert "and the repository exists" not in told.value.message


def test_transport_that_runs_commands_is_refused(tmp_path):
    with pytest.raises(SourceError, match="not allowed"):
        fetched(f"ext::sh -c 'touch% {tmp_path}/made'", "", tmp_path / "kept")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://github.com/org/repo.git", "github.com/org/repo"),
        ("https://token@github.com/org/repo", "github.com/org/repo"),
        ("git@github.com:org/repo.git", "github.com/org/repo"),
        ("ssh://git@host:22/x", "host:22/x"),
    ],
)
def test_name_of_a_remote(text, name):
    assert (is_url(text), short_name(text)) == (True, name)


@pytest.mark.parametrize("text", ["../backend", "/srv/git/a.git", "a/b", "C:/x"])
def test_path_is_no_url(text):
    assert not is_url(text)


def test_credentials_are_cut_out():
    assert redacted("https://user:pa@ss@host/x?token=1") == "https://host/x"
