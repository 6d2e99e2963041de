import hashlib
import os
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from planner.sources import git_command
from planner.sources.worktree import Entry, Unreadable, entries, read, revision


def write(root, **files):
    for name, content in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def git(root, *arguments):
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *identity, "-C", str(root), *arguments], check=True, capture_output=True)


def listed(root):
    return [entry.path for entry in entries(root) if not entry.problem]


def problems(root):
    return {entry.path: entry.problem for entry in entries(root) if entry.problem}


def only(root):
    (entry,) = entries(root)
    return entry


def test_git_lists_what_is_tracked_and_what_is_not_ignored(tmp_path):
    write(tmp_path, **{"tracked": "", "new": "", "ignored": "", ".gitignore": "ignored\n"})
    git(tmp_path, "init")
    git(tmp_path, "add", "tracked")
    assert listed(tmp_path) == [".gitignore", "new", "tracked"]


def test_tracked_file_that_was_deleted_is_not_there(tmp_path):
    write(tmp_path, gone="", here="")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    (tmp_path / "gone").unlink()
    assert listed(tmp_path) == ["here"]


def test_what_git_knows_is_the_same_where_no_result_is_kept(tmp_path):
    names = ("clean", "changed", "gone", "linked", "piped", "folder__clean", "replaced")
    write(tmp_path, **dict.fromkeys(names, "x"))
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    write(tmp_path, changed="longer", new="")
    for name in ("gone", "linked", "piped", "replaced"):
        (tmp_path / name).unlink()
    (tmp_path / "linked").symlink_to("clean")
    os.mkfifo(tmp_path / "piped")
    (tmp_path / "replaced").mkdir()
    looked_at = entries(tmp_path)
    assert [entry.path for entry in looked_at] == [
        "changed",
        "clean",
        "folder/clean",
        "linked",
        "new",
        "piped",
    ]
    seen = [(entry.path, entry.problem, entry.link) for entry in entries(tmp_path, identified=False)]
    assert seen == [(entry.path, entry.problem, entry.link) for entry in looked_at]


def test_walk_honours_ignore_rules_of_the_deepest_folder(tmp_path):
    write(
        tmp_path,
        **{
            ".gitignore": "*.log\n",
            "a.log": "",
            "sub__.gitignore": "!keep.log\n",
            "sub__keep.log": "",
            "sub__b.log": "",
        },
    )
    assert listed(tmp_path) == [".gitignore", "sub/.gitignore", "sub/keep.log"]


def test_walk_passes_over_what_is_no_source(tmp_path):
    write(tmp_path, node_modules__x="", Dockerfile="")
    assert listed(tmp_path) == ["Dockerfile"]


def test_folder_of_repositories_lists_each_as_git_does(tmp_path):
    write(tmp_path, **{"one__a": "", "one__junk": "", "one__.gitignore": "junk\n", "loose": ""})
    git(tmp_path / "one", "init")
    assert listed(tmp_path) == ["loose", "one/.gitignore", "one/a"]


def test_repository_inside_a_repository_is_listed(tmp_path):
    write(tmp_path, **{"outer": "", "inner__Dockerfile": ""})
    git(tmp_path, "init")
    git(tmp_path / "inner", "init")
    assert listed(tmp_path) == ["inner/Dockerfile", "outer"]


def test_ignored_folder_is_listed_when_it_is_asked_for(tmp_path):
    write(tmp_path, **{".gitignore": "build/\n", "build__Dockerfile": ""})
    git(tmp_path, "init")
    assert listed(tmp_path / "build") == ["Dockerfile"]


def test_folder_of_a_work_tree_is_listed_from_itself(tmp_path):
    write(tmp_path, sub__Dockerfile="", other="")
    git(tmp_path, "init")
    assert listed(tmp_path / "sub") == ["Dockerfile"]


def test_hook_environment_does_not_lead_elsewhere(tmp_path, monkeypatch):
    write(tmp_path, a__x="", b__y="")
    git(tmp_path / "a", "init")
    git(tmp_path / "b", "init")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "a" / ".git"))
    assert listed(tmp_path / "b") == ["y"]


def test_program_named_by_a_hostile_repository_is_not_run(tmp_path):
    write(tmp_path, x="")
    git(tmp_path, "init")
    git(tmp_path, "config", "core.fsmonitor", f"touch {tmp_path / 'ran'}; false")
    entries(tmp_path)
    assert not (tmp_path / "ran").exists()


def test_folder_that_has_become_a_link_out_of_the_tree_is_not_followed(tmp_path):
    write(tmp_path, tree__a__b__x="", elsewhere__b__x="")
    git(tmp_path / "tree", "init")
    git(tmp_path / "tree", "add", "-A")
    (tmp_path / "tree" / "a").rename(tmp_path / "moved")
    (tmp_path / "tree" / "a").symlink_to("../elsewhere")
    assert listed(tmp_path / "tree") == []
    assert list(problems(tmp_path / "tree")) == ["a"]


def test_index_of_a_hostile_repository_that_names_files_outside_is_not_followed(tmp_path):
    write(tmp_path, tree__aa__b__x="", tree__y="", other__x="")
    git(tmp_path / "tree", "init")
    git(tmp_path / "tree", "add", "-A")
    index = tmp_path / "tree" / ".git" / "index"
    content = index.read_bytes()[:-20].replace(b"aa/b/x", b"../o/x")
    index.write_bytes(content + hashlib.sha1(content).digest())
    (tmp_path / "other").rename(tmp_path / "o")
    assert listed(tmp_path / "tree") == ["aa/b/x", "y"]  # the first is not tracked any more


@pytest.mark.parametrize("setting", ["clean", "process"])
def test_filter_that_a_hostile_repository_configures_is_not_run(tmp_path, setting):
    write(tmp_path, **{"x": "1", ".gitattributes": "* filter=a=b.c"})
    git(tmp_path, "init")
    git(tmp_path, "add", "-A")
    git(tmp_path, "config", f"filter.a=b.c.{setting}", f"touch {tmp_path / 'ran'}")
    git(tmp_path, "config", "filter.a=b.c.required", "true")
    os.utime(tmp_path / "x", (0, 0))  # so that git has to look at its content
    assert listed(tmp_path) == [".gitattributes", "x"]
    assert not (tmp_path / "ran").exists()


def test_without_git_the_walk_lists(tmp_path, monkeypatch):
    write(tmp_path, x="")
    git(tmp_path, "init")
    monkeypatch.setenv("PATH", "")
    assert listed(tmp_path) == ["x"]


def test_name_with_newline_and_byte_that_is_no_utf8(tmp_path):
    name = os.fsdecode(b"a\nb\xff")
    (tmp_path / name).write_text("")
    git(tmp_path, "init")
    assert listed(tmp_path) == [name]


def test_configuration_that_includes_a_pipe_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(git_command, "_MOMENT", 1)
    write(tmp_path, tracked="")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    os.mkfifo(tmp_path / ".git" / "pipe")
    with (tmp_path / ".git" / "config").open("a") as configuration:
        configuration.write("[include]\n\tpath = pipe\n")
    assert listed(tmp_path) == ["tracked"]
    assert revision(tmp_path) == ""


def test_fifo_is_named_and_never_opened(tmp_path):
    os.mkfifo(tmp_path / "Dockerfile")
    assert problems(tmp_path) == {"Dockerfile": "a named pipe, not read"}


def test_socket_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's path is at most 108 bytes
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s")
        assert problems(tmp_path) == {"s": "a socket, not read"}


def test_link_to_itself_is_named(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    assert problems(tmp_path) == {"loop": "a symbolic link that leads back to itself"}


def test_link_to_a_folder_above_is_named_and_not_followed(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "up").symlink_to("..")
    assert problems(tmp_path) == {"sub/up": "a symbolic link to a folder that holds it: ..; not followed"}


def test_link_out_of_the_tree_is_named_and_not_followed(tmp_path):
    write(tmp_path, secret="s", tree__x="")
    (tmp_path / "tree" / "Dockerfile").symlink_to("../secret")
    assert problems(tmp_path / "tree") == {
        "Dockerfile": "a symbolic link out of the tree: ../secret; not followed"
    }


def test_link_to_nothing_is_named(tmp_path):
    (tmp_path / "Dockerfile").symlink_to("gone")
    assert problems(tmp_path) == {"Dockerfile": "a symbolic link to nothing: gone"}


def test_link_inside_the_tree_is_read(tmp_path):
    write(tmp_path, common="FROM a")
    (tmp_path / "Dockerfile").symlink_to("common")
    contents = {entry.path: read(tmp_path, entry, 100) for entry in entries(tmp_path)}
    assert contents == {"Dockerfile": b"FROM a", "common": b"FROM a"}


def test_file_over_the_limit_is_not_read(tmp_path):
    write(tmp_path, big="x" * 11)
    assert read(tmp_path, only(tmp_path), 10) == Unreadable(
        "11 bytes, over the limit of 10; raise max-file-size in [scan] to read it"
    )


@contextmanager
def somebody_else():
    """Run without the rights of root, who may read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_file_that_may_not_be_read_is_named():
    with TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        write(root, locked="x")
        (root / "locked").chmod(0)
        with somebody_else():
            assert read(root, only(root), 9) == Unreadable("cannot be read: permission denied")


def test_folder_that_may_not_be_listed_is_named():
    with TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        write(root, locked__x="")
        (root / "locked").chmod(0)
        with somebody_else():
            assert problems(root) == {"locked": "a folder that cannot be listed"}


def test_revision_is_the_commit_that_is_checked_out(tmp_path):
    write(tmp_path, x="")
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "x")
    assert len(revision(tmp_path)) == 40


def test_tree_without_commit_has_no_revision(tmp_path):
    assert revision(tmp_path) == ""


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="files of no size are Linux's")


@needs_proc
def test_a_file_that_tells_no_size_is_read():
    content = read(Path("/proc/self"), Entry("status"), 1_000_000)
    assert isinstance(content, bytes)
    assert content.startswith(b"Name:")


@needs_proc
def test_a_file_that_tells_no_size_is_read_up_to_the_limit():
    assert isinstance(read(Path("/proc/self"), Entry("status"), 10), Unreadable)


@pytest.mark.parametrize("name", ["index", "HEAD", "info/exclude", "packed-refs", "config"])
def test_file_of_git_that_is_a_pipe_is_told_and_the_tree_listed_without_git(tmp_path, name):
    write(tmp_path, tracked="")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    (tmp_path / ".git" / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / ".git" / name)
    assert listed(tmp_path) == ["tracked"]
    assert problems(tmp_path) == {f".git/{name}": "a named pipe, not read: files are listed without git"}
    assert revision(tmp_path) == ""


def test_repository_below_whose_index_is_a_pipe_is_listed_without_git(tmp_path):
    write(tmp_path, inner__tracked="")
    git(tmp_path / "inner", "init", "-q")
    os.mkfifo(tmp_path / "inner" / ".git" / "index")
    assert listed(tmp_path) == ["inner/tracked"]


def test_ignore_rules_that_are_a_pipe_are_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(git_command, "_WHILE", 1)
    write(tmp_path, file="")
    os.mkfifo(tmp_path / ".gitignore")
    assert listed(tmp_path) == ["file"]
    git(tmp_path, "init", "-q")
    assert listed(tmp_path) == ["file"]
    assert problems(tmp_path) == {".gitignore": "a named pipe, not read"}


def test_ignore_rules_without_an_end_are_not_heeded(tmp_path):
    write(tmp_path, file="")
    (tmp_path / ".gitignore").symlink_to("/dev/zero")
    assert listed(tmp_path) == ["file"]


def test_attributes_that_take_git_minutes_cost_no_file_that_is_tracked(tmp_path, monkeypatch):
    name = f"{'a' * 60}.txt"
    (tmp_path / name).write_text("")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    (tmp_path / ".gitignore").write_text("*.txt\n")  # a walk would leave it out
    (tmp_path / ".gitattributes").write_text("*a*a*a*a*a*a*a*a*b text\n" * 50)
    os.utime(tmp_path / name, (1, 1))
    monkeypatch.setattr(git_command, "_COMPARED", 0.2)
    assert name in listed(tmp_path)
