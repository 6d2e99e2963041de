import io
import json
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
