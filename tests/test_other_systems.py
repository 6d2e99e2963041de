"""What only some systems have is asked for where it is there: flags, signals, locks, owners of files."""

import subprocess
import sys
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from planner.sources import locking

ROOT = Path(__file__).parents[1]
LACKING = """
import os, signal, sys

for name in ("O_NOFOLLOW", "O_NONBLOCK", "fchmod", "fchown", "getuid", "geteuid", "mkfifo"):
    delattr(os, name)
for name in ("SIGHUP", "pthread_sigmask", "setitimer", "SIGALRM"):
    delattr(signal, name)
for name in ("fcntl", "grp", "pwd", "resource", "termios", "tty", "pty"):
    sys.modules[name] = None
"""
IMPORTING = """
import importlib, pkgutil
import planner, reports
found = [name for each in (planner, reports)
         for name in (found.name for found in pkgutil.walk_packages(each.__path__, f"{each.__name__}."))]
for name in found:
    if name not in ("planner.scanning._dask", "planner.__main__"):
        importlib.import_module(name)
print(len(found) > 500)
"""
RUNNING = """
import json
from planner.__main__ import main
sys.argv = ["hub2ar", *json.loads(sys.argv[1])]
main()
"""


def python(folder, code, *arguments):
    """Run Python without what other systems lack."""
    return subprocess.run(
        [sys.executable, "-c", LACKING + code, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_module_can_be_imported(tmp_path):
    done = python(tmp_path, IMPORTING)
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_tree_is_scanned_and_a_plan_is_made(tmp_path):
    (tmp_path / "Dockerfile").write_bytes(b"FROM nginx:1.27\r\n")
    done = python(tmp_path, RUNNING, '["scan", "."]')
    assert (done.returncode, done.stdout) == (0, "Dockerfile:1: docker.io/library/nginx:1.27  (base)\n")
    done = python(tmp_path, RUNNING, '["plan", "--offline", "--project", "acme-prod", "."]')
    assert (done.returncode, (tmp_path / "plan.json").exists()) == (0, True)


def test_lock_is_that_of_windows_there(monkeypatch):
    asked = []

    def lock(descriptor, mode, count):
        asked.append((descriptor, mode, count))
        if len(asked) > 1:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(LK_NBLCK=2, locking=lock))
    assert (locking.exclusive(7), locking.exclusive(7)) == (True, False)
    assert asked == [(7, 2, 1), (7, 2, 1)]


def test_lock_is_held_by_one_until_its_file_is_closed(tmp_path):
    with (tmp_path / "lock").open("wb") as first:
        assert locking.exclusive(first.fileno())
        with (tmp_path / "lock").open("wb") as second:
            assert not locking.exclusive(second.fileno())
    with (tmp_path / "lock").open("wb") as third:
        assert locking.exclusive(third.fileno())


@pytest.mark.parametrize("glob", [r"services\web\*", r"services\**\Dockerfile", "services/web/*"])
def test_glob_of_either_kind_means_the_same_in_settings(tmp_path, glob):
    (tmp_path / "services" / "web").mkdir(parents=True)
    (tmp_path / "services" / "web" / "Dockerfile").write_text("FROM nginx:1.27\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "Dockerfile").write_text("FROM redis:7\n")
    (tmp_path / "hub2ar.toml").write_text(f"[scan]\ninclude = ['{glob}']\n")
    done = subprocess.run(
        [sys.executable, "-m", "planner", "scan", "."],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "services/web/Dockerfile:1: docker.io/library/nginx:1.27  (base)\n"


def test_path_of_a_drive_is_no_url_and_no_reference(tmp_path):
    for place in (r"C:\work\web", "C:/work/web", str(PureWindowsPath("C:/work") / "web")):
        done = subprocess.run(
            [sys.executable, "-m", "planner", "check", "--offline", place],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "is neither a file, a directory nor a reference" in done.stderr) == (3, True)
