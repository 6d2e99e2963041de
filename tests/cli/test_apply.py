import pytest
from click.testing import CliRunner

from planner.cli.main import hub2ar, run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "acme-prod")
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.27\n")
    away = "".join(
        f'"{name}" = "http://127.0.0.1:9"\n'
        for name in ("docker.io", "mirror.gcr.io", "us-docker.pkg.dev", "artifactregistry.googleapis.com")
    )
    (tmp_path / "hub2ar.toml").write_text(f"[endpoints]\n{away}")
    return tmp_path


def test_without_a_plan_it_asks_and_does_nothing_on_no(folder):
    result = CliRunner().invoke(hub2ar, ["apply"], input="n\n")
    assert (result.exit_code, "Do this?" in result.output) == (1, True)


def test_without_an_answer_it_does_nothing(folder, capsys, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert run(["apply"]) == 130


def test_plan_that_is_not_there_is_exit_3(folder, capsys):
    assert run(["apply", "nowhere.json"]) == 3
    assert "hub2ar plan" in capsys.readouterr().err


def test_target_and_plan_together_are_a_usage_error(folder, capsys):
    run(["plan", "--offline"])
    assert run(["apply", "plan.json", "--location", "europe"]) == 2
