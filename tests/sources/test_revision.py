import os
import subprocess

import pytest
from repository import committed, git, write

from planner.config import ScanSettings
from planner.errors import SourceError
from planner.scan import Place, scan_places
from planner.sources import _blobs, git_command
from planner.sources.revision import resolve
from planner.sources.tree import Unreadable


def contents(revision, *paths, limit=10**6):
    entries = [entry for entry in revision.entries() if entry.path in paths]
    return list(revision.contents(entries, limit))


def paths(revision):
    return [entry.path for entry in revision.entries() if not entry.problem]


def problems(revision):
    return {entry.path: entry.problem for entry in revision.entries() if entry.problem}


def references(revision):
    return [
        str(item.reference)
        for item in scan_places([Place(revision, "r")], ScanSettings(select=("dockerfile",))).occurrences
    ]


def test_commit_is_read_and_not_what_is_checked_out(tmp_path):
    first = committed(tmp_path, Dockerfile="FROM nginx:1\n")
    committed(tmp_path, Dockerfile="FROM nginx:2\n")
    write(tmp_path, Dockerfile="FROM nginx:3\n")
    assert references(resolve(tmp_path, first)) == ["docker.io/library/nginx:1"]


def test_bare_repository_is_read(tmp_path):
    committed(tmp_path / "work", a__Dockerfile="FROM nginx:1\n")
    git(tmp_path, "clone", "-q", "--bare", "work", "bare.git")
    assert references(resolve(tmp_path / "bare.git", "main")) == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize("name", ["main", "HEAD", "v1", "HEAD~0"])
def test_revision_has_many_names(tmp_path, name):
    commit = committed(tmp_path, a="")
    git(tmp_path, "tag", "v1")
    assert resolve(tmp_path, name).commit == commit


@pytest.mark.parametrize("name", ["nowhere", "--output=/tmp/x", "main:a", ""])
def test_name_that_is_no_commit_is_told(tmp_path, name):
    committed(tmp_path, a="")
    with pytest.raises(SourceError, match="has no revision"):
        resolve(tmp_path, name)


def test_folder_without_repository_is_told(tmp_path):
    with pytest.raises(SourceError, match="no git repository"):
        resolve(tmp_path, "HEAD")


def test_bytes_are_those_of_the_commit(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a").write_bytes(b"\x00\r\n\xff")
    committed(tmp_path, b="two\n")
    assert contents(resolve(tmp_path, "HEAD"), "x/a", "b") == [b"two\n", b"\x00\r\n\xff"]


def test_blob_over_the_limit_is_not_kept_and_the_next_one_is_read(tmp_path):
    committed(tmp_path, a="x" * 300_000, b="b")
    large, small = contents(resolve(tmp_path, "HEAD"), "a", "b", limit=1000)
    assert (isinstance(large, Unreadable), small) == (True, b"b")


def test_link_to_a_file_of_the_commit_is_that_file(tmp_path):
    write(tmp_path, a__real="FROM nginx:1\n")
    (tmp_path / "Dockerfile").symlink_to("a/real")
    committed(tmp_path)
    assert references(resolve(tmp_path, "HEAD")) == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("/etc/passwd", "out of the tree"),
        ("../x", "out of the tree"),
        ("gone", "to nothing"),
        ("l", "itself"),
    ],
)
def test_link_that_leads_nowhere_is_told(tmp_path, target, said):
    (tmp_path / "l").symlink_to(target)
    committed(tmp_path, a="")
    assert said in problems(resolve(tmp_path, "HEAD"))["l"]


def test_names_are_kept_byte_for_byte(tmp_path):
    committed(tmp_path, **{'quo"te\n': "", "ä": ""})
    assert paths(resolve(tmp_path, "HEAD")) == ['quo"te\n', "ä"]


def test_one_process_reads_all_blobs(tmp_path, monkeypatch):
    committed(tmp_path, **{f"f{n}": str(n) for n in range(50)})
    revision = resolve(tmp_path, "HEAD")
    entries = revision.entries()
    started = []
    real = subprocess.Popen

    def counted(*arguments, **options):
        started.append(arguments)
        return real(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", counted)
    read = list(revision.contents(entries, 100))
    batches = [each for each in started if "--batch" in each[0]]
    assert (len(read), len(batches)) == (50, 1)


def remove(root, name):
    """Remove an object from a repository that says its remote has it."""
    blob = git(root, "rev-parse", name)
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for setting, value in (
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", root.as_uri()),
        ("core.repositoryformatversion", "1"),
    ):
        git(root, "config", setting, value)


@pytest.mark.parametrize("name", ["HEAD:f", "HEAD:g"])
@pytest.mark.parametrize(
    ("setting", "url"),
    [
        ("remote.origin.uploadpack", "file:///tmp"),
        ("core.sshCommand", "ssh://127.0.0.1/x"),
        ("core.gitProxy", "git://127.0.0.1/x"),
        ("credential.helper", "https://127.0.0.1:1/x"),
    ],
)
def test_program_by_which_a_hostile_repository_would_be_fetched_is_not_run(tmp_path, name, setting, url):
    committed(tmp_path, f="content", g__h="more")
    revision = resolve(tmp_path, "HEAD")
    remove(tmp_path, name)
    git(tmp_path, "config", "remote.origin.url", url)
    git(tmp_path, "config", setting, f"touch {tmp_path / 'ran'};")
    try:
        contents(revision, "f", "g/h")
    except SourceError:
        assert name == "HEAD:g"
    assert not (tmp_path / "ran").exists()


def test_commit_of_which_a_tree_is_missing_is_told(tmp_path):
    committed(tmp_path, f="content", g__h="more")
    revision = resolve(tmp_path, "HEAD")
    remove(tmp_path, "HEAD:g")
    with pytest.raises(SourceError, match="cannot be listed"):
        revision.entries()


def test_git_that_is_not_installed_is_told(tmp_path, monkeypatch):
    committed(tmp_path, f="content")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceError, match="needs git"):
        resolve(tmp_path, "HEAD")


def _include(root, target):
    with (root / ".git" / "config").open("a") as configuration:
        configuration.write(f"[include]\n\tpath = {target}\n")


def test_configuration_that_includes_a_pipe_is_told_and_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(git_command, "_MOMENT", 1)
    committed(tmp_path, f="content")
    os.mkfifo(tmp_path / ".git" / "pipe")
    _include(tmp_path, "pipe")
    with pytest.raises(SourceError, match="git has waited 1 seconds for the settings of") as raised:
        resolve(tmp_path, "HEAD")
    assert "a pipe" in raised.value.hint


def test_configuration_that_includes_a_device_without_an_end_is_told(tmp_path):
    committed(tmp_path, f="content")
    _include(tmp_path, "/dev/zero")
    with pytest.raises(SourceError, match="is no git repository"):
        resolve(tmp_path, "HEAD")


def test_repository_whose_settings_cannot_be_read_is_not_fetched(tmp_path, monkeypatch):
    monkeypatch.setattr(git_command, "_MOMENT", 1)
    committed(tmp_path, f="content")
    os.mkfifo(tmp_path / ".git" / "pipe")
    _include(tmp_path, "pipe")
    assert git_command.fetches_by_program(tmp_path)


def _loose(root, name):
    """Return the file of an object, by its name."""
    blob = git(root, "rev-parse", name)
    return root / ".git" / "objects" / blob[:2] / blob[2:]


def _piped(path):
    path.unlink(missing_ok=True)
    os.mkfifo(path)


@pytest.mark.parametrize("name", ["HEAD:f", "HEAD^{tree}", "HEAD"])
def test_object_that_is_a_pipe_is_told_and_not_waited_for(tmp_path, name):
    committed(tmp_path, f="content", g="more")
    _piped(_loose(tmp_path, name))
    with pytest.raises(SourceError, match="is no plain file, and git would wait for it"):
        resolve(tmp_path, "HEAD")


def test_pack_that_is_a_link_to_a_pipe_is_told(tmp_path):
    committed(tmp_path, f="content")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / ".git" / "objects" / "pack" / "pack-1.idx").symlink_to(tmp_path / "pipe")
    with pytest.raises(SourceError, match=r"pack-1\.idx' is no plain file"):
        resolve(tmp_path, "HEAD")


def test_pipe_among_the_objects_that_another_repository_lends_is_told(tmp_path):
    committed(tmp_path / "lender", f="content")
    git(tmp_path, "clone", "-q", "--shared", "lender", "borrower")
    _piped(_loose(tmp_path / "lender", "HEAD:f"))
    with pytest.raises(SourceError, match="is no plain file"):
        resolve(tmp_path / "borrower", "HEAD")


def test_repositories_that_lend_each_other_objects_are_looked_at_once_or_a_few_times(tmp_path):
    committed(tmp_path, f="content")
    (tmp_path / ".git" / "objects" / "info" / "alternates").write_text(f"{tmp_path}/.git/objects\n" * 3)
    assert contents(resolve(tmp_path, "HEAD"), "f") == [b"content"]


def test_git_that_falls_silent_is_given_up_and_told_for_each_file(tmp_path, monkeypatch):
    monkeypatch.setattr(_blobs, "_SILENCE", 1)
    committed(tmp_path, e="first", f="content", g="more")
    revision = resolve(tmp_path, "HEAD")
    looked_at = revision.entries()
    _piped(_loose(tmp_path, "HEAD:f"))  # after it was looked for
    found = list(revision.contents(looked_at, 10**6))
    assert found[0] == b"first"
    assert all("has not answered for 1 seconds" in each.reason for each in found[1:])


def test_blobs_of_any_size_are_read_whole(tmp_path):
    sizes = {f"f{size}": size for size in (0, 1, 65_535, 65_536, 65_537, 300_000)}
    committed(tmp_path, **{name: "x" * size for name, size in sizes.items()})
    revision = resolve(tmp_path, "HEAD")
    read = revision.contents(revision.entries(), 10**6)
    assert {entry.path: len(each) for entry, each in zip(revision.entries(), read, strict=True)} == sizes
