"""What each command sends and writes: it runs where nothing else can be sent or written at all."""

import os
import shutil
from pathlib import Path

import pytest
from walled import walled

from planner import discover

ROOT = Path(__file__).parents[2]
MIRROR = {f"mirror {name}" for name in ("config", "verify", "explain", "lint")}
COMMANDS = {name for name in discover.names("planner.cli") if name not in ("main", "mirror")} | MIRROR

OWN = (".cache/hub2ar/", ".local/state/hub2ar/")  # below HOME: results of scans, and answers of registries
STANDARD = "--project acme-prod --mode standard --repository copies"

# what is run, in the order of a migration; its exit code, and what it writes beside what is its own
SCRIPTS = {
    "hub2ar scan --output-format json > inventory.json": (0, "inventory.json"),
    "hub2ar explain services/web/Dockerfile:19": (0, ""),
    "hub2ar formats": (0, ""),
    "hub2ar check inventory.json --output-format json > found.json": (0, "found.json"),
    "hub2ar doctor || test $? = 10": (0, ""),  # this machine may well have something to find
    "hub2ar plan inventory.json found.json --project acme-prod": (0, "plan.json"),
    "hub2ar show plan.json": (0, ""),
    "hub2ar export terraform -o out/": (0, "out/hub2ar.tf"),
    "hub2ar apply plan.json --outcomes done.jsonl": (0, "done.jsonl"),
    "hub2ar verify plan.json --only destinations": (0, ""),
    "hub2ar report plan.json done.jsonl --output-format html -o page.html": (0, "page.html"),
    "hub2ar merge done.jsonl > merged.jsonl": (0, "merged.jsonl"),
    "hub2ar rewrite plan.json --diff --unverified > move.patch": (0, "move.patch"),
    f"hub2ar plan inventory.json found.json {STANDARD} -o copies.json": (0, "copies.json"),
    "hub2ar apply copies.json --only repositories": (0, ""),
    "hub2ar copy nginx:1.27.2-alpine us-docker.pkg.dev/acme-prod/copies/nginx:1": (0, ""),
    "hub2ar rehearse .": (0, ""),
    "hub2ar mirror config docker": (0, ""),
    """echo '{"ServerVersion": "28.2"}' | hub2ar mirror verify -""": (10, ""),
    "hub2ar mirror explain nginx:1.27": (0, ""),
    "hub2ar mirror lint .": (10, ""),
    "hub2ar completion bash": (0, ""),
}


@pytest.fixture(scope="module")
def walls(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    tree = home / "tree"
    shutil.copytree(ROOT / "examples" / "storefront", tree)
    with walled(home, tree) as opened:
        (tree / "hub2ar.toml").write_text(opened.settings('[target]\nproject = "acme-prod"\n'))
        yield opened


def state(home):
    """Every file below a folder, with what tells whether it was written."""
    found = {}
    for place, _, names in os.walk(home):
        for name in names:
            path = Path(place, name)
            seen = path.lstat()
            found[str(path.relative_to(home))] = (seen.st_ino, seen.st_size, seen.st_mtime_ns)
    return found


def test_every_command_is_run_here():
    run = " ".join(f"{script} " for script in SCRIPTS)
    assert [name for name in COMMANDS if f"hub2ar {name} " not in run] == []


def test_nothing_can_be_sent_but_to_this_machine(walls):
    script = "python -c 'import socket; socket.create_connection((\"192.0.2.1\", 443))'"
    assert "Network is unreachable" in walls.run(script, walls.home).err


def test_nothing_can_be_written_elsewhere(walls, tmp_path):
    for folder in (tmp_path, ROOT, "/dev/shm", "/var/tmp", Path.home()):
        assert "Read-only file system" in walls.run(f"touch '{folder}/x'", walls.home).err


@pytest.mark.parametrize("script", SCRIPTS)
def test_command_needs_no_other_host_and_writes_only_where_it_is_said_to(walls, script):
    code, written = SCRIPTS[script]
    before = state(walls.home)
    done = walls.run(script, walls.home / "tree")
    after = state(walls.home)
    changed = {name for name, seen in after.items() if before.get(name) != seen}
    assert (done.code, "Traceback" in done.err) == (code, False), done.err
    changed = {name for name in changed if not name.startswith(OWN)}
    assert changed == {f"tree/{name}" for name in written.split()}
    assert before.keys() - after.keys() == set()


def test_what_hub2ar_keeps_for_itself_can_be_left_out(walls):
    before = state(walls.home)
    for words in ("scan --no-cache", "check --no-history node:20.18.1-alpine"):
        assert walls.run(f"hub2ar {words}", walls.home / "tree").code == 0
    assert state(walls.home) == before
