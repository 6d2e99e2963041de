"""Text is as wide as the terminal: sentences are broken, names never; in a log a sentence is one line."""

import subprocess
import sys

import pytest
from applying import ROOT
from hypothesis import given
from hypothesis import strategies as st
from terminal import seen

from planner.cli import _lines
from planner.cli.main import run

PROJECT = ["--offline", "--project", "acme-prod"]
COMMANDS = [
    ["plan", *PROJECT, "-o", "out.json"],
    ["plan", *PROJECT, "-o", "out.json", "--baseline", "plan.json"],
    ["plan", *PROJECT, "--explain", "nginx:1.27"],
    *(["show", name] for name in ("plan.json", "inventory.json", "availabilities.json", "outcomes.jsonl")),
    ["check", "--offline"],
    ["verify", "plan.json", "web", "--only", "code"],
    ["rewrite", "plan.json", "web", "--check"],
    ["doctor", "--offline"],
    ["formats", "dockerfile", "compose"],
    ["scan"],
]
OUTCOME = '{"kind":"Outcome","key":"k%s","action":"copy","subject":"a","result":"%s","bytes":999,"pulls":3}\n'


@pytest.fixture
def folder(tmp_path, capsys, monkeypatch):
    """A tree, and the documents of its migration."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "Dockerfile").write_text(
        "ARG X\nFROM nginx:1.27\nFROM redis:7\nFROM quay.io/a/b:$X\n"
    )
    (tmp_path / "outcomes.jsonl").write_text(OUTCOME % (1, "done") + OUTCOME % (2, "failed"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUB2AR_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    for words, name in ((["scan"], "inventory.json"), (["check", "--offline"], "availabilities.json")):
        assert run([*words, "web", "--output-format", "json"]) == 0
        (tmp_path / name).write_text(capsys.readouterr().out)
    assert run(["plan", *PROJECT, "inventory.json"]) == 0
    return tmp_path


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_only_what_has_a_name_in_it_is_wider_than_the_terminal(folder, words, columns):
    _, lines = seen(folder, words, columns)
    assert lines != []
    broken = (line for line in lines if "/" not in line and len(line.split()) > 1)  # a glob is one word
    assert [line for line in broken if len(line) > columns] == []


def test_notes_and_sum_of_a_plan_are_broken(folder):
    _, lines = seen(folder, COMMANDS[0], 40)
    start = next(number for number, line in enumerate(lines) if line.startswith("Plan: "))
    assert max(map(len, lines[start:])) <= 40
    assert "no registry was asked" in " ".join(line.strip() for line in lines[start:])


def test_remark_is_one_line_where_nobody_watches(folder):
    done = subprocess.run(
        [sys.executable, "-m", "planner", *COMMANDS[0]],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "COLUMNS": "40", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert any(len(line) > 40 for line in done.stderr.splitlines())


@pytest.mark.parametrize(("said", "columns"), [("200", 200), ("7", 7), ("0", 80), ("", 80), ("wide", 80)])
def test_width_is_that_of_the_environment_or_the_usual_one(monkeypatch, said, columns):
    monkeypatch.setenv("COLUMNS", said)
    assert _lines.columns() == columns


def test_terminal_that_does_not_know_its_width_has_the_usual_one(folder):
    _, lines = seen(folder, ["formats", "dockerfile"], 0)
    assert 60 < max(map(len, lines)) <= 80


@given(st.lists(st.text("ab/:.-", min_size=1, max_size=60), max_size=20), st.integers(0, 100))
def test_no_name_is_broken_and_none_is_lost(names, width):
    lines = _lines.wrapped(" ".join(names), width, "  ")
    assert " ".join(lines).split() == names
    assert all(len(line) <= max(width, 40) or len(line.split()) == 1 for line in lines)
