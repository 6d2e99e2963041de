import io
import json
import os
import sys

import pytest

from planner.cli.main import run
from planner.model.document import decode
from planner.model.inventory import Inventory


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.27 AS web\nFROM alpine:$V\n")
    return tmp_path


def lines(capsys, *arguments):
    assert run(["scan", *arguments, "--output-format", "jsonl"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_line_of_an_occurrence(folder, capsys):
    assert lines(capsys)[0] == {
        "kind": "Occurrence",
        "path": "Dockerfile",
        "line": 1,
        "column": 6,
        "format": "dockerfile",
        "role": "base",
        "reference": "docker.io/library/nginx:1.27",
        "text": "nginx:1.27",
        "confidence": "certain",
        "fragments": [
            {"part": "name", "start": 5, "end": 10, "text": "nginx"},
            {"part": "tag", "start": 11, "end": 15, "text": "1.27"},
        ],
        "trail": [],
        "fixture": False,
        "namesakes": [],
    }


def test_line_of_what_is_not_known(folder, capsys):
    found = lines(capsys)[1]
    assert {name: found[name] for name in ("kind", "path", "line", "format", "text")} == {
        "kind": "Unresolved",
        "path": "Dockerfile",
        "line": 2,
        "format": "dockerfile",
        "text": "alpine:$V",
    }


def test_json_is_an_inventory(folder, capsys):
    run(["scan", "--output-format", "json"])
    document = decode(capsys.readouterr().out.encode(), Inventory, "stdout")
    assert [str(each) for each in document.references()] == ["docker.io/library/nginx:1.27"]


def test_text_is_a_line_a_finding_and_a_summary_beside_it(folder, capsys):
    run(["scan"])
    output = capsys.readouterr()
    assert output.out.splitlines()[0] == "Dockerfile:1: docker.io/library/nginx:1.27  (base)"
    assert "1 distinct reference in 1 place" in output.err


def test_standard_input_is_read(folder, capsys, monkeypatch):
    pod = b"apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: redis:7}]}\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pod)))
    assert [line["reference"] for line in lines(capsys, "-")] == ["docker.io/library/redis:7"]


def test_inventory_is_read_again(folder, capsys):
    run(["scan", "--output-format", "json"])
    (folder / "inventory.json").write_text(capsys.readouterr().out)
    assert [line["kind"] for line in lines(capsys, "inventory.json")] == ["Occurrence", "Unresolved"]


def test_path_that_does_not_exist_is_exit_3(folder, capsys):
    assert run(["scan", "nowhere"]) == 3
    assert capsys.readouterr().err.startswith("error: 'nowhere' does not exist\nhint: ")


def test_escape_sequence_in_a_file_does_not_reach_the_terminal(folder, capsys):
    (folder / "Dockerfile").write_text("FROM $A\x1b[2J\n")
    run(["scan"])
    output = capsys.readouterr()
    assert "\x1b" not in output.out + output.err


def test_tree_without_images_is_no_error(folder, capsys):
    (folder / "Dockerfile").unlink()
    assert lines(capsys) == []


@pytest.fixture
def tree(tmp_path, monkeypatch):
    for name, text in {
        "Dockerfile": "FROM nginx:1\n",
        "compose.yaml": "services: {a: {image: redis:7}}\n",
        "testdata/Dockerfile": "FROM busybox:1\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hub2ar.toml").write_text('[scan]\nselect = ["dockerfile", "compose"]\n')
    return tmp_path


def names(capsys, *arguments):
    run(["scan", *arguments, "--output-format", "jsonl"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line["reference"].partition("library/")[2] for line in lines if line["kind"] == "Occurrence"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["nginx:1", "redis:7", "busybox:1"]),
        (["--select", "compose"], ["redis:7"]),
        (["--ignore", "compose"], ["nginx:1", "busybox:1"]),
        (["--include", "*.yaml"], ["redis:7"]),
        (["--include", "[a-c]ompose.yaml"], ["redis:7"]),
        (["--include", "[!c]*"], ["nginx:1", "busybox:1"]),
        (["--include", "[z-a]*"], []),
        (["--include", "[[&&--"], []),
        (["--include", "[[&&~~||]*"], []),
        (["--exclude", "testdata/**", "--exclude", "compose.yaml"], ["nginx:1"]),
    ],
)
def test_what_is_read_can_be_chosen(tree, capsys, arguments, expected):
    assert names(capsys, *arguments) == expected


def test_glob_that_finds_nothing_is_a_note(tree, capsys):
    assert run(["scan", "--include", "Dockrfile"]) == 0
    assert "note: nothing is found in paths like 'Dockrfile'" in capsys.readouterr().err


def test_format_that_does_not_exist_is_told_with_the_nearest(tree, capsys):
    assert run(["scan", "--select", "compsoe"]) == 2
    assert "did you mean 'compose'?" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "planned"), [([], False), (["--plan-fixtures"], True)])
def test_fixture_of_a_test_is_listed_and_planned_only_when_asked(tree, capsys, arguments, planned):
    run(["scan", *arguments, "--output-format", "json"])
    inventory = decode(capsys.readouterr().out.encode(), Inventory, "x")
    assert len(inventory.occurrences) == 3
    assert any(item.path == "testdata/Dockerfile" for item in inventory.pulled) is planned


def test_revision_is_read_instead_of_the_files(tree, capsys):
    from repository import committed

    committed(tree)
    (tree / "Dockerfile").write_text("FROM changed\n")
    assert names(capsys, "--revision", "HEAD") == ["nginx:1", "redis:7", "busybox:1"]


def test_bare_repository_is_read_at_its_head(tree, capsys, tmp_path_factory):
    from repository import committed, git

    committed(tree)
    bare = tmp_path_factory.mktemp("bare") / "x.git"
    git(tree, "clone", "-q", "--bare", str(tree), str(bare))
    assert names(capsys, str(bare)) == ["nginx:1", "redis:7", "busybox:1"]


@pytest.mark.parametrize(
    ("arguments", "code"), [([""], 3), (["--revision", ""], 1), (["--repositories", ""], 3)]
)
def test_variable_of_a_script_that_is_empty_is_told(tree, capsys, arguments, code):
    from repository import committed

    committed(tree)
    assert run(["scan", *arguments]) == code
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (os.mkfifo, "a named pipe, not read"),
        (lambda path: path.symlink_to(path), "cannot be read: "),
        (lambda path: path.symlink_to("/dev/null"), "a device, not read"),
    ],
)
def test_path_that_is_no_plain_file_is_told(tree, capsys, make, reason):
    make(tree / "odd")
    assert run(["scan", "odd"]) == 0
    assert f"odd:1: {reason}" in capsys.readouterr().out


def test_list_of_repositories(tree, capsys):
    (tree / "list").write_text(".\n./gone\n")
    assert names(capsys, "--repositories", "list") == ["nginx:1", "redis:7", "busybox:1"]


def test_part_of_a_list(tree, capsys):
    (tree / "list").write_text("./gone\n.\n")
    assert names(capsys, "--repositories", "list", "--shard", "1/2") == []


@pytest.mark.parametrize(
    "arguments", [["--shard", "1/2"], ["--repositories", "list", "x"], ["--executor", "dask://h:1"]]
)
def test_options_that_do_not_go_together_are_told(tree, capsys, arguments):
    assert run(["scan", *arguments]) == 2
    assert "hint:" in capsys.readouterr().err


def test_second_scan_is_the_same(tree, capsys):
    assert names(capsys) == names(capsys)


def test_cache_that_cannot_be_written_is_a_note(tree, capsys, monkeypatch):
    monkeypatch.setenv("HUB2AR_CACHE_DIR", str(tree / "Dockerfile" / "x"))
    assert run(["scan"]) == 0
    assert "note: results are not kept" in capsys.readouterr().err
