import io
import json
import sys

import pytest

from planner.cli.main import run


@pytest.fixture
def parts(tmp_path, capsys):
    """Inventories of two trees, as files."""
    found = []
    for name, image in (("a", "nginx:1"), ("b", "redis:7")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "Dockerfile").write_text(f"FROM {image}\n")
        run(["scan", str(tmp_path / name), "--select", "dockerfile", "--output-format", "json"])
        file = tmp_path / f"{name}.json"
        file.write_text(capsys.readouterr().out)
        found.append(file)
    return found


def references(text):
    return sorted(item["reference"] for item in json.loads(text)["found"])


BOTH = ["docker.io/library/nginx:1", "docker.io/library/redis:7"]


def test_part_that_is_not_there_is_told_with_what_writes_one(capsys):
    assert run(["merge", "nowhere.json"]) == 3
    assert "hint: `hub2ar scan` writes one" in capsys.readouterr().err


def test_pipe_that_gives_nothing_is_told_with_what_writes_something(parts, capsys, monkeypatch):
    for arguments in (["-"], [str(parts[0]), "-"]):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b" \n")))
        assert run(["merge", *arguments]) == 3
        output = capsys.readouterr()
        assert output.out == ""
        assert output.err == (
            "error: standard input is empty\n"
            "hint: `hub2ar scan --output-format json` writes an inventory, `hub2ar apply` outcomes\n"
        )


def test_records_of_tasks_that_had_nothing_to_do_are_no_error(tmp_path, capsys):
    (tmp_path / "a.jsonl").write_text("")
    assert run(["merge", str(tmp_path / "a.jsonl")]) == 0
    assert capsys.readouterr().err == "0 outcomes: nothing to do (0 B moved)\n"


def test_parts_become_one_inventory(parts, capsys):
    assert run(["merge", *map(str, parts)]) == 0
    assert references(capsys.readouterr().out) == BOTH


def test_parts_that_stand_one_after_another_in_a_pipe(parts, capsys, monkeypatch):
    content = b"".join(part.read_bytes() for part in parts)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert run(["merge", "-"]) == 0
    assert references(capsys.readouterr().out) == BOTH


def test_file_that_is_no_inventory_is_told_with_its_name(parts, tmp_path, capsys):
    (tmp_path / "x.json").write_text("{}")
    assert run(["merge", str(parts[0]), str(tmp_path / "x.json")]) == 2
    assert "x.json" in capsys.readouterr().err


def test_torn_file_is_told(parts, tmp_path, capsys):
    (tmp_path / "x.json").write_bytes(parts[0].read_bytes()[:100])
    assert run(["merge", str(tmp_path / "x.json")]) == 2
    assert "not JSON" in capsys.readouterr().err


COPIED = '{"kind":"Outcome","key":"k1","action":"copy","subject":"a","result":"%s"}\n'


def test_outcomes_of_many_tasks_become_one_for_each_action(tmp_path, capsys):
    (tmp_path / "a.jsonl").write_text(COPIED % "failed")
    (tmp_path / "b.jsonl").write_text(COPIED % "done" + COPIED.replace("k1", "k2") % "present")
    assert run(["merge", f"{tmp_path}/a.jsonl", f"{tmp_path}/b.jsonl"]) == 0
    output = capsys.readouterr()
    assert [json.loads(line)["result"] for line in output.out.splitlines()] == ["done", "present"]
    assert "2 outcomes: 1 done, 1 present" in output.err


def test_outcomes_of_an_object_store_are_merged_by_its_url(tmp_path, capsys):
    (tmp_path / "1-0.jsonl").write_text(COPIED % "done")
    (tmp_path / "2-0.jsonl").write_text("")
    assert run(["merge", f"file://{tmp_path}"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_torn_line_is_left_out_and_told(tmp_path, capsys):
    (tmp_path / "a.jsonl").write_text(COPIED % "done" + '{"kind":"Outc')
    assert run(["merge", f"{tmp_path}/a.jsonl"]) == 0
    output = capsys.readouterr()
    assert len(output.out.splitlines()) == 1
    assert "a.jsonl:2: a line without an end is left out" in output.err


def test_outcomes_and_inventories_are_not_merged(parts, tmp_path, capsys):
    (tmp_path / "a.jsonl").write_text(COPIED % "done")
    assert run(["merge", f"{tmp_path}/a.jsonl", str(parts[0])]) == 2
    assert "merge those and these apart" in capsys.readouterr().err
