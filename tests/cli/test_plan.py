import json

import pytest

from planner.cli.main import run
from planner.model.document import decode
from planner.model.plan import Plan, Warm


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.27\n")
    return tmp_path


def written(folder, name="plan.json"):
    return decode((folder / name).read_bytes(), Plan, name)


def destination(folder):
    return next(str(action.destination) for action in written(folder).actions if isinstance(action, Warm))


def test_offline_plan_is_written_all_the_same(folder):
    assert run(["plan", "--offline", "--project", "acme"]) == 0
    assert destination(folder) == "us-docker.pkg.dev/acme/docker-hub/library/nginx:1.27"


def test_offline_is_said_in_one_line(folder, capsys):
    run(["plan", "--offline", "--project", "acme"])
    assert sum("offline" in line for line in capsys.readouterr().err.splitlines()) == 1


def test_flags_win_over_settings(folder):
    (folder / "hub2ar.toml").write_text(
        '[target]\nproject = "acme"\nlocation = "europe"\nrepository = "hub"\n'
    )
    run(["plan", "--offline", "--repository", "mirror"])
    assert destination(folder) == "europe-docker.pkg.dev/acme/mirror/library/nginx:1.27"


def test_project_may_come_from_the_environment(folder, monkeypatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "from-environment")
    run(["plan", "--offline"])
    assert "/from-environment/" in destination(folder)


def test_without_a_project_the_plan_says_so(folder, capsys):
    run(["plan", "--offline"])
    assert ("/unset/" in destination(folder), "no project is set" in capsys.readouterr().err) == (True, True)


def test_plan_without_a_project_is_not_applied(folder, capsys):
    run(["plan", "--offline"])
    assert run(["apply", "plan.json"]) == 2


def test_signs_of_terraform_and_a_summary(folder, capsys):
    (folder / "Dockerfile").write_text("FROM nginx:1.27\nFROM ghcr.io/a/b:1\nFROM $X\n")
    run(["plan", "--offline", "--project", "acme"])
    lines = capsys.readouterr().out.splitlines()
    assert [line[2] for line in lines if line[:2] == "  " and line[2] != " "] == ["+", "*", "~", "=", "!"]
    assert lines[-1] == (
        "Plan: 1 repository to create, 1 image to warm, 0 to copy, 1 place to rewrite, 1 to keep, "
        "1 for you to decide."
    )


def test_detailed_exit_code_tells_that_something_is_to_be_done(folder):
    assert run(["plan", "--offline", "--project", "acme", "--detailed-exitcode"]) == 10


def test_detailed_exit_code_of_a_plan_with_nothing_to_do(folder):
    (folder / "Dockerfile").write_text("FROM ghcr.io/a/b:1\n")
    assert run(["plan", "--offline", "--project", "acme", "--detailed-exitcode"]) == 0


def test_plan_goes_to_standard_output_alone(folder, capsys):
    run(["plan", "--offline", "--project", "acme", "-o", "-"])
    assert json.loads(capsys.readouterr().out)["kind"] == "Plan"


def test_plan_that_cannot_be_written_is_one_error(folder, capsys):
    assert run(["plan", "--offline", "--project", "acme", "-o", "nowhere/plan.json"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_references_alone_make_no_plan(folder, capsys):
    assert run(["plan", "nginx:1", "--offline", "--project", "acme"]) == 3


def test_hand_edited_plan_is_one_line_with_the_path_of_the_field(folder, capsys):
    run(["plan", "--offline", "--project", "acme"])
    content = json.loads((folder / "plan.json").read_text())
    content["actions"][1]["digest"] = 5
    (folder / "plan.json").write_text(json.dumps(content))
    capsys.readouterr()
    assert run(["apply", "plan.json"]) == 2
    assert "plan.json: $.actions[1].digest: expected str | null, got int" in capsys.readouterr().err
