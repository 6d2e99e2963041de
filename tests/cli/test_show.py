import pytest

from planner.cli.main import run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.27\n")
    return tmp_path


def test_plan_is_shown_as_it_was_planned(folder, capsys):
    run(["plan", "--offline", "--project", "acme"])
    planned = capsys.readouterr().out
    run(["show", "plan.json"])
    assert capsys.readouterr().out == planned


def test_inventory_is_shown(folder, capsys):
    run(["scan", "--output-format", "json"])
    (folder / "i.json").write_text(capsys.readouterr().out)
    assert run(["show", "i.json"]) == 0
    assert capsys.readouterr().out.startswith("Dockerfile:1: docker.io/library/nginx:1.27")


def test_availabilities_are_shown(folder, capsys):
    run(["check", "--offline", "--output-format", "json"])
    (folder / "a.json").write_text(capsys.readouterr().out)
    assert run(["show", "a.json"]) == 0
    assert capsys.readouterr().out.startswith("unknown ")


def test_what_is_no_document_is_one_error(folder, capsys):
    (folder / "x.json").write_text("{}")
    assert run(["show", "x.json"]) == 2


def test_file_that_is_not_there_is_exit_3(folder, capsys):
    assert run(["show", "nowhere.json"]) == 3
